"""The Telegram staff group: topics, posts and what was pressed."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)
NOW, NO, ZERO = sa.text("now()"), sa.text("false"), "0"


def upgrade() -> None:
    """Bring the tables to this version."""
    _groups()
    _updates()
    _topics()
    _posts()
    _words()
    _links()


def _groups() -> None:
    op.create_table(
        "staff_groups",
        sa.Column("chat_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("paused_until", TIME, nullable=True),
        sa.Column("latest_message_id", sa.BigInteger(), server_default=ZERO, nullable=False),
        sa.Column("problem", sa.String(), nullable=True),
        sa.Column("problem_since", TIME, nullable=True),
        sa.Column("checked_at", TIME, nullable=True),
        sa.PrimaryKeyConstraint("chat_id", name=op.f("pk_staff_groups")),
    )


def _updates() -> None:
    op.create_table(
        "group_updates",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("sealed_event", sa.LargeBinary(), nullable=True),
        sa.Column("received_at", TIME, nullable=False),
        sa.Column("stored_at", TIME, server_default=NOW, nullable=False),
        sa.Column("status", sa.String(), server_default="pending", nullable=False),
        sa.Column("attempts", sa.Integer(), server_default=ZERO, nullable=False),
        sa.Column("due_at", TIME, server_default=NOW, nullable=False),
        sa.Column("error", sa.String(), nullable=True),
        sa.Column("done_at", TIME, nullable=True),
        sa.CheckConstraint("status IN ('pending', 'done', 'ignored', 'parked')", name=op.f("ck_group_updates_status")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_updates")),
    )
    waiting = sa.text("status = 'pending'")
    op.create_index("ix_group_updates_pending", "group_updates", ["id"], postgresql_where=waiting)


def _topics() -> None:
    op.create_table(
        "group_topics",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ticket_id", sa.Uuid(), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("thread_id", sa.BigInteger(), nullable=True),
        sa.Column("status", sa.String(), server_default="making", nullable=False),
        sa.Column("closed", sa.Boolean(), server_default=NO, nullable=False),
        sa.Column("card_id", sa.BigInteger(), nullable=True),
        sa.Column("pinned", sa.Boolean(), server_default=NO, nullable=False),
        sa.Column("digest", sa.String(), nullable=True),
        sa.Column("from_position", sa.BigInteger(), server_default=ZERO, nullable=False),
        sa.Column("seen_before", sa.BigInteger(), server_default=ZERO, nullable=False),
        sa.Column("forget", sa.Boolean(), server_default=NO, nullable=False),
        sa.Column("made_at", TIME, server_default=NOW, nullable=False),
        sa.CheckConstraint("status IN ('making', 'live', 'unknown', 'gone')", name=op.f("ck_group_topics_status")),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_group_topics_ticket_id_tickets")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_topics")),
        sa.UniqueConstraint("chat_id", "thread_id", name=op.f("uq_group_topics_chat_id_thread_id")),
    )
    living = sa.text("status IN ('making', 'live')")
    columns = ["ticket_id", "chat_id"]
    op.create_index("uq_group_topics_one_living", "group_topics", columns, unique=True, postgresql_where=living)
    op.create_index("ix_group_topics_ticket_id", "group_topics", ["ticket_id"])
    still_open = sa.text("status = 'live' AND (NOT closed OR forget)")
    op.create_index("ix_group_topics_open", "group_topics", ["chat_id"], postgresql_where=still_open)


def _posts() -> None:
    op.create_table(
        "group_posts",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("topic_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("payload", JSONB(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("asks", sa.String(), nullable=True),
        sa.Column("rank", sa.Integer(), server_default="5", nullable=False),
        sa.Column("status", sa.String(), server_default="due", nullable=False),
        sa.Column("attempts", sa.Integer(), server_default=ZERO, nullable=False),
        sa.Column("created_at", TIME, server_default=NOW, nullable=False),
        sa.Column("taken_at", TIME, nullable=True),
        sa.Column("held_until", TIME, nullable=True),
        sa.Column("sent_at", TIME, nullable=True),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("error", sa.String(), nullable=True),
        sa.CheckConstraint(
            "status IN ('due', 'sending', 'sent', 'unknown', 'refused')", name=op.f("ck_group_posts_status")
        ),
        sa.ForeignKeyConstraint(["topic_id"], ["group_topics.id"], name=op.f("fk_group_posts_topic_id_group_topics")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_posts")),
        sa.UniqueConstraint("key", name=op.f("uq_group_posts_key")),
    )
    op.create_index(op.f("ix_group_posts_topic_id"), "group_posts", ["topic_id"])
    for name, columns, where in (
        ("due", ["chat_id", "rank", "id"], "status = 'due'"),
        ("sending", ["chat_id"], "status = 'sending'"),
        ("message_id", ["chat_id", "message_id"], "message_id IS NOT NULL"),
    ):
        op.create_index(f"ix_group_posts_{name}", "group_posts", columns, postgresql_where=sa.text(where))
    op.create_index("ix_group_posts_taken_at", "group_posts", ["chat_id", "taken_at"])


def _words() -> None:
    op.create_table(
        "group_words",
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("topic_id", sa.Uuid(), nullable=False),
        sa.Column("post_id", sa.BigInteger(), nullable=True),
        sa.Column("written_id", sa.BigInteger(), nullable=True),
        sa.Column("shown", sa.String(), nullable=True),
        sa.Column("settled", sa.Boolean(), server_default=NO, nullable=False),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name=op.f("fk_group_words_message_id_messages")),
        sa.ForeignKeyConstraint(["topic_id"], ["group_topics.id"], name=op.f("fk_group_words_topic_id_group_topics")),
        sa.ForeignKeyConstraint(
            ["post_id"], ["group_posts.id"], name=op.f("fk_group_words_post_id_group_posts"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("message_id", name=op.f("pk_group_words")),
    )
    waiting = sa.text("written_id IS NOT NULL AND NOT settled")
    op.create_index("ix_group_words_receipts", "group_words", ["topic_id"], postgresql_where=waiting)


def _links() -> None:
    op.create_table(
        "staff_links",
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", TIME, nullable=False),
        sa.Column("expires_at", TIME, nullable=False),
        sa.Column("used_at", TIME, nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_staff_links_staff_id_staff")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_staff_links")),
    )
    op.create_index(op.f("ix_staff_links_staff_id"), "staff_links", ["staff_id"])
