"""What comes in, in one form for every channel: each channel's parser makes these from its provider's bodies."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class Kind(StrEnum):
    """What an inbound event is."""

    TEXT = "text"
    BUTTON = "button"
    CONTACT = "contact"
    PHOTO = "photo"
    DOCUMENT = "document"
    VOICE = "voice"
    STICKER = "sticker"
    LOCATION = "location"
    REACTION = "reaction"
    EDITED = "edited"
    GROUP = "group"
    UNSUPPORTED = "unsupported"
    CHANGED = "changed"
    """The channel says that the person's number or user id is another one now."""
    LEFT = "left"
    """The person blocked the bot or came back: nothing to answer."""
    SERVICE = "service"
    """The channel tells of the chat itself (something pinned, a title, a timer): nothing to answer."""
    MOVED = "moved"
    """The chat has another id now: nothing to answer."""


@dataclass(frozen=True)
class SharedContact:
    """A phone number somebody shared; `own` only when the provider proves that it is the sender's."""

    phone: str
    own: bool


@dataclass(frozen=True)
class Quoted:
    """What a message answers to: ours, or something said by somebody else."""

    text: str
    ours: bool


@dataclass(frozen=True)
class InboundEvent:
    """One event of one person; `raw` is what is stored, and what a parser makes this from again."""

    channel: str
    external_id: str
    chat: str
    person: str
    kind: Kind
    order_key: int
    """The provider's order within the chat, microseconds or steps of them; 0: as it arrives."""
    raw: bytes
    text: str = ""
    address: str = ""
    display_name: str | None = None
    phone: str | None = None
    """A number the provider itself vouches for (WhatsApp)."""
    former_phone: str | None = None
    """The number that was theirs before it changed."""
    token: str | None = None
    """Of a pressed button."""
    press_id: str | None = None
    """What Telegram wants answered after a press."""
    contact: SharedContact | None = None
    reachable: bool = True
    forwarded: bool = False
    """Passed on, so perhaps another person's words: never a proof, a command or a choice."""
    reply_to: Quoted | None = None
    album: str | None = None
    """What the pictures of one album have in common: they are answered once."""
    moved_to: str | None = None
    """The new id of the chat."""


@dataclass(frozen=True)
class DeliveryStatus:
    """What a provider says became of a message we sent."""

    channel: str
    external_id: str
    provider_message_id: str
    outbox_id: str | None
    status: str
    """sent, delivered, read or refused."""
    error: str | None
    raw: bytes
    at: datetime | None = None
    """When it happened, as the provider says."""
    code: int | None = None
    """The provider's error code, where it was refused."""


@dataclass(frozen=True)
class News:
    """What a provider tells of our own account, or of nobody we answer."""

    channel: str
    external_id: str
    topic: str
    subject: str
    event: str
    """The provider's own word for what happened."""
    raw: bytes
    words: str = ""
    """What it means, for the operator; empty where it matters to nobody: it is kept and that is all."""
    trouble: bool = False


@dataclass(frozen=True)
class GroupUpdate:
    """Something staff did in their Telegram group (or to prove who they are): the desk's, never a turn's."""

    update_id: int
    raw: bytes
    channel: str = "telegram"

    @property
    def external_id(self) -> str:
        """Name it as any other update."""
        return f"update:{self.update_id}"


class Unreadable(Exception):
    """A body that cannot be understood; it is stored as it came and answered with success, so it does not block."""


class Parser(Protocol):
    """Makes the event from what was stored."""

    def __call__(self, raw: bytes) -> InboundEvent:
        """Return the event, or raise Unreadable."""
