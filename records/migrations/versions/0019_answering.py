"""Canned replies, drafts, where replies came from, and checks that were run again."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Bring the tables to this version."""
    _canned_replies()
    _drafts()
    _sources()
    _rechecks()


def _canned_replies() -> None:
    op.create_table(
        "canned_replies",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("shortcut", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=True),
        sa.Column("team_id", sa.Uuid(), nullable=True),
        sa.Column("used", sa.Integer(), server_default="0", nullable=False),
        sa.Column("changed_at", TIME, nullable=False),
        sa.CheckConstraint("num_nonnulls(staff_id, team_id) <= 1", name=op.f("ck_canned_replies_one_owner")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_canned_replies_staff_id_staff")),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_canned_replies_team_id_teams")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_canned_replies")),
    )
    for name, columns, whose in (
        ("own", ["staff_id", "shortcut"], "staff_id IS NOT NULL"),
        ("team", ["team_id", "shortcut"], "team_id IS NOT NULL"),
        ("all", ["shortcut"], "staff_id IS NULL AND team_id IS NULL"),
    ):
        op.create_index(
            f"uq_canned_replies_{name}", "canned_replies", columns, unique=True, postgresql_where=sa.text(whose)
        )


def _drafts() -> None:
    op.create_table(
        "reply_drafts",
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("key", sa.Uuid(), nullable=False),
        sa.Column("sources", postgresql.JSONB(), server_default=sa.text("'[]'::jsonb"), nullable=False),
        sa.Column("written_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_reply_drafts_staff_id_staff")),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_reply_drafts_conversation_id_conversations")
        ),
        sa.PrimaryKeyConstraint("staff_id", "conversation_id", "act", name=op.f("pk_reply_drafts")),
    )
    op.create_index(op.f("ix_reply_drafts_conversation_id"), "reply_drafts", ["conversation_id"])


def _sources() -> None:
    op.create_table(
        "reply_sources",
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("as_of", TIME, nullable=True),
        sa.CheckConstraint("kind IN ('finding', 'article', 'canned')", name=op.f("ck_reply_sources_kind")),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name=op.f("fk_reply_sources_message_id_messages")),
        sa.PrimaryKeyConstraint("message_id", "kind", "reference", name=op.f("pk_reply_sources")),
    )


def _rechecks() -> None:
    op.create_table(
        "rechecks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("ticket_id", sa.Uuid(), nullable=True),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("check_name", sa.String(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("finding", postgresql.JSONB(), nullable=True),
        sa.Column("said", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_rechecks_conversation_id_conversations")
        ),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_rechecks_ticket_id_tickets")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_rechecks_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rechecks")),
    )
    op.create_index("ix_rechecks_conversation_id_at", "rechecks", ["conversation_id", "at"])
