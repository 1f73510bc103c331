"""Files people attach: where to fetch them, what became of that, and their content under the seal."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this version."""
    moment = sa.DateTime(timezone=True)
    now = sa.text("now()")
    op.create_table(
        "media",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=True),
        sa.Column("inbox_id", sa.BigInteger(), nullable=True),
        sa.Column("number", sa.Integer(), server_default="0", nullable=False),
        sa.Column("ticket_id", sa.Uuid(), nullable=True),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("reference", sa.String(), nullable=True),
        sa.Column("digest", sa.String(), nullable=True),
        sa.Column("named", sa.String(), nullable=True),
        sa.Column("received_at", moment, nullable=False),
        sa.Column("status", sa.String(), server_default="waiting", nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("created_at", moment, server_default=now, nullable=False),
        sa.Column("due_at", moment, server_default=now, nullable=False),
        sa.Column("give_up_at", moment, nullable=False),
        sa.Column("type", sa.String(), nullable=True),
        sa.Column("size", sa.Integer(), nullable=True),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("sealed_content", sa.LargeBinary(), nullable=True),
        sa.Column("sealed_preview", sa.LargeBinary(), nullable=True),
        sa.Column("settled_at", moment, nullable=True),
        sa.CheckConstraint(
            "status IN ('waiting', 'unscanned', 'kept', 'refused', 'lost', 'gone')", name=op.f("ck_media_status")
        ),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_media_conversation_id_conversations")
        ),
        sa.ForeignKeyConstraint(["inbox_id"], ["inbox.id"], name=op.f("fk_media_inbox_id_inbox")),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_media_ticket_id_tickets")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_media")),
        sa.UniqueConstraint("inbox_id", "number", name=op.f("uq_media_inbox_id_number")),
    )
    due = sa.text("status IN ('waiting', 'unscanned') AND inbox_id IS NOT NULL")
    op.create_index("ix_media_due", "media", ["due_at"], postgresql_where=due)
    op.create_index("ix_media_conversation_received_at", "media", ["conversation_id", "received_at"])
    op.create_index("ix_media_ticket", "media", ["ticket_id"])
    held = sa.text("sealed_content IS NOT NULL")
    op.create_index("ix_media_sealed", "media", ["received_at"], postgresql_where=held)
    # encrypted bytes do not compress: trying costs and gains nothing
    for column in ("sealed_content", "sealed_preview"):
        op.execute(f"ALTER TABLE media ALTER COLUMN {column} SET STORAGE EXTERNAL")
