"""The registry over our own tables: what the programme handed over, as of the last import.

An answer's age is the age of the files it rests on, not the moment of asking.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from records.clock import Clock
from records.database import Database
from registry import questions, redeeming, roles
from registry.asking import DEADLINE, SOURCE, Tables
from registry.catalogue import Catalogue
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
from registry.identifiers import Keyed
from registry.interface import Answer, CouldNotAsk
from registry.own_many import MANY, ManyTables


class OwnTables:
    """Answers from the tables that the import fills; one statement a question."""

    def __init__(self, database: Database, clock: Clock, keyed: Keyed, deadline: timedelta = DEADLINE) -> None:
        self._tables = Tables(database, deadline)
        self._catalogue = Catalogue(self._tables)
        self._of_many = ManyTables(database)
        self.many: Sequence[str] = tuple(MANY)
        self._clock = clock
        self._keyed = keyed

    async def participant(self, participant_id: str) -> Answer[Participant]:
        """Return the participant."""
        return await self._tables.ask(questions.PARTICIPANT, participant_id=participant_id)

    async def participants_by_phone(self, phone: str) -> Answer[tuple[str, ...]]:
        """Return the ids of those registered with this phone number."""
        return await self._tables.ask(questions.BY_PHONE, phone_hash=self._keyed.phone(phone))

    async def participants_by_phone_hash(self, phone_hash: str) -> Answer[tuple[str, ...]]:
        """Return the ids of those registered with the number of this keyed hash."""
        return await self._tables.ask(questions.BY_PHONE, phone_hash=phone_hash)

    async def participants_by_nik_last4(self, participant_ids: Sequence[str], last4: str) -> Answer[tuple[str, ...]]:
        """Return those of these participants whose NIK ends in these four digits."""
        hashes = [self._keyed.nik_last4(who, last4) for who in participant_ids]
        return await self._tables.ask(questions.BY_NIK_LAST4, participant_ids=list(participant_ids), hashes=hashes)

    async def wave_applications(self, participant_id: str) -> Answer[tuple[WaveApplication, ...]]:
        """Return their applications, newest wave first."""
        return await self._tables.ask(questions.WAVE_APPLICATIONS, participant_id=participant_id)

    async def wave(self, number: int) -> Answer[Wave]:
        """Return a wave that has opened by now."""
        return await self._tables.ask(questions.WAVE, wave=number, now=self._clock())

    async def waves(self, on: date) -> Answer[tuple[Wave, ...]]:
        """Return the waves opened by the end of that day and by now, newest first."""
        day_ends = roles.day_in_wib(on)["day_ends"]
        return await self._tables.ask(questions.WAVES, now=min(self._clock(), day_ends - timedelta(microseconds=1)))

    async def card(self, participant_id: str) -> Answer[Card]:
        """Return their card with the balance summed from its ledger."""
        return await self._tables.ask(questions.CARD, participant_id=participant_id)

    async def ledger(self, participant_id: str) -> Answer[tuple[LedgerEntry, ...]]:
        """Return the ledger, newest first."""
        return await self._tables.ask(questions.LEDGER, participant_id=participant_id)

    async def purchases(self, participant_id: str) -> Answer[tuple[Purchase, ...]]:
        """Return their purchases, newest first."""
        return await self._tables.ask(questions.PURCHASES, participant_id=participant_id)

    async def payment_status(self, invoice_code: str) -> Answer[PaymentStatus]:
        """Return what the tables say of an invoice: a payment from its capture on, before that none."""
        return await self._tables.ask(questions.PAYMENT_STATUS, invoice_code=invoice_code)

    async def redeem_status(self, code: str, sequence: int = 1) -> Answer[RedeemStatus]:
        """Return what the tables say of a redeem code; of sessions after the first they only know the end."""
        question = redeeming.BY_SEQUENCE.get(sequence)
        if question is None:
            return CouldNotAsk(SOURCE, redeeming.NOT_KEPT, 0.0, offered=False)
        return await self._tables.ask(question, redeem_code_hash=self._keyed.redeem_code_as_typed(code))

    async def quota(self, course_code: str, schedule_code: str) -> Answer[Quota]:
        """Return how many seats this schedule had left when the catalogue was handed over."""
        return await self._tables.ask(redeeming.QUOTA, course_code=course_code, schedule_code=schedule_code)

    async def courses(
        self, title: str, *, platform_id: str | None = None, limit: int = 5
    ) -> Answer[tuple[Course, ...]]:
        """Return catalogue entries whose title fits, best first; of equal titles those that the platform sells."""
        return await self._tables.answer(lambda: self._catalogue.find(title, platform_id, limit, self._clock()))

    async def organisations(self, role: str, on: date) -> Answer[tuple[Organisation, ...]]:
        """Return who holds the role on that day, as far as it is announced today."""
        return await self._tables.ask(roles.ORGANISATIONS, role=role, now=self._clock(), **roles.day_in_wib(on))

    async def organisation_roles(self, organisation_id: str) -> Answer[tuple[Organisation, ...]]:
        """Return every role of one organisation so far, oldest first."""
        return await self._tables.ask(roles.ORGANISATION_ROLES, organisation_id=organisation_id, now=self._clock())

    async def payment_partners(self, on: date) -> Answer[tuple[Organisation, ...]]:
        """Return the payout partners of that day; the note is how to reach them."""
        return await self._tables.ask(roles.PAYMENT_PARTNERS, on=on)

    async def incentives(self, participant_id: str) -> Answer[tuple[Incentive, ...]]:
        """Return their incentives in order of sequence."""
        return await self._tables.ask(questions.INCENTIVES, participant_id=participant_id)

    async def payout_account(self, participant_id: str) -> Answer[PayoutAccount]:
        """Return their payout account."""
        return await self._tables.ask(questions.PAYOUT_ACCOUNT, participant_id=participant_id)

    async def policy(self, key: str, on: date) -> Answer[Policy]:
        """Return the value of a rule valid on that day."""
        return await self._tables.ask(questions.POLICY, key=key, on=on)

    async def gather(self, question: str, keys: Sequence[str]) -> Mapping[str, Answer[Any]]:
        """Return the answer to one question for each of these keys."""
        return await self._of_many.gather(question, keys)
