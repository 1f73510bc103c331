"""Incidents and everyone they touch: severity, owner, words and their times, what happened, who belongs to them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)

EVENTS_ARE_APPEND_ONLY = """
CREATE FUNCTION refuse_incident_event_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the timeline of an incident is append-only' USING ERRCODE = 'HD002';
END $$;
CREATE TRIGGER incident_events_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON incident_events
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_incident_event_change();
"""

PEOPLE_FOLLOW_THEIR_IDENTITY = """
CREATE FUNCTION follow_identity_in_incidents() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE incident_people
    SET participant_id = NEW.participant_id, person_key = COALESCE(NEW.participant_id, NEW.id::text)
    WHERE identity_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER identities_incidents AFTER UPDATE OF participant_id ON identities
    FOR EACH ROW WHEN (OLD.participant_id IS DISTINCT FROM NEW.participant_id)
    EXECUTE FUNCTION follow_identity_in_incidents();
"""


def upgrade() -> None:
    """Bring the tables to this version."""
    _widen_incidents()
    _make_events()
    _make_follow_ups()
    _make_people()
    op.execute(EVENTS_ARE_APPEND_ONLY)
    op.execute(PEOPLE_FOLLOW_THEIR_IDENTITY)


def _widen_incidents() -> None:
    for name in ("intents", "channels"):
        op.add_column("incidents", sa.Column(name, JSONB(), server_default=sa.text("'[]'"), nullable=False))
    for column in (
        sa.Column("by_purchase", sa.String(), nullable=True),
        sa.Column("severity", sa.String(), server_default="major", nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column("opened_by", sa.Uuid(), nullable=True),
        sa.Column("opened_at", TIME, nullable=True),
        sa.Column("version", sa.Integer(), server_default="0", nullable=False),
        sa.Column("joined_until", TIME, nullable=True),
        sa.Column("review", JSONB(), nullable=True),
    ):
        op.add_column("incidents", column)
    op.create_check_constraint(op.f("ck_incidents_severity"), "incidents", "severity IN ('minor', 'major', 'critical')")
    for name in ("owner_id", "opened_by"):
        op.create_foreign_key(op.f(f"fk_incidents_{name}_staff"), "incidents", "staff", [name], ["id"])


def _make_events() -> None:
    op.create_table(
        "incident_events",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("incident_id", sa.String(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("said", sa.String(), nullable=True),
        sa.Column("as_of", TIME, nullable=True),
        sa.Column("detail", JSONB(), server_default=sa.text("'{}'"), nullable=False),
        sa.ForeignKeyConstraint(
            ["incident_id"], ["incidents.id"], name=op.f("fk_incident_events_incident_id_incidents")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["staff.id"], name=op.f("fk_incident_events_by_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident_events")),
    )
    op.create_index("ix_incident_events_incident_id_id", "incident_events", ["incident_id", "id"])


def _make_follow_ups() -> None:
    name = "incident_follow_ups"
    op.create_table(
        name,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("incident_id", sa.String(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("made_at", TIME, nullable=False),
        sa.Column("done_at", TIME, nullable=True),
        sa.Column("done_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["incident_id"], ["incidents.id"], name=op.f(f"fk_{name}_incident_id_incidents")),
        sa.ForeignKeyConstraint(["owner_id"], ["staff.id"], name=op.f(f"fk_{name}_owner_id_staff")),
        sa.ForeignKeyConstraint(["done_by"], ["staff.id"], name=op.f(f"fk_{name}_done_by_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
    )
    op.create_index(op.f(f"ix_{name}_incident_id"), name, ["incident_id"])


def _make_people() -> None:
    name = "incident_people"
    op.create_table(
        name,
        sa.Column("incident_id", sa.String(), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("identity_id", sa.Uuid(), nullable=True),
        sa.Column("participant_id", sa.String(), nullable=True),
        sa.Column("person_key", sa.String(), nullable=False),
        sa.Column("turn_id", sa.Uuid(), nullable=True),
        sa.Column("intent", sa.String(), nullable=True),
        sa.Column("platform", sa.String(), nullable=True),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("first_at", TIME, nullable=False),
        sa.Column("last_at", TIME, nullable=False),
        sa.Column("joined_at", TIME, nullable=False),
        sa.Column("how", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("taken_out_at", TIME, nullable=True),
        sa.Column("taken_out_by", sa.Uuid(), nullable=True),
        sa.Column("taken_out_why", sa.String(), nullable=True),
        sa.Column("taken_out_as", sa.String(), nullable=True),
        sa.CheckConstraint("how IN ('scope', 'by_hand', 'ticket')", name=op.f(f"ck_{name}_how")),
        sa.CheckConstraint("taken_out_as IN ('by_hand', 'scope', 'ticket')", name=op.f(f"ck_{name}_taken_out_as")),
        sa.CheckConstraint("(taken_out_at IS NULL) = (taken_out_as IS NULL)", name=op.f(f"ck_{name}_taken_out")),
        sa.ForeignKeyConstraint(["incident_id"], ["incidents.id"], name=op.f(f"fk_{name}_incident_id_incidents")),
        sa.PrimaryKeyConstraint("incident_id", "conversation_id", name=op.f(f"pk_{name}")),
    )
    op.create_index(op.f(f"ix_{name}_identity_id"), name, ["identity_id"])
    op.create_index("ix_incident_people_listed", name, ["incident_id", "first_at", "conversation_id"])
    inside = sa.text("taken_out_at IS NULL")
    op.create_index("ix_incident_people_in", name, ["incident_id", "person_key"], postgresql_where=inside)
