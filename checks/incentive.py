"""I: what became of the incentive that is meant: paid, under way, failed, held, or still waiting for a condition."""

from datetime import date

from checks.evidence import evidence, unknown
from checks.finding import Finding, Verdict
from checks.indonesian import day, listed, rupiah, working_days_after
from checks.payout_account import check as payout_check
from checks.purchase import first_training
from checks.situation import Situation, could_not_ask, known
from records.clock import wib
from registry.facts import Incentive
from registry.interface import CouldNotAsk

NAME = "incentive"
LABEL = "Insentif"
STATUS = {
    "conditions_not_met": "belum memenuhi syarat",
    "scheduled": "dijadwalkan",
    "processing": "diproses",
    "paid": "cair",
    "failed": "gagal",
    "on_hold": "ditahan",
}
KINDS = {"job_search": "insentif biaya mencari kerja", "survey": "insentif survei"}
WORST_FIRST = ("failed", "on_hold", "processing", "scheduled", "conditions_not_met", "paid")
WORKING_DAYS = 5
MENDED = (
    *(
        "rekening … sudah diperbaiki",
        "sudah diperbaiki",
        "sudah ganti rekening",
        "sudah ganti e-wallet",
        "sudah ganti ke",
    ),
    *("sudah saya ganti", "sudah aktifkan", "rekening sudah aktif", "sudah hubungi bank", "sudah ke bank"),
)
UNDER_WAY = ("scheduled", "processing")


def check(situation: Situation) -> Finding | None:
    """Say what the incentive record says, and from when on waiting is no longer the answer."""
    answer = situation.incentives
    if answer is None:
        return None
    if isinstance(answer, CouldNotAsk):
        return unknown(NAME, LABEL, answer)
    incentive = in_question(situation)
    if incentive is None:
        return _none_yet(situation)
    words = _words(incentive, situation)
    shown = (evidence(LABEL, answer, _line(incentive)),)
    verdict = Verdict.YES if incentive.status == "paid" else Verdict.NO
    advice = f"incentive_{incentive.status}"
    if incentive.status in UNDER_WAY and overdue(incentive, wib(situation.now).date()):
        advice = "incentive_overdue"
    if incentive.status == "failed" and mended(situation):
        advice = "incentive_failed_again"
    return Finding(NAME, verdict, _line(incentive), shown, advice, words=words)


def overview(situation: Situation) -> Finding | None:
    """Say in one line how all their incentives stand (for whoever fears to lose them)."""
    answer = situation.incentives
    if answer is None:
        return None
    if isinstance(answer, CouldNotAsk):
        return unknown(NAME, LABEL, answer)
    mine = known(answer) or ()
    if not mine:
        return _none_yet(situation)
    stopped = [it for it in mine if it.status in ("on_hold", "failed")]
    lines = "; ".join(_line(it) for it in mine if it.kind == "job_search") or "; ".join(_line(it) for it in mine)
    shown = (evidence(LABEL, answer, "; ".join(_line(it) for it in mine)),)
    advice = "incentives_stopped" if stopped else "incentives_running"
    return Finding(NAME, Verdict.NO if stopped else Verdict.YES, lines, shown, advice, words={"lines": lines})


def in_question(situation: Situation) -> Incentive | None:
    """Return the incentive a complaint is about: the one of its kind that went most wrong, earliest first."""
    kind = "survey" if situation.intent == "survey_incentive" else "job_search"
    mine = [it for it in known(situation.incentives) or () if it.kind == kind]
    return min(mine, key=lambda it: (WORST_FIRST.index(it.status), it.sequence), default=None)


def mended(situation: Situation) -> bool:
    """Whether they have done what was to be done about a failed one."""
    return situation.repeated or situation.says(*MENDED)


def overdue(incentive: Incentive, today: date) -> bool:
    """Whether more than five working days have gone since its scheduled day."""
    due = incentive.scheduled_for
    return due is not None and working_days_after(due, WORKING_DAYS) < today


def conditions_met_and_late(situation: Situation) -> bool:
    """Whether every condition is on record, the account is linked, and the schedule is long past."""
    incentive = in_question(situation)
    if incentive is None or incentive.status not in UNDER_WAY or known(situation.purchases) is None:
        return False
    account = payout_check(situation)
    met = not first_training.missing(situation) and account is not None and account.verdict is Verdict.YES
    return met and overdue(incentive, wib(situation.now).date())


def _none_yet(situation: Situation) -> Finding:
    answer = situation.incentives
    assert answer is not None  # noqa: S101 (the callers have looked)
    nothing = (evidence(LABEL, answer, "belum ada jadwal"),)
    finished = any(it.state in first_training.FINISHED for it in known(situation.purchases) or ())
    looked = situation.purchases is not None and not could_not_ask(situation.purchases)
    if situation.intent == "survey_incentive" and (finished or not looked):
        advice = "survey_none"
    else:
        advice = "incentive_none_finished" if finished else "incentive_none_unfinished" if looked else "incentive_none"
    return Finding(NAME, Verdict.NO, "Belum ada insentif tercatat", nothing, advice)


def _words(incentive: Incentive, situation: Situation) -> dict[str, str]:
    account = known(situation.payout_account)
    due = incentive.scheduled_for
    return {
        "kind": KINDS.get(incentive.kind, incentive.kind),
        "sequence": str(incentive.sequence),
        "amount": rupiah(incentive.amount),
        "scheduled": day(due) if due else "tanggal yang belum ditetapkan",
        "latest": day(working_days_after(due, WORKING_DAYS)) if due else "tanggal yang belum ditetapkan",
        "paid": day(incentive.paid_at) if incentive.paid_at else "tanggal yang tidak tercatat",
        "reason": incentive.reason or "alasannya tidak tercatat",
        "partner": account.partner_name if account else "mitra pembayaran",
        "missing": _said_missing(situation) or incentive.reason or "salah satu syaratnya belum lengkap",
    }


def _said_missing(situation: Situation) -> str:
    lacking = _missing(situation)
    return f"belum ada {listed(lacking)}" if lacking else ""


def _missing(situation: Situation) -> list[str]:
    account = payout_check(situation)
    # one that was cut off is told by itself, with its name
    linked = account is None or account.verdict is not Verdict.NO or account.advice == "payout_unlinked"
    return [*first_training.missing(situation), *([] if linked else ["rekening atau e-wallet yang tersambung"])]


def _line(incentive: Incentive) -> str:
    status = STATUS.get(incentive.status, incentive.status)
    when = (
        incentive.paid_at or incentive.scheduled_for
        if incentive.status in ("paid", "scheduled", "processing")
        else None
    )
    return f"ke-{incentive.sequence} {rupiah(incentive.amount)} {status}" + (f" {day(when)}" if when else "")
