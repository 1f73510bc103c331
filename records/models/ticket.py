"""Tickets (what staff work on) and hand-overs (who held a conversation, when, why)."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, FetchedValue, ForeignKey, Index, Sequence, text
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
        Index(
            *("ix_tickets_first_replies", "team_id", "priority", "first_reply_at"),
            postgresql_where=text("first_reply_at IS NOT NULL"),
        ),
        Index(
            "ix_tickets_waiting",
            *("promised_at", "number"),
            postgresql_include=[
                *("status", "staff_id", "team_id", "queue", "intent", "platform", "channel", "priority", "wave"),
                *("opened_at", "first_reply_at", "waiting_since", "snoozed_until", "incident_id", "id"),
            ],
            postgresql_where=text("status <> 'resolved'"),
        ),
        Index("ix_tickets_resolved", "resolved_at", "number", postgresql_where=text("status = 'resolved'")),
        Index("ix_tickets_resolved_intent", "intent", "resolved_at", postgresql_where=text("status = 'resolved'")),
        Index("ix_tickets_number_part", "number", postgresql_ops={"number": "text_pattern_ops"}),
        Index("ix_tickets_tags", "tags", postgresql_using="gin", postgresql_where=text("tags <> '[]'::jsonb")),
        Index("ix_tickets_incident_id", "incident_id", postgresql_where=text("incident_id IS NOT NULL")),
        Index("ix_tickets_merged_into_id", "merged_into_id", postgresql_where=text("merged_into_id IS NOT NULL")),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    number: Mapped[str] = mapped_column(unique=True, server_default=text("'T-' || nextval('ticket_numbers')"))
    conversation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("conversations.id"), index=True)
    channel: Mapped[str] = mapped_column(server_default=FetchedValue())
    """The conversation's, written by the database (trigger `tickets_opening`): the queue is filtered by it."""
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
    team_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("teams.id"), server_default=FetchedValue())
    """Whose case it is; the database chooses by the queue when nobody says (trigger `tickets_team`)."""
    wave: Mapped[int | None]
    """The wave of the participant, where it was known when the case was opened."""
    tags: Mapped[list[str]] = mapped_column(server_default=text("'[]'"))
    waiting_since: Mapped[datetime | None]
    """Since when they wait for words of a person; none while it is their turn to write, or all is done.

    The database begins it with the case and ends it with its resolution; between those the bot (bot/finishing.py)
    and the desk (desk/acts/saying.py) write it, who hold the case's lock anyway.
    """
    snoozed_until: Mapped[datetime | None]
    """Out of sight until then, or until the participant writes."""
    merged_into_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("tickets.id"))
    """The case that goes on in its place; this one is resolved."""
    incident_id: Mapped[str | None]
    """No key leads there: opening any case would wait for whoever holds that table."""
    resolve_by: Mapped[datetime | None]
    """By when it should be closed: an aim of the desk, told to nobody outside."""
    warned_at: Mapped[datetime | None]
    """When the desk saw that little of the promise was left, and the participant was told."""
    broken_at: Mapped[datetime | None]
    """When the desk saw that the promise was missed."""
    previous_staff_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("staff.id"))
    """Who held it before it was reopened: it goes to them first, until anybody decides otherwise."""
    reopened: Mapped[int] = mapped_column(server_default="0")
    """How often it was resolved and had to be opened again."""


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
