"""What helps an agent answer: prepared words, words being written, where sent words came from, checks run again."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from records.models.base import Base, new_id


class CannedReply(Base):
    """Words prepared for many answers, with variables in braces; of one agent, of a team, or of everybody."""

    __tablename__ = "canned_replies"
    __table_args__ = (
        CheckConstraint("num_nonnulls(staff_id, team_id) <= 1", name="one_owner"),
        Index(
            "uq_canned_replies_own", "staff_id", "shortcut", unique=True, postgresql_where=sql("staff_id IS NOT NULL")
        ),
        Index(
            "uq_canned_replies_team", "team_id", "shortcut", unique=True, postgresql_where=sql("team_id IS NOT NULL")
        ),
        Index(
            *("uq_canned_replies_all", "shortcut"),
            unique=True,
            postgresql_where=sql("staff_id IS NULL AND team_id IS NULL"),
        ),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    shortcut: Mapped[str]
    """What is typed after a slash."""
    title: Mapped[str]
    text: Mapped[str]
    staff_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("staff.id"))
    """Whose own it is; where neither this nor the team is set it is everybody's."""
    team_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("teams.id"))
    used: Mapped[int] = mapped_column(server_default="0")
    """How many sent replies began with it."""
    changed_at: Mapped[datetime]


class ReplyDraft(Base):
    """Words somebody is writing in a conversation: kept until they are sent, seen by nobody else."""

    __tablename__ = "reply_drafts"

    staff_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    conversation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("conversations.id"), primary_key=True, index=True)
    act: Mapped[str] = mapped_column(primary_key=True)
    """reply, note or resolve."""
    text: Mapped[str]
    key: Mapped[uuid.UUID]
    """The form's key, so that the same words sent from two browsers are sent once."""
    sources: Mapped[list[str]] = mapped_column(server_default=sql("'[]'"))
    """Where the words came from, as `ReplySource`: kind:reference."""
    written_at: Mapped[datetime]


class ReplySource(Base):
    """What an agent's reply was made from: a finding, an article or prepared words."""

    __tablename__ = "reply_sources"
    __table_args__ = (CheckConstraint("kind IN ('finding', 'article', 'canned')", name="kind"),)

    message_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("messages.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(primary_key=True)
    """The check's name, the article's id or the prepared reply's id."""
    as_of: Mapped[datetime | None]
    """How old what it says was, where it is dated."""


class Recheck(Base):
    """A check that an agent had run again, beside the finding that was there before."""

    __tablename__ = "rechecks"
    __table_args__ = (Index("ix_rechecks_conversation_id_at", "conversation_id", "at"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    conversation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("conversations.id"))
    ticket_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("tickets.id"))
    staff_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff.id"))
    check_name: Mapped[str]
    at: Mapped[datetime]
    finding: Mapped[dict[str, Any] | None]
    """As in `Ticket.evidence`; none where the check has nothing to say of this person now."""
    said: Mapped[str | None]
    """What the bot would tell the participant of it."""
