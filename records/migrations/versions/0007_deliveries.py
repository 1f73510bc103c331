"""Deliveries that outlive whoever carries them: who holds a send, what was sent again, and who floods."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this version."""
    now = sa.text("now()")
    op.add_column("inbox", sa.Column("stored_at", sa.DateTime(timezone=True), server_default=now, nullable=False))
    op.add_column("lanes", sa.Column("falls", sa.Integer(), server_default="0", nullable=False))
    for column in (
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=now, nullable=False),
        sa.Column("held_by", sa.String(), nullable=True),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("repeats", sa.Integer(), server_default="0", nullable=False),
        sa.Column("asked_again_at", sa.DateTime(timezone=True), nullable=True),
    ):
        op.add_column("outbox", column)
    op.drop_index("ix_outbox_due", "outbox")
    for name, columns, which in (
        ("ix_outbox_due", ["channel", "priority", "position"], "status = 'due'"),
        ("ix_outbox_open", ["conversation_id", "position"], "status IN ('due', 'sending')"),
        ("ix_outbox_sending", ["held_until"], "status = 'sending'"),
        ("ix_outbox_unknown", ["due_at"], "status = 'unknown'"),
    ):
        op.create_index(name, "outbox", columns, postgresql_where=sa.text(which))
    op.create_table(
        "floods",
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("hour", sa.DateTime(timezone=True), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("count > 0", name=op.f("ck_floods_count")),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_floods_conversation_id_conversations")
        ),
        sa.PrimaryKeyConstraint("conversation_id", "hour", name=op.f("pk_floods")),
    )
