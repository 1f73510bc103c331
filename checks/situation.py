"""Everything known when a check is made: what the person meant and said, and what every source answered.

A field that is None was not asked (not needed, or the person is not bound): that says nothing about the world.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from checks.incidents import OpenIncident
from registry.facts import (
    Card,
    Course,
    Incentive,
    LedgerEntry,
    Organisation,
    Participant,
    PaymentStatus,
    PayoutAccount,
    Purchase,
    WaveApplication,
)
from registry.interface import Answer, CouldNotAsk, Known


@dataclass(frozen=True)
class Situation:
    """The facts of one turn."""

    intent: str
    now: datetime
    text: str = ""
    """Masked words of the person."""
    bound: bool = False
    platform: str | None = None
    course: str | None = None
    partner: str | None = None
    invoice: str | None = None
    lasted: timedelta | None = None
    """For how long, as the person says."""
    times: int | None = None
    """How often it failed, as the person says."""
    repeated: bool = False
    """The same problem was answered just before."""

    incidents: Answer[tuple[OpenIncident, ...]] | None = None
    reports: Answer[int] | None = None
    """How many conversations told of technical trouble in the last hour."""
    participant: Answer[Participant] | None = None
    waves: Answer[tuple[WaveApplication, ...]] | None = None
    card: Answer[Card] | None = None
    ledger: Answer[tuple[LedgerEntry, ...]] | None = None
    purchases: Answer[tuple[Purchase, ...]] | None = None
    payment: Answer[PaymentStatus] | None = None
    """What the programme says of the purchase in question."""
    courses: Answer[tuple[Course, ...]] | None = None
    platforms: Answer[tuple[Organisation, ...]] | None = None
    roles: Answer[tuple[Organisation, ...]] | None = None
    """Every dated role of the platform that was named."""
    incentives: Answer[tuple[Incentive, ...]] | None = None
    payout_account: Answer[PayoutAccount] | None = None

    def meaning(self, intent: str) -> "Situation":
        """Return the same facts read for another intent (two problems in one message)."""
        return replace(self, intent=intent)

    def says(self, *words: str) -> bool:
        """Whether the person used any of these words."""
        text = self.text.lower()
        return any(word in text for word in words)


def known[T](answer: Answer[T] | None) -> T | None:
    """Return the value of an answer, or none where there is none or it could not be asked."""
    return answer.value if isinstance(answer, Known) else None


def could_not_ask(*answers: Answer[object] | None) -> bool:
    """Whether any of these sources could not be asked."""
    return any(isinstance(answer, CouldNotAsk) for answer in answers)
