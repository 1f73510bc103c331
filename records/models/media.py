"""Files people attach and files staff send: a row with the message that carries them, content only after every check.

Content lies here and not in a folder: several machines, backups and erasure then need nothing of their own. It is
sealed, and no query but those that serve or check it reads it.
"""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, deferred, mapped_column

from records.models.base import Base, new_id

DUE = "status IN ('waiting', 'unscanned') AND (inbox_id IS NOT NULL OR message_id IS NOT NULL)"


class Media(Base):
    """One attached file."""

    __tablename__ = "media"
    __table_args__ = (
        UniqueConstraint("inbox_id", "number"),
        CheckConstraint("status IN ('waiting', 'unscanned', 'kept', 'refused', 'lost', 'gone')", name="status"),
        Index("ix_media_due", "due_at", postgresql_where=sql(DUE)),
        Index("ix_media_conversation_received_at", "conversation_id", "received_at"),
        Index("ix_media_ticket", "ticket_id"),
        Index("ix_media_infected", "created_at", postgresql_where=sql("reason = 'infected'")),
        Index("ix_media_sealed", "received_at", postgresql_where=sql("sealed_content IS NOT NULL")),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    conversation_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("conversations.id"))
    """None: a web visitor's upload whose message has not come."""
    inbox_id: Mapped[int | None] = mapped_column(ForeignKey("inbox.id"))
    """The event that carried it."""
    message_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("messages.id"), unique=True)
    """The message of ours that carries it: a file staff send, which goes out once it passed every check."""
    number: Mapped[int] = mapped_column(server_default="0")
    """Its place among the files of the event."""
    ticket_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("tickets.id"))
    """The case it belongs to."""
    channel: Mapped[str]
    kind: Mapped[str]
    """photo, document, voice, video or sticker, as the channel calls it."""
    reference: Mapped[str | None]
    """The provider's id of the file: the only thing it is ever fetched by."""
    digest: Mapped[str | None]
    """What the provider says identifies the content: WhatsApp's sha256, Telegram's file_unique_id."""
    named: Mapped[str | None]
    """The sender's file name, masked; shown, never used."""
    received_at: Mapped[datetime]
    status: Mapped[str] = mapped_column(server_default="waiting")
    """waiting (to be fetched), unscanned (here, but not looked through yet), kept, refused, lost (it could not be
    had within its life) or gone (its time is over, or its person was erased)."""
    reason: Mapped[str | None]
    """Why it was refused, lost, or is still waited for: a word of bot/media/reasons.py."""
    attempts: Mapped[int] = mapped_column(server_default="0")
    """Also the fence: who claimed it earlier writes nothing any more."""
    created_at: Mapped[datetime] = mapped_column(server_default=sql("now()"))
    """Real time, as are the next two."""
    due_at: Mapped[datetime] = mapped_column(server_default=sql("now()"))
    """When it is looked at next; while somebody fetches it, when they are taken for dead."""
    give_up_at: Mapped[datetime]
    type: Mapped[str | None]
    """By its content."""
    size: Mapped[int | None]
    """Bytes of what is kept, unsealed."""
    width: Mapped[int | None]
    height: Mapped[int | None]
    sealed_content: Mapped[bytes | None] = deferred(mapped_column(LargeBinary))
    sealed_preview: Mapped[bytes | None] = deferred(mapped_column(LargeBinary))
    settled_at: Mapped[datetime | None]
