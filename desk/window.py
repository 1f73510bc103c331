"""WhatsApp's window of 24 hours, shown to the agent as a deadline."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from records.models import Conversation

NEAR = timedelta(hours=4)
SOON = timedelta(hours=1)


@dataclass(frozen=True)
class Window:
    """Until when free text may be sent, and how pressing that is."""

    until: datetime
    state: str
    """open, near, soon or closed."""


def window_of(conversation: Conversation, now: datetime) -> Window | None:
    """Return the window of a WhatsApp conversation, or None where there is no such thing."""
    return window_until(conversation.channel, conversation.window_until, now)


def window_until(channel: str, until: datetime | None, now: datetime) -> Window | None:
    """Return the window that ends then, or None where there is no such thing."""
    if channel != "whatsapp" or until is None:
        return None
    left = until - now
    states = ((timedelta(0), "closed"), (SOON, "soon"), (NEAR, "near"))
    return Window(until, next((state for span, state in states if left <= span), "open"))


def is_closed(conversation: Conversation, now: datetime) -> bool:
    """Return whether words written now wait until the person writes again."""
    window = window_of(conversation, now)
    return window is not None and window.state == "closed"
