"""What a provider told of a message we sent: every status event, in whatever order and however often it came."""

import uuid
from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from records.models.base import Base


class Receipt(Base):
    """One status event of an outbox row; what the row's own status is follows from all of them."""

    __tablename__ = "receipts"
    __table_args__ = (
        UniqueConstraint("outbox_id", "status", "at"),
        CheckConstraint("status IN ('sent', 'delivered', 'read', 'refused')", name="status"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    outbox_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("outbox.id"))
    status: Mapped[str]
    """sent, delivered, read or refused (the provider's "failed")."""
    at: Mapped[datetime]
    """When it happened, as the provider says."""
    code: Mapped[int | None]
    """The provider's error code, where it was refused."""
    error: Mapped[str | None]
    """What the provider said of it, masked."""
    superseded: Mapped[bool] = mapped_column(server_default="false")
    """It told of an earlier try: the message was sent again since, and this decides nothing any more."""
    received_at: Mapped[datetime]
