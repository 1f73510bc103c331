"""What the programme knows of a bound participant and an agent needs: masked, each with its source and age.

Asked when somebody looks at it, within a deadline; what does not answer is said to be so.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from checks.card import STATUS as CARD
from checks.indonesian import STATES, day, rupiah
from checks.payout_account import STATUS as PAYOUT
from checks.situation import Situation
from registry.facts import Card, Participant, PayoutAccount, Purchase
from registry.interface import Absent, Answer, CouldNotAsk, Known

NEEDS = ("participant", "card", "purchases", "payout_account")
ACCOUNT = {"new": "baru", "verified": "terverifikasi", "blocked": "diblokir"}
COULD_NOT, NONE = "belum bisa ditanyakan", "tidak ada catatan"
PURCHASES = 3


@dataclass(frozen=True)
class Fact:
    """One line: what it is, what is known, of whom, how old."""

    label: str
    value: str
    source: str
    as_of: datetime | None
    known: bool


def facts_of(situation: Situation) -> list[Fact]:
    """Return the lines of the panel."""
    return [
        *_lines("Peserta", situation.participant, _participant),
        *_lines("Kartu", situation.card, _card),
        *_lines("Pembelian", situation.purchases, _purchases),
        *_lines("Rekening/e-wallet", situation.payout_account, _payout),
    ]


def could_not_ask(why: str) -> list[Fact]:
    """Return the lines of a participant who could not be asked about at all."""
    labels = ("Peserta", "Kartu", "Pembelian", "Rekening/e-wallet")
    return [Fact(label, f"{COULD_NOT} ({why})", "meja bantuan", None, known=False) for label in labels]


def _lines[T](label: str, answer: Answer[T] | None, told: Callable[[T], list[str]]) -> Iterator[Fact]:
    if isinstance(answer, Known):
        for value in told(answer.value):
            yield Fact(label, value, answer.source, answer.as_of, known=True)
    elif isinstance(answer, Absent):
        yield Fact(label, NONE, answer.source, answer.as_of, known=True)
    elif isinstance(answer, CouldNotAsk):
        yield Fact(label, f"{COULD_NOT} ({answer.reason})", answer.source, None, known=False)
    else:
        yield Fact(label, COULD_NOT, "meja bantuan", None, known=False)


def _participant(it: Participant) -> list[str]:
    proven = {"email": it.verified_email, "KTP": it.verified_ktp, "wajah": it.verified_face}
    missing = [name for name, done in proven.items() if not done]
    wave = f"penerima gelombang {it.recipient_wave}" if it.recipient_wave else "belum menjadi penerima"
    account = f"akun {ACCOUNT.get(it.account_status, it.account_status)}"
    waits = f"belum terverifikasi: {', '.join(missing)}" if missing else ""
    return [
        "; ".join(filter(None, [_initials(it.name), wave, account, waits])),
        f"{it.phone_masked}; {it.email_masked}",
    ]


def _initials(name: str) -> str:
    first, *rest = name.split() or ["?"]
    return " ".join([first, *(f"{word[0]}." for word in rest)])


def _card(it: Card) -> list[str]:
    holds = f", ditahan {rupiah(it.open_holds)}" if it.open_holds else ""
    due = f"; batas beli pertama {day(it.first_purchase_due)}" if it.first_purchase_due else ""
    return [f"…{it.last4} {CARD.get(it.status, it.status)}, saldo {rupiah(it.available_balance)}{holds}{due}"]


def _purchases(them: tuple[Purchase, ...]) -> list[str]:
    told = [
        f"“{it.course_title}” di {it.platform_name}, {day(it.created_at)}: {STATES.get(it.state, it.state)}"
        for it in them[:PURCHASES]
    ]
    return [*told, f"dan {len(them) - PURCHASES} lagi"] if len(them) > PURCHASES else told


def _payout(it: PayoutAccount) -> list[str]:
    why = f" ({it.reason})" if it.reason else ""
    return [f"{it.partner_name} …{it.last4[-2:]}: {PAYOUT.get(it.status, it.status)}{why}"]
