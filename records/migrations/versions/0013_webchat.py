"""The order in which chats that fetch their messages were shown them."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this version."""
    op.create_table(
        "pulled_entries",
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_pulled_entries_conversation_id_conversations")
        ),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name=op.f("fk_pulled_entries_message_id_messages")),
        sa.PrimaryKeyConstraint("conversation_id", "number", name=op.f("pk_pulled_entries")),
        sa.UniqueConstraint("message_id", name=op.f("uq_pulled_entries_message_id")),
    )
