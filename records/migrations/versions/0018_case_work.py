"""What agents do with a case beside answering it: tags, mentions, what a note said before, who is there."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Bring the tables to this version; tags that cases carry already are in use."""
    _tags()
    _notices()
    _note_versions()
    _presence()


def _foreign(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"))


def _tags() -> None:
    op.create_table(
        "tags",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_tags")),
        _foreign("tags", "created_by", "staff"),
    )
    op.execute("""
        INSERT INTO tags (name, created_at)
        SELECT name, min(opened_at) FROM tickets, jsonb_array_elements_text(tags) AS name GROUP BY name
    """)


def _notices() -> None:
    op.create_table(
        "staff_notices",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("ticket_id", sa.Uuid(), nullable=True),
        sa.Column("message_id", sa.Uuid(), nullable=True),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.Column("said", sa.String(), server_default="", nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("seen_at", TIME, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_notices")),
        sa.UniqueConstraint("message_id", "staff_id", name=op.f("uq_staff_notices_message_id_staff_id")),
        sa.CheckConstraint("kind IN ('mention', 'transfer', 'woken')", name=op.f("ck_staff_notices_kind")),
        _foreign("staff_notices", "staff_id", "staff"),
        _foreign("staff_notices", "conversation_id", "conversations"),
        _foreign("staff_notices", "ticket_id", "tickets"),
        _foreign("staff_notices", "message_id", "messages"),
        _foreign("staff_notices", "by_id", "staff"),
    )
    op.create_index(op.f("ix_staff_notices_conversation_id"), "staff_notices", ["conversation_id"])
    op.create_index("ix_staff_notices_staff_id_at", "staff_notices", ["staff_id", "at"])
    op.create_index(
        "ix_staff_notices_unseen", "staff_notices", ["staff_id"], postgresql_where=sa.text("seen_at IS NULL")
    )


def _note_versions() -> None:
    op.create_table(
        "note_versions",
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("replaced_at", TIME, nullable=False),
        sa.Column("withdrawn", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.PrimaryKeyConstraint("message_id", "number", name=op.f("pk_note_versions")),
        _foreign("note_versions", "message_id", "messages"),
        _foreign("note_versions", "conversation_id", "conversations"),
    )
    op.create_index(op.f("ix_note_versions_conversation_id"), "note_versions", ["conversation_id"])


def _presence() -> None:
    op.create_table(
        "staff_presence",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=True),
        sa.Column("seen_at", TIME, nullable=False),
        sa.Column("typing_at", TIME, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_presence")),
        sa.UniqueConstraint(
            "staff_id",
            "conversation_id",
            name=op.f("uq_staff_presence_staff_id_conversation_id"),
            postgresql_nulls_not_distinct=True,
        ),
        _foreign("staff_presence", "staff_id", "staff"),
        _foreign("staff_presence", "conversation_id", "conversations"),
        prefixes=["UNLOGGED"],
        postgresql_with={"fillfactor": "50"},
    )
    op.create_index("ix_staff_presence_conversation_id", "staff_presence", ["conversation_id"])
