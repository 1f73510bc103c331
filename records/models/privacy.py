"""What is done about personal data: requests with their receipts, and each run of the retention."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, Sequence, text
from sqlalchemy.orm import Mapped, mapped_column

from records.models.base import Base, new_id

request_numbers = Sequence("data_request_numbers", start=100001, metadata=Base.metadata)


class DataRequest(Base):
    """One request of a person about their own data, done by a named member of staff; the receipt stays when they go."""

    __tablename__ = "data_requests"
    __table_args__ = (
        CheckConstraint("kind IN ('show', 'correct', 'delete')", name="kind"),
        CheckConstraint("status IN ('waiting', 'done')", name="status"),
        Index("ix_data_requests_waiting", "made_at", postgresql_where=text("status = 'waiting'")),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    number: Mapped[str] = mapped_column(unique=True, server_default=text("'DP-' || nextval('data_request_numbers')"))
    kind: Mapped[str]
    status: Mapped[str]
    """waiting (a deletion whose last message is still on its way) or done."""
    conversation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("conversations.id"), index=True)
    ticket_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("tickets.id"))
    asked_at: Mapped[datetime]
    """When the person asked; three times 24 hours later it is due."""
    due_at: Mapped[datetime]
    made_at: Mapped[datetime]
    made_by: Mapped[str]
    """Staff username, or `system` for the command line."""
    reason: Mapped[str]
    what: Mapped[str]
    """What was done, in words without any value."""
    notice_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("messages.id"))
    """The last message to the person: a deletion waits until it was sent or refused."""
    counts: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
    """Rows by table that were shown, changed or emptied."""
    digest: Mapped[str | None]
    """sha256 over the receipt's result."""
    done_at: Mapped[datetime | None]


class RetentionRun(Base):
    """One run of the retention: what it emptied, and the oldest it left."""

    __tablename__ = "retention_runs"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    at: Mapped[datetime]
    """Domain time the limits were counted from."""
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime]
    by: Mapped[str]
    dry: Mapped[bool]
    limits: Mapped[dict[str, Any]]
    """Days each kind is kept."""
    counts: Mapped[dict[str, Any]]
    """Rows emptied, by table and column (a dry run: that would have been)."""
    oldest_left: Mapped[dict[str, Any]]
    """The oldest still held, by table and column."""
