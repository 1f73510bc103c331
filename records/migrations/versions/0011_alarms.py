"""Alarms that open and close by themselves, and what they are read from: processes, troubles, readings."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Bring the tables to this version."""
    _alarms()
    _processes()
    _troubles()
    _readings()
    op.add_column("outbox", sa.Column("settled_at", TIME, nullable=True))
    op.add_column("outbox", sa.Column("settled_by", sa.Uuid(), nullable=True))
    op.create_foreign_key(op.f("fk_outbox_settled_by_staff"), "outbox", "staff", ["settled_by"], ["id"])
    op.create_index("ix_inbox_parked", "inbox", ["id"], postgresql_where=sa.text("status = 'parked'"))
    op.create_index(
        "ix_outbox_trouble",
        "outbox",
        ["status", "created_at"],
        postgresql_where=sa.text("status IN ('unknown', 'refused', 'withheld') AND settled_at IS NULL"),
    )
    op.create_index("ix_media_infected", "media", ["created_at"], postgresql_where=sa.text("reason = 'infected'"))


def _alarms() -> None:
    """A lock of lookups was the only alarm there was; it is one kind among others now."""
    now = sa.text("now()")
    for column in (
        sa.Column("name", sa.String(), server_default="lookups_locked", nullable=False),
        sa.Column("scope", sa.String(), server_default="", nullable=False),
        sa.Column("severity", sa.String(), server_default="warning", nullable=False),
        sa.Column("opened_at", TIME, server_default=now, nullable=False),
        sa.Column("last_at", TIME, server_default=now, nullable=False),
        sa.Column("closed_at", TIME, nullable=True),
        sa.Column("value", sa.Float(), nullable=True),
        sa.Column("threshold", sa.Float(), nullable=True),
        sa.Column("detail", sa.String(), nullable=True),
        sa.Column("told_opened_at", TIME, nullable=True),
        sa.Column("told_closed_at", TIME, nullable=True),
    ):
        op.add_column("alarms", column)
    for lock_alone in ("kind", "channel", "subject_kind", "subject", "count"):
        op.alter_column("alarms", lock_alone, nullable=True)
    op.execute("UPDATE alarms SET scope = subject, closed_at = now()")
    op.create_check_constraint(op.f("ck_alarms_severity"), "alarms", "severity IN ('warning', 'severe')")
    op.create_index(
        "uq_alarms_one_open", "alarms", ["name", "scope"], unique=True, postgresql_where=sa.text("closed_at IS NULL")
    )


def _processes() -> None:
    op.create_table(
        "processes",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("part", sa.String(), nullable=False),
        sa.Column("started_at", TIME, server_default=sa.text("now()"), nullable=False),
        sa.Column("seen_at", TIME, server_default=sa.text("now()"), nullable=False),
        sa.Column("stopped_at", TIME, nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_processes")),
    )


def _troubles() -> None:
    op.create_table(
        "troubles",
        sa.Column("minute", TIME, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("last_at", TIME, nullable=False),
        sa.CheckConstraint("count > 0", name=op.f("ck_troubles_count")),
        sa.PrimaryKeyConstraint("minute", "name", "scope", name=op.f("pk_troubles")),
    )


def _readings() -> None:
    op.create_table(
        "readings",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("taken_by", sa.String(), nullable=False),
        sa.Column("value", postgresql.JSONB(), server_default=sa.text("'{}'::jsonb"), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_readings")),
    )
