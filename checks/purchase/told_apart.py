"""Where the platform, the programme's tables and the programme itself do not say the same of one payment.

The tables are as old as their import, so the programme's own word goes before them; a programme that could not be asked
leaves the matter open. "The platform says paid, the programme does not" is found here, and its opposite.
"""

from dataclasses import dataclass

from checks.finding import Verdict
from checks.indonesian import asked_at
from checks.purchase.choosing import NOT_CHARGED, PENDING
from checks.situation import Situation
from registry.facts import Purchase
from registry.interface import Absent, CouldNotAsk, Known

CODE_EXISTS = ("code_issued", "redeemed", "in_progress", "completed", "code_expired")
TAKEN = ("paid_without_code", *CODE_EXISTS, "forfeited")
UNPAID = (*PENDING, *NOT_CHARGED)
LAST_WORD = {"SUCCESS": "program menyebut pembayarannya berhasil", "VOID": "program menyebut pembayarannya dibatalkan"}
NO_SUCH_PAYMENT = "program belum mengenal pembayarannya"


@dataclass(frozen=True)
class Apart:
    """A difference: its verdict, what is said of it, and what a person is to look at."""

    verdict: Verdict
    advice: str
    reason: str


UNKNOWN_THERE = Apart(Verdict.NO, "platform_and_programme_differ", "Platform dan program berbeda tentang pembayaran")
VOIDED = Apart(Verdict.NO, "programme_says_void", "Program menyebut pembayaran dibatalkan, catatan berbeda")
CONFIRMED = Apart(Verdict.NO, "programme_says_paid", "Program menyebut pembayaran berhasil, catatan berbeda")
NOT_SEEN = Apart(Verdict.NO, "paid_code_not_seen", "Program sudah menerima pembayaran, kode belum terlihat")
OPEN = Apart(Verdict.UNKNOWN, "platform_says_paid_unconfirmed", "Platform menyebut lunas, program belum bisa ditanya")


def apart(purchase: Purchase, situation: Situation) -> Apart | None:
    """Return how the sources differ about this payment, or none where they agree as far as they were asked."""
    taken, unpaid = purchase.state in TAKEN, purchase.state in UNPAID
    called_paid = unpaid and purchase.platform_status == "paid"
    payment = situation.payment
    if isinstance(payment, CouldNotAsk):
        return OPEN if called_paid else None
    if isinstance(payment, Absent):
        return UNKNOWN_THERE if taken or called_paid or purchase.state == "cancelling" else None
    if payment is None:
        return UNKNOWN_THERE if called_paid else None
    if payment.value.status != "SUCCESS":
        return VOIDED if taken or called_paid else None
    if called_paid:
        return NOT_SEEN
    return CONFIRMED if unpaid or purchase.state == "refunded" else None


def success(situation: Situation) -> bool:
    """Whether the programme confirms a live payment."""
    return isinstance(situation.payment, Known) and situation.payment.value.status == "SUCCESS"


def words(situation: Situation) -> dict[str, str]:
    """Return when the programme was asked, and its last word where it could not be asked now."""
    payment, now = situation.payment, situation.now
    if payment is None:
        return {"asked": asked_at(now, now), "last": ""}
    if not isinstance(payment, CouldNotAsk):
        return {"asked": asked_at(payment.as_of, now), "last": ""}
    last = payment.last_known
    if last is None:
        return {"asked": asked_at(now, now), "last": ""}
    word = NO_SUCH_PAYMENT if isinstance(last, Absent) else LAST_WORD[last.value.status]
    return {"asked": asked_at(now, now), "last": f" Terakhir, per {asked_at(last.as_of, now)}, {word}."}
