"""Both sources: our own tables for what was handed over, the programme's API for what became of a payment.

When the API could not be asked, that is the answer; what the tables last knew stands beside it with its own age.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

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
    Wave,
    WaveApplication,
)
from registry.interface import Answer, CouldNotAsk, Registry


class BothSources:
    """Asks the tables everything but payments."""

    def __init__(self, tables: Registry, api: Registry) -> None:
        self._tables = tables
        self._api = api

    async def payment_status(self, invoice_code: str) -> Answer[PaymentStatus]:
        """Return what the programme says; if it could not be asked, with the tables' last word beside that."""
        answer = await self._api.payment_status(invoice_code)
        if not isinstance(answer, CouldNotAsk):
            return answer
        last = await self._tables.payment_status(invoice_code)
        return replace(answer, last_known=None if isinstance(last, CouldNotAsk) else last)

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
