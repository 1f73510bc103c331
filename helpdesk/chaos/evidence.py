"""What a run leaves to be judged: what people said, what was kept of it, what was to be sent, what reached a phone.

Plain data and nothing else, so that the checker can be given a truth with one lie in it. `at` is the injected clock in
seconds, on both sides; `stored_at` is real time.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

TELEGRAM, WHATSAPP, WEB = "telegram", "whatsapp", "web"
TAKEN = "taken"


@dataclass(frozen=True)
class Said:
    """Something a person did, as the provider knows it."""

    channel: str
    chat: str
    key: str
    """What the inbox would know it by."""
    number: int | None
    """The provider's order within the chat; none for what a provider brings past it (taps and edits on Telegram)."""
    at: float
    outcome: str
    """`taken` once we acknowledged it; anything else was never promised."""
    taken_at: float | None = None
    """When we acknowledged it: from then on it was certainly there."""


@dataclass(frozen=True)
class Heard:
    """A row of the inbox, and what came of it."""

    id: int
    channel: str
    key: str
    conversation: str
    kind: str
    status: str
    received_at: float
    position: int | None = None
    """Where it stands in the conversation; none while nobody answered it."""
    began: float | None = None
    """When its turn began."""
    outcome: str | None = None
    replies: int = 0
    error: str | None = None


@dataclass(frozen=True)
class Sent:
    """A row of the outbox."""

    id: str
    position: int
    conversation: str
    channel: str
    text: str
    author: str
    status: str
    provider_message_id: str | None = None
    repeats: int = 0
    asked_again: bool = False
    error: str | None = None


@dataclass(frozen=True)
class Seen:
    """Something of ours that reached a person's phone."""

    channel: str
    chat: str
    number: int
    at: float
    text: str
    message_id: str
    outbox_id: str | None = None
    """Told by WhatsApp (our own id comes back) and the web chat; Telegram has nothing of the kind."""
    settled: bool = True
    """Whether we acknowledged what the provider told of it."""


@dataclass(frozen=True)
class TakenOver:
    """An agent was told by the desk that a conversation is theirs, until they gave it back to the bot."""

    conversation: str
    at: float
    until: float | None = None


@dataclass(frozen=True)
class Evidence:
    """One run."""

    said: Sequence[Said] = ()
    heard: Sequence[Heard] = ()
    sent: Sequence[Sent] = ()
    seen: Sequence[Seen] = ()
    conversations: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """Channel and chat of each conversation."""
    tickets: Mapping[str, str] = field(default_factory=dict)
    """Conversation of each ticket, by its number."""
    open_tickets: Mapping[str, int] = field(default_factory=dict)
    """How many cases are open in each conversation."""
    taken_over: Sequence[TakenOver] = ()
    held_lanes: Sequence[str] = ()
    """Conversations a worker still holds after everything came to rest."""
    floods: Mapping[str, int] = field(default_factory=dict)
