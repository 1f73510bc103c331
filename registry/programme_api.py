"""The registry over the programme's partner API, which offers one of our questions: what became of a payment.

Everything else it is not asked. Only the programme's own "no such invoice" is a no; silence, errors and nonsense are
"could not ask".
"""

import re
import time
from collections.abc import Sequence
from datetime import date, datetime
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
    Wave,
    WaveApplication,
)
from registry.interface import Absent, Answer, CouldNotAsk, Known
from registry.partner_line import NotReached, PartnerLine, Refused

SOURCE = "API program"
NOT_OFFERED = "tidak disediakan API mitra"
NOT_SET_UP = "API program belum diatur (PROGRAMME_API_URL)"
PAYMENT_STATUS = "/api/v1/integration/payment/status"
STATUSES = frozenset({"SUCCESS", "VOID"})
_NOT_FOUND = re.compile(r"tidak ditemukan|not found", re.IGNORECASE)


class Nonsense(Exception):
    """A reply of the right shape whose content cannot be."""


class ProgrammeApi:
    """Asks the programme itself; without a line it says that none is set up."""

    def __init__(self, line: PartnerLine | None, clock: Clock) -> None:
        self._line = line
        self._clock = clock

    async def payment_status(self, invoice_code: str) -> Answer[PaymentStatus]:
        """Return what the programme says of an invoice."""
        began = time.monotonic()
        if self._line is None:
            return CouldNotAsk(SOURCE, NOT_SET_UP, 0.0)
        try:
            data = await self._line.post(PAYMENT_STATUS, {"invoice_code": invoice_code})
            return Known(_payment(data, invoice_code), SOURCE, self._clock(), _since(began))
        except Refused as refused:
            if _no_such_invoice(refused):
                return Absent(SOURCE, self._clock(), _since(began))
            code = refused.code or f"HTTP {refused.http_status}"
            return CouldNotAsk(SOURCE, f"API program menolak pertanyaan ({code})", _since(began))
        except (NotReached, Nonsense) as error:
            return CouldNotAsk(SOURCE, f"API program {error}", _since(began))

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
    return CouldNotAsk(SOURCE, NOT_OFFERED, 0.0)


def _no_such_invoice(refused: Refused) -> bool:
    """Errors about ourselves (unknown client) can say "not found" too: only HTTP 400 speaks of the question."""
    return refused.http_status == 400 and refused.code.startswith("ERR") and bool(_NOT_FOUND.search(refused.message))


def _payment(data: dict[str, Any], asked: str) -> PaymentStatus:
    if str(data.get("invoice_code", "")).upper() != asked.upper():
        raise Nonsense("menjawab tentang pesanan lain")
    status = str(data.get("status", ""))
    if status not in STATUSES:
        raise Nonsense("menjawab dengan status yang tidak dikenal")
    return PaymentStatus(asked, _amount(data.get("amount")), status, _moment(data.get("created_at")))


def _amount(said: object) -> int:
    """Read an amount, documented as text and sampled as number."""
    if isinstance(said, int) and not isinstance(said, bool) and said >= 0:
        return said
    if isinstance(said, str) and said.isascii() and said.isdigit():
        return int(said)
    raise Nonsense("menjawab dengan jumlah yang tidak terbaca")


def _moment(said: object) -> datetime | None:
    try:
        read = datetime.fromisoformat(said) if isinstance(said, str) else None
    except ValueError:
        return None
    return read if read and read.tzinfo else None


def _since(began: float) -> float:
    return (time.monotonic() - began) * 1000
