"""What binding leaves behind: one-time links, and how often lookups failed. No personal value is in them."""

import uuid
from datetime import datetime

from sqlalchemy import ARRAY, DateTime, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from records.models.base import Base, new_id


class OneTimeLink(Base):
    """A way for a bound person into another chat: good for one use and a few minutes. Times are real time."""

    __tablename__ = "one_time_links"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    """The token is made from this with a key that is not in the database."""
    token_hash: Mapped[str] = mapped_column(unique=True)
    identity_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("identities.id"), index=True)
    """Who asked for it, in the chat where they were bound."""
    conversation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("conversations.id"))
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class LookupCount(Base):
    """When lookups failed for one subject within the last hour; `subject` is a keyed hash. Times are real time."""

    __tablename__ = "lookup_counts"

    subject: Mapped[str] = mapped_column(primary_key=True)
    failed_at: Mapped[list[datetime]] = mapped_column(ARRAY(DateTime(timezone=True)))
    locked_until: Mapped[datetime | None]
