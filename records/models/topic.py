"""Questions without an answer, gathered by likeness: what was asked of the gathering, and the topics it found.

The words stay in the messages; a topic names its turns, so what is erased or deleted is not shown here either.
"""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from records.models.base import Base, new_id


class TopicRun(Base):
    """One gathering of a range; the newest finished one of a range is shown."""

    __tablename__ = "topic_runs"
    __table_args__ = (
        Index("ix_topic_runs_range", "first", "last", "platform", "channel", "asked_at"),
        Index("ix_topic_runs_waiting", "asked_at", postgresql_where=text("made_at IS NULL")),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    first: Mapped[date]
    last: Mapped[date]
    platform: Mapped[str] = mapped_column(server_default="")
    """Only of this one; empty: of all."""
    channel: Mapped[str] = mapped_column(server_default="")
    asked_at: Mapped[datetime]
    made_at: Mapped[datetime | None]
    texts: Mapped[int] = mapped_column(server_default="0")
    """Questions of the range."""
    before: Mapped[int] = mapped_column(server_default="0")
    """Questions of the range before."""
    left_out: Mapped[int] = mapped_column(server_default="0")
    """Older ones beyond what one gathering takes."""
    alone: Mapped[int] = mapped_column(server_default="0")
    """Questions of the range that resemble no other."""
    took_ms: Mapped[int] = mapped_column(server_default="0")


class Topic(Base):
    """Questions that ask nearly the same."""

    __tablename__ = "topics"
    __table_args__ = (Index("ix_topics_run_id", "run_id", "position"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    run_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("topic_runs.id", ondelete="CASCADE"))
    position: Mapped[int]
    name: Mapped[str]
    """Its telling words, none of which a single person wrote."""
    size: Mapped[int]
    before: Mapped[int]
    """How many the range before had."""
    conversations: Mapped[int]
    platforms: Mapped[dict[str, Any]]
    """How many name which platform; `-`: none."""


class TopicTurn(Base):
    """One question of a topic, those that stand for it best first."""

    __tablename__ = "topic_turns"

    topic_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("topics.id", ondelete="CASCADE"), primary_key=True)
    turn_id: Mapped[uuid.UUID] = mapped_column(primary_key=True, index=True)
    position: Mapped[int]
    now: Mapped[bool]
    """Of the range itself, not of the one before."""
