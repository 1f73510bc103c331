"""What a provider told of every message we sent and of our own account; messages that wait for an open window."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

STATUSES = "status IN ('due', 'sending', 'waiting', 'sent', 'delivered', 'read', 'unknown', 'refused', 'withheld')"
TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Bring the tables to this version."""
    _receipts()
    _channel_news()
    op.drop_constraint(op.f("ck_outbox_status"), "outbox", type_="check")
    op.create_check_constraint(op.f("ck_outbox_status"), "outbox", STATUSES)
    op.drop_index("ix_outbox_open", "outbox")
    op.create_index(
        "ix_outbox_open",
        "outbox",
        ["conversation_id", "position"],
        postgresql_where=sa.text("status IN ('due', 'sending', 'waiting')"),
    )


def _receipts() -> None:
    op.create_table(
        "receipts",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("outbox_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("code", sa.Integer(), nullable=True),
        sa.Column("error", sa.String(), nullable=True),
        sa.Column("superseded", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("received_at", TIME, nullable=False),
        sa.CheckConstraint("status IN ('sent', 'delivered', 'read', 'refused')", name=op.f("ck_receipts_status")),
        sa.ForeignKeyConstraint(["outbox_id"], ["outbox.id"], name=op.f("fk_receipts_outbox_id_outbox")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receipts")),
        sa.UniqueConstraint("outbox_id", "status", "at", name=op.f("uq_receipts_outbox_id_status_at")),
    )


def _channel_news() -> None:
    op.create_table(
        "channel_news",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("topic", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("event", sa.String(), nullable=False),
        sa.Column("trouble", sa.Boolean(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_channel_news")),
    )
    op.create_index("ix_channel_news_latest", "channel_news", ["channel", "topic", "subject", "id"])
