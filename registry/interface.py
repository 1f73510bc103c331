"""What may be asked of the programme, and the three kinds of answer.

Two sources answer: our own tables (filled by import) and the programme's API. A source that cannot be asked, or does
not offer a question, says so; it never turns into "there is none".
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

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
    Quota,
    RedeemStatus,
    Wave,
    WaveApplication,
)


@dataclass(frozen=True)
class Known[T]:
    """The source was asked and has it."""

    value: T
    source: str
    as_of: datetime
    took_ms: float


@dataclass(frozen=True)
class Absent:
    """The source was asked and there is none."""

    source: str
    as_of: datetime
    took_ms: float


@dataclass(frozen=True)
class CouldNotAsk:
    """Nothing is known: the source was away, too slow, spoke nonsense, or does not offer the question."""

    source: str
    reason: str
    took_ms: float
    last_known: Known[Any] | Absent | None = None
    """What was last known of the same question, with its own source and age; never the answer itself."""
    offered: bool = True
    """False: the source does not have this question or is not set up, so nothing failed and asking again is no use."""


type Answer[T] = Known[T] | Absent | CouldNotAsk


class Registry(Protocol):
    """Questions about the programme; every method answers within its deadline and never raises for a failing source."""

    async def participant(self, participant_id: str) -> Answer[Participant]:
        """Return the participant."""

    async def participants_by_phone(self, phone: str) -> Answer[tuple[str, ...]]:
        """Return the ids of those registered with this phone number (any usual spelling)."""

    async def participants_by_phone_hash(self, phone_hash: str) -> Answer[tuple[str, ...]]:
        """Return the ids of those registered with the number of this keyed hash, as a binding keeps it."""

    async def participants_by_nik_last4(self, participant_ids: Sequence[str], last4: str) -> Answer[tuple[str, ...]]:
        """Return those of these participants whose NIK ends in these four digits (Absent when none)."""

    async def wave_applications(self, participant_id: str) -> Answer[tuple[WaveApplication, ...]]:
        """Return their applications, newest wave first."""

    async def wave(self, number: int) -> Answer[Wave]:
        """Return a wave that has opened by now."""

    async def waves(self, on: date) -> Answer[tuple[Wave, ...]]:
        """Return the waves opened by the end of that day and by now, newest first."""

    async def card(self, participant_id: str) -> Answer[Card]:
        """Return their card with the balance summed from its ledger."""

    async def ledger(self, participant_id: str) -> Answer[tuple[LedgerEntry, ...]]:
        """Return the ledger, newest first."""

    async def purchases(self, participant_id: str) -> Answer[tuple[Purchase, ...]]:
        """Return their purchases, newest first (Absent when there are none)."""

    async def payment_status(self, invoice_code: str) -> Answer[PaymentStatus]:
        """Return what the programme says of an invoice."""

    async def redeem_status(self, code: str, sequence: int = 1) -> Answer[RedeemStatus]:
        """Return what the programme says of a redeem code and a session of its class (Absent: no such code)."""

    async def quota(self, course_code: str, schedule_code: str) -> Answer[Quota]:
        """Return how many seats this schedule has left (Absent: no such schedule)."""

    async def courses(
        self, title: str, *, platform_id: str | None = None, limit: int = 5
    ) -> Answer[tuple[Course, ...]]:
        """Return catalogue entries whose title fits, best first (Absent when nothing fits)."""

    async def organisations(self, role: str, on: date) -> Answer[tuple[Organisation, ...]]:
        """Return who holds the role (platform, institution) on that day."""

    async def organisation_roles(self, organisation_id: str) -> Answer[tuple[Organisation, ...]]:
        """Return every dated role of one organisation."""

    async def payment_partners(self, on: date) -> Answer[tuple[Organisation, ...]]:
        """Return the payout partners of that day (role `payment_partner`)."""

    async def incentives(self, participant_id: str) -> Answer[tuple[Incentive, ...]]:
        """Return their incentives in order of sequence."""

    async def payout_account(self, participant_id: str) -> Answer[PayoutAccount]:
        """Return their payout account."""

    async def policy(self, key: str, on: date) -> Answer[Policy]:
        """Return the value of a rule valid on that day."""
