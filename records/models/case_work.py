"""What staff do around a case: tags in use, news for a colleague, what a note said before, who is looking now.

Presence is machinery: it runs on real time, and after a crash it may be empty (its table is not logged).
"""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from records.models.base import Base, new_id


class Tag(Base):
    """A tag that cases may carry; cases name it in `Ticket.tags`."""

    __tablename__ = "tags"

    name: Mapped[str] = mapped_column(primary_key=True)
    created_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("staff.id"))
    created_at: Mapped[datetime]


class StaffNotice(Base):
    """News for one member of staff: of a case (named in it, given it, awake again), or of a page to look at."""

    __tablename__ = "staff_notices"
    __table_args__ = (
        CheckConstraint(
            "kind IN ('mention', 'transfer', 'woken', 'promise', 'rating', 'given', 'returned', "
            "'suspicion', 'incident', 'broadcast')",
            name="kind",
        ),
        CheckConstraint("conversation_id IS NOT NULL OR path IS NOT NULL", name="leads"),
        UniqueConstraint("message_id", "staff_id"),
        Index("ix_staff_notices_staff_id_at", "staff_id", "at"),
        Index("ix_staff_notices_unseen", "staff_id", postgresql_where=sql("seen_at IS NULL")),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    staff_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff.id"))
    kind: Mapped[str]
    conversation_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("conversations.id"), index=True)
    path: Mapped[str | None]
    """The page of the desk it is about, where it is about no case."""
    ticket_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("tickets.id"))
    message_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("messages.id"))
    """The note that names them; its words are read there."""
    by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("staff.id"))
    said: Mapped[str] = mapped_column(server_default="")
    """The reason of a transfer, masked."""
    at: Mapped[datetime]
    seen_at: Mapped[datetime | None]


class NoteVersion(Base):
    """What a note said before its writer changed or withdrew it."""

    __tablename__ = "note_versions"

    message_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("messages.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    conversation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("conversations.id"), index=True)
    text: Mapped[str]
    replaced_at: Mapped[datetime]
    withdrawn: Mapped[bool] = mapped_column(server_default=sql("false"))
    """It was taken away and not only said better."""


class StaffPresence(Base):
    """Where a member of staff was last seen; without a conversation: elsewhere at the desk."""

    __tablename__ = "staff_presence"
    __table_args__ = (
        UniqueConstraint("staff_id", "conversation_id", postgresql_nulls_not_distinct=True),
        Index("ix_staff_presence_conversation_id", "conversation_id"),
        {"prefixes": ["UNLOGGED"], "postgresql_with": {"fillfactor": "50"}},
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, server_default=sql("gen_random_uuid()"))
    staff_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff.id"))
    conversation_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("conversations.id"))
    seen_at: Mapped[datetime]
    """Real time."""
    typing_at: Mapped[datetime | None]
    """Real time of the last key they pressed in a form of this conversation."""
