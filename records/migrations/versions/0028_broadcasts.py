"""Broadcasts: recoveries, announcements and corrections, and who wants none."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)
ZERO, EMPTY = "0", sa.text("'{}'")


def upgrade() -> None:
    """Bring the tables to this version."""
    op.add_column("identities", sa.Column("broadcasts_declined_at", TIME, nullable=True))
    op.execute(sa.schema.CreateSequence(sa.Sequence("broadcast_numbers", start=1001)))
    _broadcasts()
    _people()


def _broadcasts() -> None:
    name = "broadcasts"
    op.create_table(
        name,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "number", sa.String(), server_default=sa.text("'S-' || nextval('broadcast_numbers')"), nullable=False
        ),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("incident_id", sa.String(), nullable=True),
        sa.Column("corrects_id", sa.Uuid(), nullable=True),
        sa.Column("texts", JSONB(), nullable=False),
        sa.Column("template", sa.String(), nullable=True),
        sa.Column("audience", JSONB(), server_default=EMPTY, nullable=False),
        sa.Column("held", sa.String(), server_default="agent", nullable=False),
        sa.Column("rate", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(), server_default="draft", nullable=False),
        sa.Column("version", sa.Integer(), server_default=ZERO, nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("made_at", TIME, nullable=False),
        sa.Column("changed_by", sa.Uuid(), nullable=True),
        sa.Column("audience_at", TIME, nullable=False),
        sa.Column("approved_by", sa.Uuid(), nullable=True),
        *(sa.Column(moment, TIME, nullable=True) for moment in ("approved_at", "started_at", "paced_at", "until")),
        sa.Column("stopped_by", sa.Uuid(), nullable=True),
        sa.Column("stopped_at", TIME, nullable=True),
        sa.Column("stopped_why", sa.String(), nullable=True),
        sa.Column("done_at", TIME, nullable=True),
        *_rules(name),
        sa.ForeignKeyConstraint(["incident_id"], ["incidents.id"], name=op.f(f"fk_{name}_incident_id_incidents")),
        sa.ForeignKeyConstraint(["corrects_id"], ["broadcasts.id"], name=op.f(f"fk_{name}_corrects_id_broadcasts")),
        *(
            sa.ForeignKeyConstraint([who], ["staff.id"], name=op.f(f"fk_{name}_{who}_staff"))
            for who in ("made_by", "changed_by", "approved_by", "stopped_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
        sa.UniqueConstraint("number", name=op.f(f"uq_{name}_number")),
    )
    only = sa.text("kind = 'recovery' AND status IN ('draft', 'approved', 'running', 'stopped')")
    op.create_index("uq_broadcasts_one_recovery", name, ["incident_id"], unique=True, postgresql_where=only)
    going = sa.text("status NOT IN ('discarded', 'done')")
    op.create_index("ix_broadcasts_under_way", name, ["made_at"], postgresql_where=going)
    for column in ("incident_id", "corrects_id"):
        where = sa.text(f"{column} IS NOT NULL")
        op.create_index(f"ix_broadcasts_{column}", name, [column], postgresql_where=where)


def _rules(name: str) -> list[sa.CheckConstraint]:
    said = {
        "kind": "kind IN ('recovery', 'announcement', 'correction')",
        "status": "status IN ('draft', 'discarded', 'approved', 'running', 'stopped', 'done')",
        "two_people": "approved_by IS NULL OR approved_by <> COALESCE(changed_by, made_by)",
        "approved": "status IN ('draft', 'discarded') OR approved_by IS NOT NULL",
        "held": "held IN ('agent', 'send')",
        "corrects": "(kind = 'correction') = (corrects_id IS NOT NULL)",
        "incident": "kind <> 'recovery' OR incident_id IS NOT NULL",
    }
    return [sa.CheckConstraint(rule, name=op.f(f"ck_{name}_{key}")) for key, rule in said.items()]


def _people() -> None:
    name = "broadcast_people"
    states = "'waiting', 'fixed', 'cannot_say', 'not_fixed', 'could_not_ask', 'queued', 'to_agents', 'skipped'"
    op.create_table(
        name,
        sa.Column("broadcast_id", sa.Uuid(), nullable=False),
        sa.Column("person_key", sa.String(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("identity_id", sa.Uuid(), nullable=True),
        sa.Column("participant_id", sa.String(), nullable=True),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("turn_id", sa.Uuid(), nullable=True),
        sa.Column("intent", sa.String(), nullable=True),
        sa.Column("platform", sa.String(), nullable=True),
        sa.Column("told_at", TIME, nullable=True),
        sa.Column("state", sa.String(), server_default="waiting", nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("findings", JSONB(), server_default=sa.text("'[]'"), nullable=False),
        sa.Column("checked_at", TIME, nullable=True),
        sa.Column("tries", sa.Integer(), server_default=ZERO, nullable=False),
        sa.Column("due_at", TIME, server_default=sa.text("'2000-01-01 00:00+00'"), nullable=False),
        sa.Column("ticket_id", sa.Uuid(), nullable=True),
        sa.Column("message_id", sa.Uuid(), nullable=True),
        sa.Column("by_template", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("queued_at", TIME, nullable=True),
        sa.Column("settled_at", TIME, nullable=True),
        sa.CheckConstraint(f"state IN ({states})", name=op.f(f"ck_{name}_state")),
        sa.CheckConstraint("(state = 'queued') = (message_id IS NOT NULL)", name=op.f(f"ck_{name}_queued")),
        *(
            sa.ForeignKeyConstraint([column], [f"{table}.id"], name=op.f(f"fk_{name}_{column}_{table}"))
            for column, table in (
                ("broadcast_id", "broadcasts"),
                ("conversation_id", "conversations"),
                ("ticket_id", "tickets"),
                ("message_id", "messages"),
            )
        ),
        sa.PrimaryKeyConstraint("broadcast_id", "person_key", name=op.f(f"pk_{name}")),
        postgresql_with={"fillfactor": "70"},
    )
    op.create_index("ix_broadcast_people_turn", name, ["broadcast_id", "state", "due_at", "position"])
    op.create_index("ix_broadcast_people_conversation_id", name, ["conversation_id"])
    has_case, has_message = sa.text("ticket_id IS NOT NULL"), sa.text("message_id IS NOT NULL")
    op.create_index("ix_broadcast_people_ticket_id", name, ["ticket_id"], postgresql_where=has_case)
    op.create_index("ix_broadcast_people_templates", name, ["queued_at"], postgresql_where=sa.text("by_template"))
    op.create_index("uq_broadcast_people_message_id", name, ["message_id"], unique=True, postgresql_where=has_message)
