"""Tickets as the checks read them: what their owner may hear of them."""

from dataclasses import dataclass
from datetime import datetime

from records.expectation import Expectation

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
    answered_at: datetime | None = None
    """When a person first answered; the promise is kept or missed by then."""
    expectation: Expectation | None = None
    """What may be expected of one that waits for an answer."""

    @property
    def open(self) -> bool:
        """Whether it is still to be answered."""
        return self.status != RESOLVED

    def late_at(self, now: datetime) -> bool:
        """Whether it is open, nobody has answered, and what was promised has passed."""
        return self.open and self.answered_at is None and self.promised_at < now
