"""Everything known when a check is made: what the person meant and said, and what every source answered.

A field that is None was not asked (not needed, or the person is not bound): that says nothing about the world.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from checks import spoken
from checks.article import Article
from checks.incidents import OpenIncident
from checks.tickets import TicketFact
from registry.facts import (
    Card,
    Course,
    Incentive,
    LedgerEntry,
    Organisation,
    Participant,
    PaymentStatus,
    PayoutAccount,
    Policy,
    Purchase,
    RedeemStatus,
    Wave,
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
    """How many conversations told of the same technical trouble in the last hour."""
    tickets: Answer[tuple[TicketFact, ...]] | None = None
    """Earlier reports of this chat and its bound participant."""
    article: Answer[Article] | None = None
    participant: Answer[Participant] | None = None
    waves: Answer[tuple[WaveApplication, ...]] | None = None
    """Their applications."""
    calendar: Answer[tuple[Wave, ...]] | None = None
    """The waves that have opened by now."""
    card: Answer[Card] | None = None
    ledger: Answer[tuple[LedgerEntry, ...]] | None = None
    purchases: Answer[tuple[Purchase, ...]] | None = None
    payment: Answer[PaymentStatus] | None = None
    """What the programme says of the purchase in question."""
    redeem: Answer[RedeemStatus] | None = None
    """What the programme says of the redeem code that was sent."""
    courses: Answer[tuple[Course, ...]] | None = None
    own_course: Answer[Course] | None = None
    """The catalogue's entry of the purchase in question."""
    platforms: Answer[tuple[Organisation, ...]] | None = None
    roles: Answer[tuple[Organisation, ...]] | None = None
    """Every dated role of the platform that was named."""
    incentives: Answer[tuple[Incentive, ...]] | None = None
    payout_account: Answer[PayoutAccount] | None = None
    rule: Answer[Policy] | None = None
    """Days to buy the first training, as the rule stood for them."""

    def meaning(self, intent: str) -> "Situation":
        """Return the same facts read for another intent (two problems in one message)."""
        return replace(self, intent=intent)

    def says(self, *cues: str) -> bool:
        """Whether the person says any of these to be so: not denied, not only supposed."""
        return spoken.asserts(self.text, *cues)

    def mentions(self, *words: str) -> bool:
        """Whether the person speaks of any of these, whatever they say of it."""
        return spoken.mentions(self.text, *words)


def known[T](answer: Answer[T] | None) -> T | None:
    """Return the value of an answer, or none where there is none or it could not be asked."""
    return answer.value if isinstance(answer, Known) else None


def could_not_ask(*answers: Answer[object] | None) -> bool:
    """Whether any of these sources could not be asked."""
    return any(isinstance(answer, CouldNotAsk) for answer in answers)
