"""The staff group at Telegram: what was done there, a topic for each case, and what is to be said in it.

Chat, thread and message ids are Telegram's. No words of a participant stay here: a post is emptied once it is sent, an
update once it is dealt with. Times are real time.
"""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from records.models.base import Base, new_id


class StaffGroup(Base):
    """A group as the desk last found it."""

    __tablename__ = "staff_groups"

    chat_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    paused_until: Mapped[datetime | None]
    """Telegram asked us to wait, or nothing can be said there now."""
    latest_message_id: Mapped[int] = mapped_column(BigInteger, server_default="0")
    """The highest message number seen: a topic that was made unseen stands right behind it."""
    problem: Mapped[str | None]
    """Why nothing can be said there: away, token, gone, removed, moved, no_topics, no_rights; none when all is well."""
    problem_since: Mapped[datetime | None]
    checked_at: Mapped[datetime | None]


class GroupUpdate(Base):
    """Something that happened in the staff group (or the proof of who somebody is), as Telegram sent it."""

    __tablename__ = "group_updates"
    __table_args__ = (
        CheckConstraint("status IN ('pending', 'done', 'ignored', 'parked')", name="status"),
        Index("ix_group_updates_pending", "id", postgresql_where=text("status = 'pending'")),
    )

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    """Telegram's number of the update."""
    sealed_event: Mapped[bytes | None] = mapped_column(LargeBinary)
    """Emptied as soon as it is dealt with."""
    received_at: Mapped[datetime]
    """By the injected clock."""
    stored_at: Mapped[datetime] = mapped_column(server_default=text("now()"))
    status: Mapped[str] = mapped_column(server_default="pending")
    attempts: Mapped[int] = mapped_column(server_default="0")
    due_at: Mapped[datetime] = mapped_column(server_default=text("now()"))
    error: Mapped[str | None]
    done_at: Mapped[datetime | None]


class GroupTopic(Base):
    """The topic of a case; of each case one lives at most."""

    __tablename__ = "group_topics"
    __table_args__ = (
        UniqueConstraint("chat_id", "thread_id"),
        CheckConstraint("status IN ('making', 'live', 'unknown', 'gone')", name="status"),
        Index(
            "uq_group_topics_one_living",
            "ticket_id",
            "chat_id",
            unique=True,
            postgresql_where=text("status IN ('making', 'live')"),
        ),
        Index("ix_group_topics_ticket_id", "ticket_id"),
        Index("ix_group_topics_open", "chat_id", postgresql_where=text("status = 'live' AND (NOT closed OR forget)")),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    ticket_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("tickets.id"))
    chat_id: Mapped[int] = mapped_column(BigInteger)
    thread_id: Mapped[int | None] = mapped_column(BigInteger)
    status: Mapped[str] = mapped_column(server_default="making")
    """unknown: nobody knows whether it was made, and another was made in its place."""
    closed: Mapped[bool] = mapped_column(server_default=text("false"))
    card_id: Mapped[int | None] = mapped_column(BigInteger)
    """The message with the evidence, edited in place."""
    pinned: Mapped[bool] = mapped_column(server_default=text("false"))
    digest: Mapped[str | None]
    """Of the case as the card shows it."""
    from_position: Mapped[int] = mapped_column(BigInteger, server_default="0")
    """Words behind this place of the conversation are told one by one; those before it stand in the card."""
    seen_before: Mapped[int] = mapped_column(BigInteger, server_default="0")
    """The highest message number known when it was made: where to look for it, should the answer be lost."""
    forget: Mapped[bool] = mapped_column(server_default=text("false"))
    """Its participant is erased: the whole topic is deleted at Telegram."""
    made_at: Mapped[datetime] = mapped_column(server_default=text("now()"))


class GroupPost(Base):
    """One call that writes in the group: what is to be said, and what became of it. Counted for the group's limit."""

    __tablename__ = "group_posts"
    __table_args__ = (
        UniqueConstraint("key"),
        CheckConstraint("status IN ('due', 'sending', 'sent', 'unknown', 'refused')", name="status"),
        Index("ix_group_posts_due", "chat_id", "rank", "id", postgresql_where=text("status = 'due'")),
        Index("ix_group_posts_sending", "chat_id", postgresql_where=text("status = 'sending'")),
        Index("ix_group_posts_taken_at", "chat_id", "taken_at"),
        Index("ix_group_posts_message_id", "chat_id", "message_id", postgresql_where=text("message_id IS NOT NULL")),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    chat_id: Mapped[int] = mapped_column(BigInteger)
    topic_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("group_topics.id"), index=True)
    kind: Mapped[str]
    """topic, card, words, edit, pin, close, reopen, forget, ask or say."""
    key: Mapped[str]
    """What it is about: the same is never said twice."""
    payload: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
    """The masked words and buttons; emptied once it is sent."""
    asks: Mapped[str | None]
    """Of a question: the act that an answer to it is (reply or resolve)."""
    rank: Mapped[int] = mapped_column(server_default="5")
    """The lowest goes first."""
    status: Mapped[str] = mapped_column(server_default="due")
    attempts: Mapped[int] = mapped_column(server_default="0")
    created_at: Mapped[datetime] = mapped_column(server_default=text("now()"))
    taken_at: Mapped[datetime | None]
    """When it was last put on the wire."""
    held_until: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    message_id: Mapped[int | None] = mapped_column(BigInteger)
    error: Mapped[str | None]


class GroupWord(Base):
    """A message of a conversation that the topic has: told by a post, or written there by staff."""

    __tablename__ = "group_words"
    __table_args__ = (
        Index(
            "ix_group_words_receipts",
            "topic_id",
            postgresql_where=text("written_id IS NOT NULL AND NOT settled"),
        ),
    )

    message_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("messages.id"), primary_key=True)
    topic_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("group_topics.id"))
    post_id: Mapped[int | None] = mapped_column(ForeignKey("group_posts.id", ondelete="SET NULL"))
    written_id: Mapped[int | None] = mapped_column(BigInteger)
    """The message in the group that staff wrote: where the receipt is shown."""
    shown: Mapped[str | None]
    """The receipt as it is shown there."""
    settled: Mapped[bool] = mapped_column(server_default=text("false"))
    """No other receipt is waited for."""


class StaffLink(Base):
    """A link by which a member of staff proves which Telegram account is theirs; it works once."""

    __tablename__ = "staff_links"

    token_hash: Mapped[str] = mapped_column(primary_key=True)
    staff_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff.id"), index=True)
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
