"""Working hours, changes of the calendar, promises by kind, what became of them; cases given out; ratings."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)
DEFAULTS = ((240, 1440, "urgent"), (720, 2880, "high"), (1440, 4320, "normal"))
NOTICES = "kind IN ('mention', 'transfer', 'woken', 'promise', 'rating', 'given', 'returned')"


def upgrade() -> None:
    """Bring the tables to this version; promises of cases that are open stay as they were made."""
    _teams()
    _calendar()
    _promises()
    _tickets()
    _assignments()
    _ratings()
    op.drop_constraint(op.f("ck_staff_notices_kind"), "staff_notices")
    op.create_check_constraint(op.f("ck_staff_notices_kind"), "staff_notices", NOTICES)


def _teams() -> None:
    op.add_column("teams", sa.Column("hours", postgresql.JSONB(), nullable=True))
    op.add_column("teams", sa.Column("gives_cases", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    op.add_column("teams", sa.Column("silent_minutes", sa.Integer(), server_default="60", nullable=False))
    op.create_check_constraint(op.f("ck_teams_silent_minutes"), "teams", "silent_minutes BETWEEN 5 AND 1440")


def _calendar() -> None:
    op.create_table(
        "calendar_days",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("off", sa.Boolean(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("changed_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_calendar_days")),
    )
    op.create_table(
        "calendar_years",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("changed_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_calendar_years")),
    )


def _promises() -> None:
    made = op.create_table(
        "promises",
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("priority", sa.String(), nullable=False),
        sa.Column("answer_minutes", sa.Integer(), nullable=False),
        sa.Column("resolve_minutes", sa.Integer(), nullable=False),
        sa.Column("all_hours", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.CheckConstraint("priority IN ('normal', 'high', 'urgent')", name=op.f("ck_promises_priority")),
        sa.CheckConstraint("answer_minutes BETWEEN 5 AND 43200", name=op.f("ck_promises_answer_minutes")),
        sa.CheckConstraint(
            "resolve_minutes BETWEEN answer_minutes AND 86400", name=op.f("ck_promises_resolve_minutes")
        ),
        sa.PrimaryKeyConstraint("about", "priority", name=op.f("pk_promises")),
    )
    rows = [
        {"about": "", "priority": priority, "answer_minutes": answer, "resolve_minutes": resolve}
        for answer, resolve, priority in DEFAULTS
    ]
    op.bulk_insert(made, rows)


def _tickets() -> None:
    for name in ("resolve_by", "warned_at", "broken_at"):
        op.add_column("tickets", sa.Column(name, TIME, nullable=True))
    op.add_column("tickets", sa.Column("previous_staff_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(op.f("fk_tickets_previous_staff_id_staff"), "tickets", "staff", ["previous_staff_id"], ["id"])

    op.create_index(
        "ix_tickets_first_replies",
        "tickets",
        ["team_id", "priority", "first_reply_at"],
        postgresql_where=sa.text("first_reply_at IS NOT NULL"),
    )


def _assignments() -> None:
    op.create_table(
        "assignments",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ticket_id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_assignments_ticket_id_tickets")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_assignments_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignments")),
    )
    op.create_index("ix_assignments_staff_id_at", "assignments", ["staff_id", "at"])
    op.create_index("ix_assignments_ticket_id_at", "assignments", ["ticket_id", "at"])


def _ratings() -> None:
    op.create_table(
        "ratings",
        sa.Column("ticket_id", sa.Uuid(), nullable=False),
        sa.Column("times", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=True),
        sa.Column("intent", sa.String(), nullable=False),
        sa.Column("queue", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("told_why", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.CheckConstraint("score BETWEEN 1 AND 5", name=op.f("ck_ratings_score")),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_ratings_ticket_id_tickets")),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_ratings_team_id_teams")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_ratings_staff_id_staff")),
        sa.PrimaryKeyConstraint("ticket_id", "times", name=op.f("pk_ratings")),
    )
    op.create_index("ix_ratings_at", "ratings", ["at"])
