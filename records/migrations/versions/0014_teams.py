"""Teams and two more roles; what a case needs at a desk of many: team, wave, tags, snooze, merge, incident."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)
EMPTY = sa.text("'[]'::jsonb")


def upgrade() -> None:
    """Bring the tables to this version; everybody and every case belongs to one first team."""
    _staff()
    _teams()
    _tickets()
    _team_of_a_case()
    op.alter_column("tickets", "team_id", nullable=False)


def _staff() -> None:
    op.drop_constraint(op.f("ck_staff_role"), "staff")
    op.create_check_constraint(op.f("ck_staff_role"), "staff", "role IN ('admin', 'lead', 'agent', 'pmo', 'auditor')")
    op.add_column("staff", sa.Column("capacity", sa.Integer(), server_default="8", nullable=False))
    op.create_check_constraint(op.f("ck_staff_capacity"), "staff", "capacity BETWEEN 0 AND 100")
    op.add_column("staff", sa.Column("skills", postgresql.JSONB(), server_default=EMPTY, nullable=False))
    op.add_column("staff", sa.Column("away_since", TIME, nullable=True))
    op.add_column("staff", sa.Column("telegram_user_id", sa.String(), nullable=True))
    op.create_unique_constraint(op.f("uq_staff_telegram_user_id"), "staff", ["telegram_user_id"])


def _teams() -> None:
    op.create_table(
        "teams",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("queues", postgresql.JSONB(), server_default=EMPTY, nullable=False),
        sa.Column("is_default", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_teams")),
        sa.UniqueConstraint("name", name=op.f("uq_teams_name")),
    )
    op.create_index(
        "uq_teams_one_default", "teams", ["is_default"], unique=True, postgresql_where=sa.text("is_default")
    )
    op.create_table(
        "team_members",
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_team_members_team_id_teams")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_team_members_staff_id_staff")),
        sa.PrimaryKeyConstraint("team_id", "staff_id", name=op.f("pk_team_members")),
    )
    op.create_index(op.f("ix_team_members_staff_id"), "team_members", ["staff_id"])
    op.execute("INSERT INTO teams (id, name, is_default) VALUES (gen_random_uuid(), 'Meja Bantuan', true)")
    op.execute("INSERT INTO team_members (team_id, staff_id) SELECT teams.id, staff.id FROM teams, staff")


def _tickets() -> None:
    op.add_column("tickets", sa.Column("team_id", sa.Uuid(), nullable=True))
    op.execute("UPDATE tickets SET team_id = (SELECT id FROM teams WHERE is_default)")
    op.create_foreign_key(op.f("fk_tickets_team_id_teams"), "tickets", "teams", ["team_id"], ["id"])
    for column in (
        sa.Column("wave", sa.Integer(), nullable=True),
        sa.Column("tags", postgresql.JSONB(), server_default=EMPTY, nullable=False),
        sa.Column("waiting_since", TIME, nullable=True),
        sa.Column("snoozed_until", TIME, nullable=True),
        sa.Column("merged_into_id", sa.Uuid(), nullable=True),
        sa.Column("incident_id", sa.String(), nullable=True),
        sa.Column("reopened", sa.Integer(), server_default="0", nullable=False),
    ):
        op.add_column("tickets", column)
    # no key leads to incidents: opening any case would wait for whoever holds that table
    op.create_foreign_key(op.f("fk_tickets_merged_into_id_tickets"), "tickets", "tickets", ["merged_into_id"], ["id"])
    for column_name in ("merged_into_id", "incident_id"):
        there = sa.text(f"{column_name} IS NOT NULL")
        op.create_index(f"ix_tickets_{column_name}", "tickets", [column_name], postgresql_where=there)


def _team_of_a_case() -> None:
    """Whoever opens a case need not know the teams: its queue says which it is, else the first team's."""
    op.execute("""
        CREATE FUNCTION choose_team() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            NEW.team_id := COALESCE(
                (SELECT id FROM teams WHERE queues ? NEW.queue ORDER BY name LIMIT 1),
                (SELECT id FROM teams WHERE is_default)
            );
            RETURN NEW;
        END $$
    """)
    op.execute("""
        CREATE TRIGGER tickets_team BEFORE INSERT ON tickets
        FOR EACH ROW WHEN (NEW.team_id IS NULL) EXECUTE FUNCTION choose_team()
    """)
