"""Deliveries: what came in (inbox) and what is to go out (outbox), each under a unique key before anything else."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from records.models.base import Base, new_id


class Inbound(Base):
    """One event as a provider sent it: stored, committed, and only then acknowledged."""

    __tablename__ = "inbox"
    __table_args__ = (
        UniqueConstraint("channel", "external_id"),
        CheckConstraint("status IN ('pending', 'done', 'parked', 'ignored')", name="status"),
        Index("ix_inbox_pending", "conversation_id", "id", postgresql_where=text("status = 'pending'")),
        Index("ix_inbox_parked", "id", postgresql_where=text("status = 'parked'")),
        Index("ix_inbox_sealed", "received_at", postgresql_where=text("sealed_event IS NOT NULL")),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    channel: Mapped[str]
    external_id: Mapped[str]
    """Hash of the provider's own id of this event; Telegram's `update:<update_id>` as it is, for it names nobody."""
    conversation_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("conversations.id"))
    """None for what belongs to no conversation (a status of an unknown message, an unreadable body)."""
    kind: Mapped[str]
    sealed_event: Mapped[bytes | None] = mapped_column(LargeBinary)
    """The event as it came, encrypted; emptied when it held a secret (OTP, password) or by retention."""
    order_key: Mapped[int] = mapped_column(BigInteger)
    """The provider's order within the chat."""
    received_at: Mapped[datetime]
    stored_at: Mapped[datetime] = mapped_column(server_default=text("now()"))
    """Real time, for ages; all other times but the outbox's are by the injected clock."""
    status: Mapped[str] = mapped_column(server_default="pending")
    attempts: Mapped[int] = mapped_column(server_default="0")
    error: Mapped[str | None]
    done_at: Mapped[datetime | None]


class Turn(Base):
    """What the bot understood, looked at and proposed for one inbound message: the evidence."""

    __tablename__ = "turns"
    __table_args__ = (
        Index("ix_turns_created_intent", "created_at", "intent"),
        Index("ix_turns_corrected", "created_at", postgresql_where=text("corrected_intent IS NOT NULL")),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    """The turn id given to Rasa; effects are keyed by it."""
    inbox_id: Mapped[int] = mapped_column(ForeignKey("inbox.id"), unique=True)
    conversation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("conversations.id"), index=True)
    channel: Mapped[str]
    participant_id: Mapped[str | None]
    intent: Mapped[str | None]
    """As the model read it; this never changes."""
    corrected_intent: Mapped[str | None]
    """As an agent corrected it: what the trends count."""
    confidence: Mapped[float | None]
    ranking: Mapped[list[dict[str, Any]]] = mapped_column(server_default=text("'[]'"))
    also: Mapped[list[dict[str, Any]]] = mapped_column(server_default=text("'[]'"))
    entities: Mapped[list[dict[str, Any]]] = mapped_column(server_default=text("'[]'"))
    platform: Mapped[str | None]
    prior: Mapped[list[dict[str, Any]]] = mapped_column(server_default=text("'[]'"))
    """What the records made likelier before a word was read: [{"intent", "weight", "reason", …}]."""
    findings: Mapped[list[dict[str, Any]]] = mapped_column(server_default=text("'[]'"))
    proposals: Mapped[list[dict[str, Any]]] = mapped_column(server_default=text("'[]'"))
    outcome: Mapped[str]
    """answered, asked, handed_over, joined (a person holds it), repeated (an earlier answer is sent again,
    as wished), refused or fallback."""
    model: Mapped[str | None]
    took_ms: Mapped[float]
    created_at: Mapped[datetime]


class Outbound(Base):
    """One message to send: committed with whatever caused it, sent afterwards, its fate recorded."""

    __tablename__ = "outbox"
    __table_args__ = (
        CheckConstraint("author IN ('bot', 'agent', 'system')", name="author"),
        CheckConstraint(
            "status IN ('due', 'sending', 'waiting', 'sent', 'delivered', 'read', 'unknown', 'refused', 'withheld')",
            name="status",
        ),
        Index("ix_outbox_due", "channel", "priority", "position", postgresql_where=text("status = 'due'")),
        Index(
            *("ix_outbox_open", "conversation_id", "position"),
            postgresql_where=text("status IN ('due', 'sending', 'waiting')"),
        ),
        Index("ix_outbox_sending", "held_until", postgresql_where=text("status = 'sending'")),
        Index("ix_outbox_unknown", "due_at", postgresql_where=text("status = 'unknown'")),
        Index(
            *("ix_outbox_trouble", "status", "created_at"),
            postgresql_where=text("status IN ('unknown', 'refused', 'withheld') AND settled_at IS NULL"),
        ),
        Index("ix_outbox_conversation_position", "conversation_id", "position"),
        Index("ix_outbox_provider_id", "channel", "provider_message_id"),
        {"postgresql_with": {"fillfactor": "70"}},
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    position: Mapped[int] = mapped_column(BigInteger, Identity(), unique=True)
    conversation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("conversations.id"))
    message_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("messages.id"), unique=True)
    channel: Mapped[str]
    payload: Mapped[dict[str, Any]]
    """{"text", "buttons": [{"title", "token"}], "request_contact": bool}: channel-neutral."""
    author: Mapped[str]
    owner_version: Mapped[int]
    """The conversation's version when this was written; a bot row older than the conversation's is withheld."""
    priority: Mapped[int] = mapped_column(server_default="0")
    """0 reply, 1 notice, 2 broadcast."""
    status: Mapped[str] = mapped_column(server_default="due")
    """waiting: for the person to write again, because the channel's window is closed."""
    attempts: Mapped[int] = mapped_column(server_default="0")
    due_at: Mapped[datetime] = mapped_column(server_default=text("now()"))
    """Real time from which it may be sent; of an unknown one, from which the person is asked whether it came."""
    held_by: Mapped[str | None]
    """The process that sends it: host:pid:start."""
    held_until: Mapped[datetime | None]
    claimed_at: Mapped[datetime | None]
    repeats: Mapped[int] = mapped_column(server_default="0")
    """How often it was sent again although an earlier try may have arrived."""
    asked_again_at: Mapped[datetime | None]
    """When the person was asked whether an unknown message came."""
    created_at: Mapped[datetime] = mapped_column(server_default=text("now()"))
    """Real time, for ages."""
    settled_at: Mapped[datetime | None]
    """When an operator saw to an unknown, refused or withheld one: it is no trouble any more."""
    settled_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("staff.id"))
    provider_message_id: Mapped[str | None]
    error: Mapped[str | None]
    sent_at: Mapped[datetime | None]
    status_at: Mapped[datetime | None]


class Flood(Base):
    """What one chat sent in an hour beyond what anybody can mean: counted, told of once, answered no more."""

    __tablename__ = "floods"
    __table_args__ = (CheckConstraint("count > 0", name="count"),)

    conversation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("conversations.id"), primary_key=True)
    hour: Mapped[datetime] = mapped_column(primary_key=True)
    count: Mapped[int]
    last_at: Mapped[datetime]
