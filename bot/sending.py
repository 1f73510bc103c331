"""What goes out, in one form for every channel, and what became of it.

SendError
├── RetryLater      wait `seconds` (of this chat, or of the whole channel) and send again: nothing was sent
│   ├── NotReached  the provider was not reached at all: tried until it is
│   └── TooFast     a limit of the provider's: waited for in its own scope as often as it takes
├── Ambiguous       it may have been sent: never blindly again
├── Refused         never as it is: the message is at fault, or the recipient cannot have it
│   └── WindowClosed  WhatsApp takes no free text from us any more: it waits until the person writes, staff are told
├── Unreachable     this person cannot be written to any more (blocked, deactivated)
├── Moved           the chat has another id now: rewrite and send again
├── Restricted      the channel lets us begin no more conversations: broadcasts rest, tell the operator
└── ChannelStopped  the channel itself refuses us (token): keep the queue, tell the operator
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol, runtime_checkable

from bot.events import InboundEvent

EXTENSIONS = {"image/jpeg": "jpg", "image/png": "png", "application/pdf": "pdf"}
"""Every type that staff may send."""


@dataclass(frozen=True)
class Button:
    """A choice shown to the person; `token` comes back when it is pressed."""

    title: str
    token: str


@dataclass(frozen=True)
class FileOut:
    """A file that goes with a message."""

    id: str
    kind: str
    """photo or document."""
    type: str = ""
    """By its content; empty until it is fetched for sending."""
    content: bytes = field(default=b"", repr=False)

    @property
    def name(self) -> str:
        """What the person's telephone calls it: ours, never what it was called where it came from."""
        return f"meja-bantuan-{self.id[:8]}.{EXTENSIONS.get(self.type, 'bin')}"


@dataclass(frozen=True)
class OutboundMessage:
    """One message for one chat."""

    outbox_id: str
    chat: str
    address: str
    text: str
    buttons: tuple[Button, ...] = ()
    request_contact: bool = False
    link: str | None = None
    """Id of the one-time link whose address is to stand where the text says [TAUTAN]."""
    window_until: datetime | None = None
    """WhatsApp: free text may be sent until then."""
    template: dict[str, Any] | None = None
    """WhatsApp: the approved template to send instead of free text: {"name", "language", "parameters"}."""
    attempts: int = 1
    """How often it was tried, this time counted."""
    file: FileOut | None = None


class SendError(Exception):
    """The message was not, or perhaps not, sent."""


class RetryLater(SendError):
    """Nothing was sent; wait and send again."""

    def __init__(self, seconds: float, reason: str, *, whole_channel: bool = False) -> None:
        super().__init__(reason)
        self.seconds = seconds
        self.whole_channel = whole_channel


class NotReached(RetryLater):
    """The provider was not reached."""


class TooFast(RetryLater):
    """The provider's limit is reached; `seconds` is all the waiting there is to do."""


class Ambiguous(SendError):
    """The bytes went out and no answer came."""


class Refused(SendError):
    """The provider will never take this message as it is."""


class WindowClosed(Refused):
    """The 24 hours after the person's last message are over."""


class Unreachable(SendError):
    """The person blocked us or is gone."""


class Moved(SendError):
    """The chat has a new id."""

    def __init__(self, new_chat: str) -> None:
        super().__init__(f"chat moved to {new_chat}")
        self.new_chat = new_chat


class Restricted(SendError):
    """The channel restricts what we may begin ourselves."""

    def __init__(self, seconds: float, reason: str) -> None:
        super().__init__(reason)
        self.seconds = seconds


class ChannelStopped(SendError):
    """The channel refuses us altogether."""


class Sender(Protocol):
    """The sending half of a channel."""

    async def send(self, message: OutboundMessage) -> str:
        """Send and return the provider's message id; raises SendError."""


@runtime_checkable
class Reading(Protocol):
    """A sender that can show a person that their message was read."""

    async def read(self, event: InboundEvent) -> None:
        """Show it; never raises for a provider that does not want to."""


@runtime_checkable
class Typing(Protocol):
    """A sender that can show that an answer is on its way."""

    async def typing(self, event: InboundEvent) -> None:
        """Show it; never raises for a provider that does not want to."""
