"""A person on a channel, their conversation, its lane and its messages.

The lane is apart from the conversation because it changes with every message and holds only machinery: who works on the
conversation now, until when, and when to look again. Its times are real time; all others are by the injected clock.
"""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, LargeBinary, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from records.models.base import Base, new_id


class ChannelIdentity(Base):
    """Somebody on a channel, and the participant they are proven to be (or nobody)."""

    __tablename__ = "identities"
    __table_args__ = (UniqueConstraint("channel", "external_id"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    channel: Mapped[str]
    external_id: Mapped[str]
    """Telegram user id, WhatsApp user id (BSUID or wa_id), web visitor id, console user."""
    display_name: Mapped[str | None]
    participant_id: Mapped[str | None] = mapped_column(index=True)
    """The registry's id, only while bound."""
    bound_by: Mapped[str | None]
    """telegram_contact, whatsapp_id, link or rehearsal."""
    bound_at: Mapped[datetime | None]
    """When it was last proven; a binding lasts so long from then."""
    phone_hash: Mapped[str | None]
    """Keyed hash of the number that proved it: while the registry gives that number to the participant, it holds."""
    bound_through: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("identities.id"), index=True)
    """Whose one-time link bound this one: it ends with theirs."""
    session_hash: Mapped[str | None]
    """Web: only the browser with the key of this hash sees the chat; nobody, once the binding is taken back."""
    pending: Mapped[dict[str, Any] | None]
    """A number is proven that several participants share: {"candidates", "phone_hash", "by", "until"}."""
    declined_at: Mapped[datetime | None]
    """When they asked not to be bound; a number is then not looked up until they ask for it."""
    broadcasts_declined_at: Mapped[datetime | None]
    """When they asked for no more broadcasts, until they ask for them again."""


class Conversation(Base):
    """One chat on one channel, and who holds it: the bot or a person."""

    __tablename__ = "conversations"
    __table_args__ = (
        UniqueConstraint("channel", "external_id"),
        CheckConstraint("owner IN ('bot', 'human')", name="owner"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    channel: Mapped[str]
    external_id: Mapped[str]
    """The channel's key of the chat: Telegram chat id, WhatsApp business-scoped user id (or number), web visitor id."""
    address: Mapped[str] = mapped_column(server_default="")
    """Where replies go when that is not the key itself: the WhatsApp number, where the webhook told one."""
    identity_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("identities.id"), index=True)
    opened_at: Mapped[datetime]
    last_inbound_at: Mapped[datetime | None]
    window_until: Mapped[datetime | None]
    """WhatsApp: free text may be sent until then."""
    dialogue_state: Mapped[dict[str, Any]] = mapped_column(server_default=sql("'{}'"))
    """Carried state of Rasa, opaque here."""
    offered: Mapped[list[dict[str, Any]]] = mapped_column(server_default=sql("'[]'"))
    """The buttons offered last and not yet used: [{"title", "token", "choice"}]; any other token is stale."""
    owner: Mapped[str] = mapped_column(server_default="bot")
    owner_version: Mapped[int] = mapped_column(server_default="0")
    """The fence: raised by every change of owner; a write with an old number is refused."""
    staff_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("staff.id"))
    unreachable: Mapped[str | None]
    """Why nothing can be sent (blocked, deactivated …), or none."""


class Lane(Base):
    """The queue of one conversation: at most one worker holds it."""

    __tablename__ = "lanes"
    __table_args__ = (
        Index("ix_lanes_due", "due_at", postgresql_where=sql("due_at IS NOT NULL")),
        {"postgresql_with": {"fillfactor": "70"}},
    )

    conversation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("conversations.id"), primary_key=True)
    due_at: Mapped[datetime | None]
    """Real time from which there is work; none when there is none."""
    held_by: Mapped[str | None]
    held_until: Mapped[datetime | None]
    fence: Mapped[int] = mapped_column(server_default="0")
    falls: Mapped[int] = mapped_column(server_default="0")
    """How many holders in a row never let it go: an event that ends processes is set aside after a few."""


class Message(Base):
    """Something said in a conversation, masked; the raw words stay sealed beside it."""

    __tablename__ = "messages"
    __table_args__ = (
        CheckConstraint("direction IN ('in', 'out', 'note')", name="direction"),
        CheckConstraint("author IN ('participant', 'bot', 'agent', 'system')", name="author"),
        # with what counting a conversation's messages asks for
        Index(
            "ix_messages_conversation_position",
            *("conversation_id", "position"),
            postgresql_include=["direction", "created_at"],
        ),
        Index("ix_messages_sealed", "created_at", postgresql_where=sql("sealed_text IS NOT NULL")),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    position: Mapped[int] = mapped_column(BigInteger, Identity(), unique=True)
    conversation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("conversations.id"))
    direction: Mapped[str]
    author: Mapped[str]
    text: Mapped[str]
    sealed_text: Mapped[bytes | None] = mapped_column(LargeBinary)
    kind: Mapped[str] = mapped_column(server_default="text")
    """text, button, photo, voice, sticker, contact, edited, unsupported …"""
    buttons: Mapped[list[dict[str, Any]]] = mapped_column(server_default=sql("'[]'"))
    """Titles shown with a bot message: [{"title"}]."""
    media: Mapped[dict[str, Any] | None]
    context: Mapped[dict[str, Any] | None]
    """What it answers to and whether it was passed on: {"reply_to": {"text", "ours"}, "forwarded": true}."""
    inbox_id: Mapped[int | None] = mapped_column(ForeignKey("inbox.id"), unique=True)
    turn_id: Mapped[uuid.UUID | None]
    staff_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("staff.id"))
    created_at: Mapped[datetime]
