"""The registry for many people at once: what is theirs is read in a few statements before anybody's check begins.

A source that answers one person at a time (the programme's API) is asked as it is, within its own limits. What is
nobody's own (courses, platforms, rules) is asked once for all of them.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import date
from typing import Any, Protocol, runtime_checkable

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
from registry.interface import Answer, Known, Registry

type Gathering = Mapping[str, Mapping[str, Answer[Any]]]
"""By question, by whom (or what) it was asked of."""

PHONE, PAYMENT, PURCHASES = "phone", "payment", "purchases"


@runtime_checkable
class AnswersMany(Protocol):
    """A source that can answer for many at once."""

    many: Sequence[str]
    """The questions it can."""

    async def gather(self, question: str, keys: Sequence[str]) -> Mapping[str, Answer[Any]]:
        """Return the answer to one question for each of these keys; never raises for the source."""


async def gathered(
    registry: Registry, people: Sequence[str], phones: Sequence[str], questions: Sequence[str]
) -> "Gathered":
    """Return a registry that holds these people's answers to these questions, as far as the source answers many."""
    held: dict[str, Mapping[str, Answer[Any]]] = {}
    if isinstance(registry, AnswersMany):
        for question in questions:
            if question in registry.many and question not in (PHONE, PAYMENT):
                held[question] = await registry.gather(question, people)
        if PHONE in registry.many:
            held[PHONE] = await registry.gather(PHONE, phones)
        if PAYMENT in questions and PAYMENT in registry.many:
            held[PAYMENT] = await registry.gather(PAYMENT, _invoices(held.get(PURCHASES, {})))
    return Gathered(registry, held)


def _invoices(purchases: Mapping[str, Answer[Any]]) -> list[str]:
    mine = (it for answer in purchases.values() if isinstance(answer, Known) for it in answer.value)
    return list(dict.fromkeys(it.invoice_code for it in mine if it.invoice_code))


class Gathered:
    """Answers from what was read before; anything else from the registry itself, once."""

    def __init__(self, registry: Registry, held: Gathering) -> None:
        self._registry, self._held = registry, held
        self._once: dict[tuple[Any, ...], Answer[Any]] = {}

    async def _of[T](self, question: str, key: str, ask: Callable[[str], Awaitable[Answer[T]]]) -> Answer[T]:
        answer = self._held.get(question, {}).get(key)
        return answer if answer is not None else await ask(key)

    async def _shared[T](self, key: tuple[Any, ...], ask: Callable[[], Awaitable[Answer[T]]]) -> Answer[T]:
        if key not in self._once:
            self._once[key] = await ask()
        return self._once[key]

    async def participant(self, participant_id: str) -> Answer[Participant]:
        """Return the participant."""
        return await self._of("participant", participant_id, self._registry.participant)

    async def participants_by_phone(self, phone: str) -> Answer[tuple[str, ...]]:
        """Return the ids of those registered with this phone number."""
        return await self._registry.participants_by_phone(phone)

    async def participants_by_phone_hash(self, phone_hash: str) -> Answer[tuple[str, ...]]:
        """Return the ids of those registered with the number of this keyed hash."""
        return await self._of(PHONE, phone_hash, self._registry.participants_by_phone_hash)

    async def participants_by_nik_last4(self, participant_ids: Sequence[str], last4: str) -> Answer[tuple[str, ...]]:
        """Return those of these participants whose NIK ends in these four digits."""
        return await self._registry.participants_by_nik_last4(participant_ids, last4)

    async def wave_applications(self, participant_id: str) -> Answer[tuple[WaveApplication, ...]]:
        """Return their applications, newest wave first."""
        return await self._of("waves", participant_id, self._registry.wave_applications)

    async def wave(self, number: int) -> Answer[Wave]:
        """Return a wave that has opened by now."""
        return await self._shared(("wave", number), lambda: self._registry.wave(number))

    async def waves(self, on: date) -> Answer[tuple[Wave, ...]]:
        """Return the waves opened by the end of that day and by now, newest first."""
        return await self._shared(("waves", on), lambda: self._registry.waves(on))

    async def card(self, participant_id: str) -> Answer[Card]:
        """Return their card."""
        return await self._of("card", participant_id, self._registry.card)

    async def ledger(self, participant_id: str) -> Answer[tuple[LedgerEntry, ...]]:
        """Return the ledger, newest first."""
        return await self._of("ledger", participant_id, self._registry.ledger)

    async def purchases(self, participant_id: str) -> Answer[tuple[Purchase, ...]]:
        """Return their purchases, newest first."""
        return await self._of(PURCHASES, participant_id, self._registry.purchases)

    async def payment_status(self, invoice_code: str) -> Answer[PaymentStatus]:
        """Return what the programme says of an invoice."""
        return await self._of(PAYMENT, invoice_code, self._registry.payment_status)

    async def redeem_status(self, code: str, sequence: int = 1) -> Answer[RedeemStatus]:
        """Return what the programme says of a redeem code."""
        return await self._registry.redeem_status(code, sequence)

    async def quota(self, course_code: str, schedule_code: str) -> Answer[Quota]:
        """Return how many seats this schedule has left."""
        return await self._shared(
            ("quota", course_code, schedule_code), lambda: self._registry.quota(course_code, schedule_code)
        )

    async def courses(
        self, title: str, *, platform_id: str | None = None, limit: int = 5
    ) -> Answer[tuple[Course, ...]]:
        """Return catalogue entries whose title fits, best first."""
        return await self._shared(
            ("courses", title, platform_id, limit),
            lambda: self._registry.courses(title, platform_id=platform_id, limit=limit),
        )

    async def organisations(self, role: str, on: date) -> Answer[tuple[Organisation, ...]]:
        """Return who holds the role on that day."""
        return await self._shared(("organisations", role, on), lambda: self._registry.organisations(role, on))

    async def organisation_roles(self, organisation_id: str) -> Answer[tuple[Organisation, ...]]:
        """Return every dated role of one organisation."""
        key = ("organisation_roles", organisation_id)
        return await self._shared(key, lambda: self._registry.organisation_roles(organisation_id))

    async def payment_partners(self, on: date) -> Answer[tuple[Organisation, ...]]:
        """Return the payout partners of that day."""
        return await self._shared(("payment_partners", on), lambda: self._registry.payment_partners(on))

    async def incentives(self, participant_id: str) -> Answer[tuple[Incentive, ...]]:
        """Return their incentives in order of sequence."""
        return await self._of("incentives", participant_id, self._registry.incentives)

    async def payout_account(self, participant_id: str) -> Answer[PayoutAccount]:
        """Return their payout account."""
        return await self._of("payout_account", participant_id, self._registry.payout_account)

    async def policy(self, key: str, on: date) -> Answer[Policy]:
        """Return the value of a rule valid on that day."""
        return await self._shared(("policy", key, on), lambda: self._registry.policy(key, on))
