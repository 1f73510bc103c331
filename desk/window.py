"""WhatsApp's window of 24 hours, shown to the agent as a deadline."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from records.models import Conversation

NEAR = timedelta(hours=4)


@dataclass(frozen=True)
class Window:
    """Until when free text may be sent, and how pressing that is."""

    until: datetime
    state: str
    """open, near or closed."""


def window_of(conversation: Conversation, now: datetime) -> Window | None:
    """Return the window of a WhatsApp conversation, or None where there is no such thing."""
    until = conversation.window_until
    if conversation.channel != "whatsapp" or until is None:
        return None
    return Window(until, "closed" if now >= until else "near" if until - now <= NEAR else "open")
