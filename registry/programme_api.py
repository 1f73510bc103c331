"""The registry over the programme's partner API, which offers three of our questions: payments, redeem codes, seats.

Everything else it is not asked. Only the programme's own "there is none" is a no; silence, errors and nonsense are
"could not ask", with what it last said beside that.
"""

import re
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from records.clock import Clock
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
from registry.identifiers import plain_code
from registry.interface import Absent, Answer, CouldNotAsk, Known
from registry.partner_line import PAYMENT_STATUS, QUOTA, REDEEM_STATUS, NotReached, PartnerLine, Refused
from registry.refusals import NOT_FOUND, refusal_in
from registry.remembered import Remembered
from registry.replies import Nonsense, payment, quota, redeem

SOURCE = "API program"
NOT_OFFERED = "tidak disediakan API mitra"
NOT_SET_UP = "API program belum diatur (PROGRAMME_API_URL)"
EMPTY_CODE = "ERRPLT40036"
"""The only published code of a refused question of ours: an empty course or schedule code, so there is none."""
_NONE = re.compile(r"tidak ditemukan|not found", re.IGNORECASE)

type Reading[T] = Callable[[dict[str, Any]], T]
type Refusing[T] = Callable[[Refused], T | None]


class ProgrammeApi:
    """Asks the programme itself; without a line it says that none is set up."""

    def __init__(self, line: PartnerLine | None, clock: Clock, remembered: Remembered | None = None) -> None:
        self._line = line
        self._clock = clock
        self._remembered = Remembered(clock) if remembered is None else remembered

    async def payment_status(self, invoice_code: str) -> Answer[PaymentStatus]:
        """Return what the programme says of an invoice."""
        return await self._ask(
            PAYMENT_STATUS, {"invoice_code": invoice_code}, lambda data: payment(data, invoice_code), _nothing
        )

    async def redeem_status(self, code: str, sequence: int = 1) -> Answer[RedeemStatus]:
        """Return what the programme says of a redeem code; a code it refuses is known, with the reason."""
        code = plain_code(code)

        def refused(error: Refused) -> RedeemStatus | None:
            refusal = refusal_in(error.message)
            return None if refusal in (None, NOT_FOUND) else RedeemStatus(sequence, refusal=refusal)

        question = {"redeem_code": code, "sequence": sequence}
        return await self._ask(REDEEM_STATUS, question, lambda data: redeem(data, code, sequence), refused)

    async def quota(self, course_code: str, schedule_code: str) -> Answer[Quota]:
        """Return how many seats this schedule has left."""
        question = {"schedule_code": schedule_code, "course_code": course_code}
        return await self._ask(QUOTA, question, lambda data: quota(data, course_code, schedule_code), _nothing)

    async def _ask[T](self, path: str, question: dict[str, Any], read: Reading[T], refused: Refusing[T]) -> Answer[T]:
        """Ask, unless the last answer is fresh; an API that cannot be asked leaves what it last said."""
        if self._line is None:
            return CouldNotAsk(SOURCE, NOT_SET_UP, 0.0, offered=False)
        began, asked = time.monotonic(), self._remembered.digest(path, question)
        if (fresh := self._remembered.fresh(asked)) is not None:
            return replace(fresh, took_ms=_since(began))
        answer = await self._call(self._line, path, question, read, refused)
        if isinstance(answer, CouldNotAsk):
            return replace(answer, last_known=self._remembered.last(asked))
        self._remembered.keep(asked, answer)
        return answer

    async def _call[T](
        self, line: PartnerLine, path: str, question: dict[str, Any], read: Reading[T], refused: Refusing[T]
    ) -> Answer[T]:
        began = time.monotonic()
        try:
            value = read(await line.post(path, question))
        except Refused as error:
            told = refused(error) if _about_the_question(error) else None
            if told is not None:
                return Known(told, SOURCE, self._clock(), _since(began))
            if _about_the_question(error) and _none(error):
                return Absent(SOURCE, self._clock(), _since(began))
            return CouldNotAsk(SOURCE, f"API program menolak pertanyaan ({_named(error)})", _since(began))
        except (NotReached, Nonsense) as error:
            return CouldNotAsk(SOURCE, f"API program {error}", _since(began))
        return Known(value, SOURCE, self._clock(), _since(began))

    async def participant(self, participant_id: str) -> Answer[Participant]:
        """Not offered."""
        return _not_offered()

    async def participants_by_phone(self, phone: str) -> Answer[tuple[str, ...]]:
        """Not offered."""
        return _not_offered()

    async def participants_by_phone_hash(self, phone_hash: str) -> Answer[tuple[str, ...]]:
        """Not offered."""
        return _not_offered()

    async def participants_by_nik_last4(self, participant_ids: Sequence[str], last4: str) -> Answer[tuple[str, ...]]:
        """Not offered."""
        return _not_offered()

    async def wave_applications(self, participant_id: str) -> Answer[tuple[WaveApplication, ...]]:
        """Not offered."""
        return _not_offered()

    async def wave(self, number: int) -> Answer[Wave]:
        """Not offered."""
        return _not_offered()

    async def waves(self, on: date) -> Answer[tuple[Wave, ...]]:
        """Not offered."""
        return _not_offered()

    async def card(self, participant_id: str) -> Answer[Card]:
        """Not offered."""
        return _not_offered()

    async def ledger(self, participant_id: str) -> Answer[tuple[LedgerEntry, ...]]:
        """Not offered."""
        return _not_offered()

    async def purchases(self, participant_id: str) -> Answer[tuple[Purchase, ...]]:
        """Not offered."""
        return _not_offered()

    async def courses(
        self, title: str, *, platform_id: str | None = None, limit: int = 5
    ) -> Answer[tuple[Course, ...]]:
        """Not offered."""
        return _not_offered()

    async def organisations(self, role: str, on: date) -> Answer[tuple[Organisation, ...]]:
        """Not offered."""
        return _not_offered()

    async def organisation_roles(self, organisation_id: str) -> Answer[tuple[Organisation, ...]]:
        """Not offered."""
        return _not_offered()

    async def payment_partners(self, on: date) -> Answer[tuple[Organisation, ...]]:
        """Not offered."""
        return _not_offered()

    async def incentives(self, participant_id: str) -> Answer[tuple[Incentive, ...]]:
        """Not offered."""
        return _not_offered()

    async def payout_account(self, participant_id: str) -> Answer[PayoutAccount]:
        """Not offered."""
        return _not_offered()

    async def policy(self, key: str, on: date) -> Answer[Policy]:
        """Not offered."""
        return _not_offered()


def _not_offered() -> CouldNotAsk:
    return CouldNotAsk(SOURCE, NOT_OFFERED, 0.0, offered=False)


def _nothing(refused: Refused) -> None:
    """No refusal of this question is an answer."""


def _about_the_question(refused: Refused) -> bool:
    """Errors about ourselves (unknown client) can say "not found" too: only HTTP 400 speaks of the question."""
    return refused.http_status == 400 and refused.code.startswith("ERR")


def _none(refused: Refused) -> bool:
    return refused.code == EMPTY_CODE or bool(_NONE.search(refused.message))


def _named(refused: Refused) -> str:
    return refused.code or f"HTTP {refused.http_status}"


def _since(began: float) -> float:
    return (time.monotonic() - began) * 1000
