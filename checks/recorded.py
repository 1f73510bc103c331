"""What the records say of a participant that people write about: each thing by its name, with the reason for staff.

A source that was not or could not be asked yields nothing. Reasons and words hold course, platform, partner and days,
and nothing else of a person's.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from checks.deadline import BOUGHT
from checks.incentive import overdue
from checks.incidents import OpenIncident
from checks.purchase.attending import certificate_late
from checks.purchase.choosing import NOT_CHARGED, PENDING
from checks.situation import Situation, known
from checks.system_status import BUYING
from records.clock import wib
from records.spoken_time import MONTHS
from registry.facts import Incentive, Purchase
from registry.interface import Absent, Answer, Known

FRESH = timedelta(days=3)
"""For so long a failed attempt is what its owner most likely writes about."""
SOON = timedelta(days=7)
DUE_DAYS = 5
OLD = timedelta(days=60)
"""A class that ended longer ago is hardly what a message is about."""


@dataclass(frozen=True)
class Fact:
    """One thing the records say."""

    name: str
    reason: str
    """For staff: course and platform at most, nothing else of a person's."""
    words: dict[str, str] = field(default_factory=dict)
    """For a question to its owner."""


def facts(situation: Situation, opened: Answer[datetime] | None = None) -> Iterator[Fact]:
    """Yield everything the records say that people write about; `opened` is since when a report is open."""
    if isinstance(opened, Known):
        when = near_day(opened.value, situation.now)
        yield Fact("ticket_open", f"ada laporan terbuka sejak {when}", {"when": when})
    if isinstance(opened, Absent):
        yield Fact("no_ticket", "tidak ada laporan yang masih terbuka")
    yield from _account(situation)
    yield from _buying(situation)
    yield from _after_class(situation)
    yield from _incentives(situation)
    yield from _incidents(situation)
    yield from _quiet(situation)


def near_day(at: datetime, now: datetime) -> str:
    """Return the day as people say it: hari ini, kemarin, besok, 20 Agustus, 20 Agustus 2019."""
    said, today = wib(at).date(), wib(now).date()
    year = "" if said.year == today.year else f" {said.year}"
    near = {0: "hari ini", -1: "kemarin", 1: "besok"}.get((said - today).days)
    return near or f"{said.day} {MONTHS[said.month - 1]}{year}"


def _account(s: Situation) -> Iterator[Fact]:
    person, card = known(s.participant), known(s.card)
    if person is not None and person.account_status == "blocked":
        yield Fact("blocked", "akunnya tercatat diblokir")
    if person is not None and person.account_status == "new":
        yield Fact("unverified", "akunnya belum terverifikasi")
    if card is not None and card.status == "revoked":
        yield Fact("revoked", "kepesertaannya tercatat dicabut")
    newest = max(known(s.waves) or (), key=lambda it: it.wave, default=None)
    if newest is not None and card is None and newest.status in ("not_selected", "joined"):
        name = "not_selected" if newest.status == "not_selected" else "selection_awaited"
        outcome = "belum lolos" if newest.status == "not_selected" else "menunggu hasil seleksi"
        yield Fact(name, f"{outcome} gelombang {newest.wave}", {"wave": str(newest.wave)})


def _quiet(s: Situation) -> Iterator[Fact]:
    """Yield what the records, where they were asked, do not hold: what asks for it is less likely meant."""
    mine = known(s.purchases) or ()
    if known(s.card) is not None:
        yield Fact("recipient", "sudah menjadi penerima")
    if any(it.state in BOUGHT for it in mine):
        yield Fact("bought", "pelatihan pertama sudah dibeli")
    incidents = known(s.incidents)
    if incidents is not None and not any(it.open_at(s.now) for it in incidents):
        yield Fact("no_incident", "tidak ada gangguan tercatat")


def _buying(s: Situation) -> Iterator[Fact]:
    mine, card = known(s.purchases) or (), known(s.card)
    for it in mine:
        if (name := _of_purchase(it, s)) is not None:
            yield _about(name, it, s)
    if card is None or card.status != "active":
        return
    if card.open_holds and not any(it.state == "paid_without_code" for it in mine):
        yield Fact("balance_held", "ada saldo yang masih ditahan")
    due = card.first_purchase_due
    bought = any(it.state in BOUGHT for it in mine)
    if due is not None and s.purchases is not None and not bought and 0 <= _days_until(due, s.now) <= DUE_DAYS:
        when = near_day(due, s.now)
        yield Fact("deadline_near", f"batas beli pelatihan pertama {when}, belum ada pembelian", {"when": when})


SAYS = {
    "paid_without_code": "dibayar {when}, kode belum terbit",
    "platform_says_paid": "menurut platform sudah dibayar {when}, menurut program belum",
    "payment_pending": "menunggu pembayaran sejak {when}",
    "attempt_failed": "gagal dibayar {when}",
    "attempt_not_found": "gagal {when} karena paket tidak ditemukan",
    "attempt_without_otp": "gagal {when} karena OTP",
    "code_unused": "kodenya terbit {when}, belum ditukar",
    "class_running": "sedang diikuti",
    "certificate_late": "selesai {when}, sertifikat sudah melewati 7 hari kerja",
    "certificate_under_way": "selesai {when}, sertifikat belum tercatat",
    "not_rated": "selesai {when}, belum ada ulasan",
    "refund_under_way": "pembatalan diproses sejak {when}",
}


def _of_purchase(it: Purchase, s: Situation) -> str | None:
    if it.state in (*PENDING, *NOT_CHARGED) and it.platform_status == "paid":
        return "platform_says_paid"
    if it.state in NOT_CHARGED and s.now - it.created_at <= FRESH:
        return _failed(it.failure_reason or "")
    if it.state == "awaiting_payment" and s.now - it.created_at <= FRESH:
        return "payment_pending"
    by_state = {"paid_without_code": it.state, "cancelling": "refund_under_way"}
    by_state |= {"redeemed": "class_running", "in_progress": "class_running"}
    if it.state == "code_issued":
        starts = it.class_starts_at
        return "code_unused" if starts is None or starts - s.now <= SOON else None
    return by_state.get(it.state)


def _failed(reason: str) -> str:
    if "otp" in reason.lower():
        return "attempt_without_otp"
    return "attempt_not_found" if "tidak ditemukan" in reason.lower() else "attempt_failed"


def _after_class(s: Situation) -> Iterator[Fact]:
    for it in known(s.purchases) or ():
        finished = it.completed_at
        if it.state != "completed" or finished is None or s.now - finished > OLD:
            continue
        if it.certificate_at is None:
            name = "certificate_late" if certificate_late(it, s) else "certificate_under_way"
        elif it.rated_at is None:
            name = "not_rated"
        else:
            continue
        yield _about(name, it, s)


def _incentives(s: Situation) -> Iterator[Fact]:
    account = known(s.payout_account)
    if account is not None and account.status == "failed":
        partner = {"partner": account.partner_name}
        yield Fact("payout_failed", f"sambungan ke {account.partner_name} gagal", partner)
    for it in known(s.incentives) or ():
        if it.kind == "job_search" and (name := _of_incentive(it, s)):
            yield Fact(name, f"insentif ke-{it.sequence} {INCENTIVE_SAYS[name]}", {"sequence": str(it.sequence)})


INCENTIVE_SAYS = {
    "incentive_failed": "gagal cair",
    "incentive_held": "ditahan",
    "incentive_overdue": "melewati jadwal",
    "incentive_under_way": "sedang diproses",
    "conditions_missing": "belum memenuhi syarat",
}


def _of_incentive(it: Incentive, s: Situation) -> str | None:
    if it.status in ("scheduled", "processing") and overdue(it, wib(s.now).date()):
        return "incentive_overdue"
    by_status = {"failed": "incentive_failed", "on_hold": "incentive_held", "processing": "incentive_under_way"}
    return (by_status | {"conditions_not_met": "conditions_missing"}).get(it.status)


COMPONENTS = {
    "incident_buying": BUYING,
    "incident_otp": ("otp",),
    "incident_redeem": ("redeem",),
    "incident_login": ("login",),
    "incident_incentive": ("incentive",),
    "incident_payout": ("payout_account",),
}


def _incidents(s: Situation) -> Iterator[Fact]:
    """Yield the open incidents that can touch this person: who cannot buy now is not disturbed in buying."""
    buys = _may_buy(s)
    for name, components in COMPONENTS.items():
        if name in ("incident_buying", "incident_otp") and not buys:
            continue
        if any(it.open_at(s.now) and it.touches(components) and _theirs(it, s) for it in known(s.incidents) or ()):
            yield Fact(name, "gangguan sedang tercatat")


def _may_buy(s: Situation) -> bool:
    card = known(s.card)
    bought = any(it.state in BOUGHT for it in known(s.purchases) or ())
    return card is not None and card.status == "active" and card.available_balance > 0 and not bought


def _theirs(incident: OpenIncident, s: Situation) -> bool:
    """Whether the incident is at a platform the person has dealt with; at any, where they have dealt with none."""
    used = {it.platform_id for it in known(s.purchases) or ()}
    return not incident.platforms or not used or bool(used & set(incident.platforms))


def _last_change(it: Purchase) -> datetime:
    """Return when a purchase came into its state, as far as that is recorded."""
    by_state = {
        "paid_without_code": it.paid_at,
        "code_issued": it.code_issued_at,
        "completed": it.completed_at,
        "failed": it.closed_at,
        "expired": it.closed_at,
    }
    return by_state.get(it.state) or it.created_at


def _about(name: str, it: Purchase, s: Situation) -> Fact:
    words = {"course": it.course_title, "platform": it.platform_name, "when": near_day(_last_change(it), s.now)}
    return Fact(name, f"kelas {it.course_title} di {it.platform_name} {SAYS[name].format_map(words)}", words)


def _days_until(moment: datetime, now: datetime) -> int:
    return (wib(moment).date() - wib(now).date()).days
