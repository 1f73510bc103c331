"""What agents correct, and what became of it on the way into the model."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)
JSON = postgresql.JSONB()
LIST = sa.text("'[]'::jsonb")


def upgrade() -> None:
    """Bring the tables to this version."""
    op.add_column("turns", sa.Column("corrected_intent", sa.String(), nullable=True))
    corrected = sa.text("corrected_intent IS NOT NULL")
    op.create_index("ix_turns_corrected", "turns", ["created_at"], postgresql_where=corrected)
    _drafts()
    _examples()
    _trials()
    op.create_table(
        "learning_progress",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("upto", TIME, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_learning_progress")),
    )


def _drafts() -> None:
    op.create_table(
        "learning_drafts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("made_at", TIME, nullable=False),
        sa.Column("exported_at", TIME, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_learning_drafts")),
        sa.UniqueConstraint("title", name=op.f("uq_learning_drafts_title")),
    )


def _examples() -> None:
    op.create_table(
        "learning_examples",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=True),
        sa.Column("message_id", sa.Uuid(), nullable=True),
        sa.Column("turn_id", sa.Uuid(), nullable=True),
        sa.Column("ticket_id", sa.Uuid(), nullable=True),
        sa.Column("said", sa.String(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("read_as", sa.String(), nullable=True),
        sa.Column("confidence", sa.Float(), nullable=True),
        sa.Column("ranking", JSON, server_default=LIST, nullable=False),
        sa.Column("model", sa.String(), nullable=True),
        sa.Column("meant", sa.String(), nullable=True),
        sa.Column("also", JSON, server_default=LIST, nullable=False),
        sa.Column("wanted", sa.String(), nullable=True),
        sa.Column("ticket_was", JSON, nullable=True),
        sa.Column("marked_by", sa.Uuid(), nullable=True),
        sa.Column("status", sa.String(), server_default="waiting", nullable=False),
        sa.Column("version", sa.Integer(), server_default="0", nullable=False),
        sa.Column("text", sa.String(), nullable=True),
        sa.Column("right_intent", sa.String(), nullable=True),
        sa.Column("right_also", JSON, server_default=LIST, nullable=False),
        sa.Column("held_out", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("draft_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", TIME, nullable=True),
        *_bounds(),
    )
    op.create_index(op.f("ix_learning_examples_conversation_id"), "learning_examples", ["conversation_id"])
    op.create_index(
        *("uq_learning_examples_turn_kind", "learning_examples", ["turn_id", "kind"]),
        unique=True,
        postgresql_where=sa.text("status <> 'withdrawn'"),
    )
    waiting = sa.text("status = 'waiting'")
    op.create_index("ix_learning_examples_waiting", "learning_examples", ["at"], postgresql_where=waiting)
    op.create_index(op.f("ix_learning_examples_status_decided_at"), "learning_examples", ["status", "decided_at"])


def _bounds() -> list[sa.Constraint]:
    accepted = "status <> 'accepted' OR (text IS NOT NULL AND right_intent IS NOT NULL)"
    drafted = "status <> 'drafted' OR (text IS NOT NULL AND draft_id IS NOT NULL)"
    name = "learning_examples"
    return [
        sa.CheckConstraint("kind IN ('intent', 'question')", name=op.f(f"ck_{name}_kind")),
        sa.CheckConstraint(
            "source IN ('agent', 'chosen', 'fallback', 'unsure', 'rating')", name=op.f(f"ck_{name}_source")
        ),
        sa.CheckConstraint(
            "status IN ('waiting', 'accepted', 'drafted', 'rejected', 'withdrawn')", name=op.f(f"ck_{name}_status")
        ),
        sa.CheckConstraint(accepted, name=op.f(f"ck_{name}_accepted")),
        sa.CheckConstraint(drafted, name=op.f(f"ck_{name}_drafted")),
        *(
            sa.ForeignKeyConstraint([column], [f"{table}.id"], name=op.f(f"fk_{name}_{column}_{table}"))
            for column, table in (
                ("conversation_id", "conversations"),
                ("message_id", "messages"),
                ("turn_id", "turns"),
                ("ticket_id", "tickets"),
                ("marked_by", "staff"),
                ("draft_id", "learning_drafts"),
                ("decided_by", "staff"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
    ]


def _trials() -> None:
    states = "state IN ('running', 'failed', 'refused', 'passed', 'adopted', 'back')"
    op.create_table(
        "learning_trials",
        sa.Column("number", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("began_at", TIME, nullable=False),
        sa.Column("ended_at", TIME, nullable=True),
        sa.Column("model", sa.String(), nullable=True),
        sa.Column("former", sa.String(), nullable=True),
        sa.Column("verdict", sa.String(), nullable=True),
        sa.Column("figures", JSON, server_default=sa.text("'{}'::jsonb"), nullable=False),
        sa.Column("why", sa.String(), nullable=True),
        sa.Column("adopted_at", TIME, nullable=True),
        sa.Column("back_at", TIME, nullable=True),
        sa.CheckConstraint(states, name=op.f("ck_learning_trials_state")),
        sa.CheckConstraint("verdict IN ('better', 'same', 'worse')", name=op.f("ck_learning_trials_verdict")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_learning_trials")),
    )
    name = "learning_trial_examples"
    op.create_table(
        name,
        sa.Column("trial", sa.Integer(), nullable=False),
        sa.Column("example_id", sa.Uuid(), nullable=False),
        sa.Column("held_out", sa.Boolean(), nullable=False),
        sa.Column("read_before", sa.String(), nullable=True),
        sa.Column("read_after", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["trial"], ["learning_trials.number"], name=op.f(f"fk_{name}_trial_learning_trials")),
        sa.ForeignKeyConstraint(
            ["example_id"], ["learning_examples.id"], name=op.f(f"fk_{name}_example_id_learning_examples")
        ),
        sa.PrimaryKeyConstraint("trial", "example_id", name=op.f(f"pk_{name}")),
    )
    op.create_index(op.f(f"ix_{name}_example_id"), name, ["example_id"])
