"""Permits to look: whoever has no part in a case opens its conversation for a reason, and for a while."""

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from records.models.base import Base, new_id


class LookPermit(Base):
    """One reason one sign-in gave to open one conversation; it ends with its time or with the sign-in."""

    __tablename__ = "look_permits"
    __table_args__ = (Index("ix_look_permits_staff_conversation", "staff_id", "conversation_id"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    staff_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff.id"))
    session_hash: Mapped[str] = mapped_column(ForeignKey("staff_sessions.token_hash", ondelete="CASCADE"), index=True)
    conversation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("conversations.id"), index=True)
    reason: Mapped[str]
    """Masked; the audit trail keeps it too."""
    at: Mapped[datetime]
    until: Mapped[datetime]
    """By the injected clock."""
