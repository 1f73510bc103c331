"""Files that staff send: a file may belong to a message of ours, and is looked through before it goes out."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

DUE = "status IN ('waiting', 'unscanned') AND (inbox_id IS NOT NULL OR message_id IS NOT NULL)"


def upgrade() -> None:
    """Bring the tables to this version."""
    op.add_column("media", sa.Column("message_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(op.f("fk_media_message_id_messages"), "media", "messages", ["message_id"], ["id"])
    op.create_unique_constraint(op.f("uq_media_message_id"), "media", ["message_id"])
    op.drop_index("ix_media_due", table_name="media")
    op.create_index("ix_media_due", "media", ["due_at"], postgresql_where=sa.text(DUE))
