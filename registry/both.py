"""Both sources: our own tables for what was handed over, the programme's API for payments, redeem codes and seats.

When the API could not be asked, that is the answer; beside it stands the last that is known, of the API or of the
tables, whichever is younger, with its own source and age.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import date
from typing import Any

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
from registry.gathered import PAYMENT, AnswersMany
from registry.interface import Absent, Answer, CouldNotAsk, Known, Registry

type LastKnown = Known[Any] | Absent


class BothSources:
    """Asks the tables everything but what the API tells of this very moment."""

    def __init__(self, tables: Registry, api: Registry) -> None:
        self._tables = tables
        self._api = api
        # what the API tells of this very moment it tells one at a time
        self.many: Sequence[str] = [it for it in _many(tables) if it != PAYMENT]

    async def payment_status(self, invoice_code: str) -> Answer[PaymentStatus]:
        """Return what the programme says of an invoice."""
        return await _beside(
            await self._api.payment_status(invoice_code), lambda: self._tables.payment_status(invoice_code)
        )

    async def redeem_status(self, code: str, sequence: int = 1) -> Answer[RedeemStatus]:
        """Return what the programme says of a redeem code; a bare refusal is given the purchase the tables know."""
        answer = await _beside(
            await self._api.redeem_status(code, sequence), lambda: self._tables.redeem_status(code, sequence)
        )
        if not isinstance(answer, Known) or answer.value.invoice_code is not None:
            return answer
        ours = await self._tables.redeem_status(code)
        if not isinstance(ours, Known):
            return answer
        return replace(answer, value=replace(ours.value, **_said(answer.value)))

    async def quota(self, course_code: str, schedule_code: str) -> Answer[Quota]:
        """Return how many seats this schedule has left."""
        return await _beside(
            await self._api.quota(course_code, schedule_code), lambda: self._tables.quota(course_code, schedule_code)
        )

    async def participant(self, participant_id: str) -> Answer[Participant]:
        """Return the participant."""
        return await self._tables.participant(participant_id)

    async def participants_by_phone(self, phone: str) -> Answer[tuple[str, ...]]:
        """Return the ids of those registered with this phone number."""
        return await self._tables.participants_by_phone(phone)

    async def participants_by_phone_hash(self, phone_hash: str) -> Answer[tuple[str, ...]]:
        """Return the ids of those registered with the number of this keyed hash."""
        return await self._tables.participants_by_phone_hash(phone_hash)

    async def participants_by_nik_last4(self, participant_ids: Sequence[str], last4: str) -> Answer[tuple[str, ...]]:
        """Return those of these participants whose NIK ends in these four digits."""
        return await self._tables.participants_by_nik_last4(participant_ids, last4)

    async def wave_applications(self, participant_id: str) -> Answer[tuple[WaveApplication, ...]]:
        """Return their applications, newest wave first."""
        return await self._tables.wave_applications(participant_id)

    async def wave(self, number: int) -> Answer[Wave]:
        """Return a wave that has opened by now."""
        return await self._tables.wave(number)

    async def waves(self, on: date) -> Answer[tuple[Wave, ...]]:
        """Return the waves opened by the end of that day and by now, newest first."""
        return await self._tables.waves(on)

    async def card(self, participant_id: str) -> Answer[Card]:
        """Return their card."""
        return await self._tables.card(participant_id)

    async def ledger(self, participant_id: str) -> Answer[tuple[LedgerEntry, ...]]:
        """Return the ledger, newest first."""
        return await self._tables.ledger(participant_id)

    async def purchases(self, participant_id: str) -> Answer[tuple[Purchase, ...]]:
        """Return their purchases, newest first."""
        return await self._tables.purchases(participant_id)

    async def courses(
        self, title: str, *, platform_id: str | None = None, limit: int = 5
    ) -> Answer[tuple[Course, ...]]:
        """Return catalogue entries whose title fits, best first."""
        return await self._tables.courses(title, platform_id=platform_id, limit=limit)

    async def organisations(self, role: str, on: date) -> Answer[tuple[Organisation, ...]]:
        """Return who holds the role on that day."""
        return await self._tables.organisations(role, on)

    async def organisation_roles(self, organisation_id: str) -> Answer[tuple[Organisation, ...]]:
        """Return every role of one organisation."""
        return await self._tables.organisation_roles(organisation_id)

    async def payment_partners(self, on: date) -> Answer[tuple[Organisation, ...]]:
        """Return the payout partners of that day."""
        return await self._tables.payment_partners(on)

    async def incentives(self, participant_id: str) -> Answer[tuple[Incentive, ...]]:
        """Return their incentives in order of sequence."""
        return await self._tables.incentives(participant_id)

    async def payout_account(self, participant_id: str) -> Answer[PayoutAccount]:
        """Return their payout account."""
        return await self._tables.payout_account(participant_id)

    async def policy(self, key: str, on: date) -> Answer[Policy]:
        """Return the value of a rule valid on that day."""
        return await self._tables.policy(key, on)

    async def gather(self, question: str, keys: Sequence[str]) -> Mapping[str, Answer[Any]]:
        """Return the tables' answer to one question for each of these keys."""
        return await self._tables.gather(question, keys) if isinstance(self._tables, AnswersMany) else {}


def _many(source: Registry) -> Sequence[str]:
    return source.many if isinstance(source, AnswersMany) else ()


async def _beside[T](answer: Answer[T], tables: Callable[[], Awaitable[Answer[T]]]) -> Answer[T]:
    """Return the answer; where there is none, with the last that is known beside it."""
    if not isinstance(answer, CouldNotAsk):
        return answer
    ours = await tables()
    last: list[LastKnown] = [it for it in (answer.last_known, ours) if it and not isinstance(it, CouldNotAsk)]
    return replace(answer, last_known=max(last, key=lambda it: it.as_of, default=None))


def _said(refused: RedeemStatus) -> dict[str, Any]:
    return {name: value for name, value in asdict(refused).items() if value is not None}
