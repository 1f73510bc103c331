"""Tickets as the checks read them: what their owner may hear of them."""

from dataclasses import dataclass
from datetime import datetime

RESOLVED = "resolved"


@dataclass(frozen=True)
class TicketFact:
    """A ticket as its owner may hear of it."""

    number: str
    intent: str
    queue: str
    status: str
    opened_at: datetime
    promised_at: datetime
    resolved_at: datetime | None
    resolution: str | None

    @property
    def open(self) -> bool:
        """Whether it is still to be answered."""
        return self.status != RESOLVED

    def late_at(self, now: datetime) -> bool:
        """Whether it is open and what was promised has passed."""
        return self.open and self.promised_at < now
