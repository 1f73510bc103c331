"""After the payment: the code, the class, attendance, the certificate and the review."""

from datetime import date, datetime, timedelta

from checks.finding import Finding, Verdict
from checks.indonesian import day, working_days_after
from checks.purchase import sent_code
from checks.purchase.choosing import BACK, subject
from checks.purchase.words import NAME, failed, none_recorded, not_asked, shown, told
from checks.situation import Situation
from records.clock import wib
from registry.facts import Purchase

CERTIFICATE_WORKING_DAYS = 7
ANOTHER_PERSON = (
    "orang lain",
    "punya orang",
    "milik orang",
    "bukan punya saya",
    "bukan nama saya",
    "nama orang",
    "bukan milik saya",
)
WRONG_TYPE = ("tipe pelatihan … tidak sesuai", "jenis pelatihan … tidak sesuai", "tipe kelas … tidak sesuai")
NOT_THE_INSTITUTIONS = ("bukan milik lembaga", "bukan dari lembaga", "lembaga … tidak sesuai", "kode … tidak sesuai")
REDEEMED = ("redeemed", "in_progress", "completed")


def redeem(situation: Situation) -> Finding | None:
    """Say in which state the code is: usable, used, expired, or not there yet. The code itself is never said."""
    by_state = {"code_issued": _usable(situation), "code_expired": "redeem_expired"}
    by_state |= {"paid_without_code": "redeem_no_code"} | dict.fromkeys(BACK, "redeem_cancelled")
    looked_up = not_asked(situation) or failed(situation)
    return (None if looked_up else sent_code.check(situation)) or _by_state(situation, by_state, "redeem_used")


def class_access(situation: Situation) -> Finding | None:
    """Say what stands between the person and the class."""
    by_state = {
        "redeemed": "class_open",
        "in_progress": "class_open",
        "code_issued": "class_redeem_first",
        "paid_without_code": "redeem_no_code",
        "completed": "class_finished",
    }
    return _by_state(situation, by_state, "class_open")


def attendance(situation: Situation) -> Finding | None:
    """Say which class session the records know, and whether it has begun."""
    by_state = {"code_issued": "class_redeem_first", "paid_without_code": "redeem_no_code"}
    return _by_state(situation, by_state, "attendance_recorded_class")


def certificate(situation: Situation) -> Finding | None:
    """Say where the certificate is in the chain from institution over platform to PMO."""
    if not_asked(situation):
        return None
    if (unknown := failed(situation)) is not None:
        return unknown
    meant = subject(situation)
    if meant is None:
        return none_recorded(situation, "certificate_no_class")
    words = told(meant) | {"latest": day(certificate_due(meant.completed_at)) if meant.completed_at else "", "seen": ""}
    if meant.certificate_at is not None:
        words["seen"] = day(meant.certificate_at)
        return Finding(
            NAME, Verdict.YES, "Sertifikat sudah tercatat", shown(meant, situation), "certificate_there", words=words
        )
    if meant.completed_at is None:
        return Finding(
            NAME,
            Verdict.NO,
            "Kelas belum tercatat selesai",
            shown(meant, situation),
            "certificate_unfinished",
            words=words,
        )
    advice = "certificate_late" if certificate_late(meant, situation) else "certificate_under_way"
    summary = f"Selesai {words['completed']}, sertifikat belum tercatat"
    return Finding(NAME, Verdict.NO, summary, shown(meant, situation), advice, words=words)


def certificate_wrong(situation: Situation) -> Finding | None:
    """Say which certificate is meant."""
    shows_another = situation.says(*ANOTHER_PERSON)
    advice = "certificate_of_another" if shows_another else "certificate_wrong"
    return _by_state(situation, {"completed": advice}, "certificate_unfinished")


def review(situation: Situation) -> Finding | None:
    """Say whether rating and review arrived."""
    if not_asked(situation):
        return None
    meant = subject(situation)
    if meant is not None and meant.rated_at is not None:
        words = told(meant) | {"rated": day(meant.rated_at)}
        return Finding(NAME, Verdict.YES, "Ulasan sudah tercatat", shown(meant, situation), "review_there", words=words)
    return _by_state(situation, {"completed": "review_missing"}, "review_unfinished")


def certificate_due(finished: datetime) -> date:
    """Return the day by which the chain should have brought the certificate."""
    return working_days_after(wib(finished).date(), CERTIFICATE_WORKING_DAYS)


def certificate_late(purchase: Purchase, situation: Situation) -> bool:
    """Whether more than seven working days have gone since completion."""
    if purchase.completed_at is None or purchase.certificate_at is not None:
        return False
    return certificate_due(purchase.completed_at) < wib(situation.now).date()


def session_within(purchase: Purchase, situation: Situation, hours: int) -> bool:
    """Whether the class begins within so many hours, or is under way."""
    starts = purchase.class_starts_at
    if starts is None or starts - situation.now > timedelta(hours=hours):
        return False
    return (purchase.class_ends_at or starts) >= situation.now


def session_over(purchase: Purchase, situation: Situation) -> bool:
    """Whether the session the records know lies behind us."""
    ends = purchase.class_ends_at or purchase.class_starts_at
    return ends is not None and ends < situation.now


def _usable(situation: Situation) -> str:
    """Return what to say of a code that is good: what its refusal, as the person tells it, means."""
    if situation.says(*WRONG_TYPE):
        return "redeem_check_type"
    return "redeem_check_institution" if situation.says(*NOT_THE_INSTITUTIONS) else "redeem_usable"


def _by_state(situation: Situation, advices: dict[str, str], otherwise: str) -> Finding | None:
    if not_asked(situation):
        return None
    if (unknown := failed(situation)) is not None:
        return unknown
    meant = subject(situation)
    if meant is None:
        return none_recorded(situation, "no_class_recorded")
    advice = advices.get(meant.state, otherwise)
    verdict = Verdict.YES if meant.state in REDEEMED else Verdict.NO
    summary = f"{told(meant)['course']}: {told(meant)['state']}"
    return Finding(NAME, verdict, summary, shown(meant, situation), advice, words=told(meant))
