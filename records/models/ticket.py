"""Tickets (what staff work on), hand-overs (who held a conversation, when, why) and incidents (one outage, one row)."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Sequence, text
from sqlalchemy.orm import Mapped, mapped_column

from records.models.base import Base, new_id

ticket_numbers = Sequence("ticket_numbers", start=100001, metadata=Base.metadata)


class Ticket(Base):
    """A case for a person, with the evidence that led to it; one open at most in a conversation."""

    __tablename__ = "tickets"
    __table_args__ = (
        CheckConstraint("status IN ('open', 'claimed', 'resolved')", name="status"),
        CheckConstraint("priority IN ('normal', 'high', 'urgent')", name="priority"),
        Index(
            "uq_tickets_one_open",
            "conversation_id",
            unique=True,
            postgresql_where=text("status IN ('open', 'claimed')"),
        ),
        Index("ix_tickets_status_opened_at", "status", "opened_at"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    number: Mapped[str] = mapped_column(unique=True, server_default=text("'T-' || nextval('ticket_numbers')"))
    conversation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("conversations.id"), index=True)
    participant_id: Mapped[str | None]
    intent: Mapped[str]
    also: Mapped[list[str]] = mapped_column(server_default=text("'[]'"))
    platform: Mapped[str | None]
    course: Mapped[str | None]
    summary: Mapped[str]
    reason: Mapped[str]
    queue: Mapped[str]
    priority: Mapped[str] = mapped_column(server_default="normal")
    status: Mapped[str] = mapped_column(server_default="open")
    version: Mapped[int] = mapped_column(server_default="0")
    """Raised by every change; claim and resolve are compare-and-set on it."""
    staff_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("staff.id"))
    evidence: Mapped[list[dict[str, Any]]] = mapped_column(server_default=text("'[]'"))
    """Findings, masked, in the order they were made."""
    opened_by_turn: Mapped[uuid.UUID] = mapped_column(unique=True)
    opened_at: Mapped[datetime]
    promised_at: Mapped[datetime]
    first_reply_at: Mapped[datetime | None]
    resolved_at: Mapped[datetime | None]
    resolution: Mapped[str | None]


class HandOver(Base):
    """One change of who holds a conversation."""

    __tablename__ = "hand_overs"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    conversation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("conversations.id"), index=True)
    ticket_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("tickets.id"))
    from_owner: Mapped[str]
    to_owner: Mapped[str]
    staff_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("staff.id"))
    version: Mapped[int]
    reason: Mapped[str]
    at: Mapped[datetime]


class Incident(Base):
    """An outage or hold of the programme: what it touches, since when, and what may be said about it."""

    __tablename__ = "incidents"
    __table_args__ = (CheckConstraint("status IN ('suspected', 'confirmed', 'monitoring', 'resolved')", name="status"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[str]
    components: Mapped[list[str]]
    """purchase, otp, redeem, login, incentive, payout_account, catalogue."""
    platforms: Mapped[list[str]] = mapped_column(server_default=text("'[]'"))
    """Empty means all."""
    partners: Mapped[list[str]] = mapped_column(server_default=text("'[]'"))
    started_at: Mapped[datetime]
    estimated_end_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    status: Mapped[str]
    public_message: Mapped[str]
    source: Mapped[str]
    as_of: Mapped[datetime]
