"""Suspicions: what the detection found; notices that lead to a page and not to a case."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)
NAME = "suspicions"
NOTICES = (
    "kind IN ('mention', 'transfer', 'woken', 'promise', 'rating', 'given', 'returned', "
    "'suspicion', 'incident', 'broadcast')"
)


def upgrade() -> None:
    """Bring the tables to this version."""
    _suspicions()
    op.create_index(
        *("uq_suspicions_going_on", NAME, ["kind", "intent", "platform", "channel", "source"]),
        unique=True,
        postgresql_nulls_not_distinct=True,
        postgresql_where=sa.text("over_at IS NULL"),
    )
    op.create_index("ix_suspicions_open", NAME, ["found_at"], postgresql_where=sa.text("status = 'open'"))
    op.create_index("ix_suspicions_found_at", NAME, ["found_at"])
    op.create_index(op.f("ix_suspicions_incident_id"), NAME, ["incident_id"])
    _notices()


def _suspicions() -> None:
    scope = [sa.Column(name, sa.String(), nullable=True) for name in ("intent", "platform", "channel", "source")]
    times = [sa.Column(name, TIME, nullable=False) for name in ("began_at", "found_at", "last_at")]
    op.create_table(
        NAME,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        *scope,
        *times,
        sa.Column("over_at", TIME, nullable=True),
        sa.Column("observed", sa.Float(), nullable=False),
        sa.Column("expected", sa.Float(), nullable=False),
        sa.Column("evidence", postgresql.JSONB(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("status", sa.String(), server_default="open", nullable=False),
        sa.Column("incident_id", sa.String(), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", TIME, nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.CheckConstraint("kind IN ('complaints', 'checks', 'sends')", name=op.f("ck_suspicions_kind")),
        sa.CheckConstraint("status IN ('open', 'incident', 'dismissed', 'over')", name=op.f("ck_suspicions_status")),
        sa.CheckConstraint("status <> 'incident' OR incident_id IS NOT NULL", name=op.f("ck_suspicions_incident")),
        sa.CheckConstraint("status <> 'over' OR over_at IS NOT NULL", name=op.f("ck_suspicions_over")),
        sa.ForeignKeyConstraint(["incident_id"], ["incidents.id"], name=op.f("fk_suspicions_incident_id_incidents")),
        sa.ForeignKeyConstraint(["decided_by"], ["staff.id"], name=op.f("fk_suspicions_decided_by_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suspicions")),
    )


def _notices() -> None:
    """Let a notice lead to a page of the desk in place of a case."""
    op.add_column("staff_notices", sa.Column("path", sa.String(), nullable=True))
    op.alter_column("staff_notices", "conversation_id", nullable=True)
    op.drop_constraint(op.f("ck_staff_notices_kind"), "staff_notices")
    op.create_check_constraint(op.f("ck_staff_notices_kind"), "staff_notices", NOTICES)
    leads = "conversation_id IS NOT NULL OR path IS NOT NULL"
    op.create_check_constraint(op.f("ck_staff_notices_leads"), "staff_notices", leads)
