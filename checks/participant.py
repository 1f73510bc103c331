"""P: the account: its status, what is verified, where codes are sent, and what became of wave applications.

Contact data arrives masked and leaves masked; of a phone number the last two digits are enough to recognise it.
"""

from checks.evidence import evidence, unknown
from checks.finding import Evidence, Finding, Verdict
from checks.situation import Situation, known
from registry.facts import Participant, WaveApplication
from registry.interface import Absent, CouldNotAsk

NAME = "participant"
LABEL = "Akun"
STATUS = {"new": "belum terverifikasi", "verified": "terverifikasi", "blocked": "diblokir"}
APPLICATIONS = {"joined": "sudah bergabung, menunggu hasil", "selected": "lolos", "not_selected": "belum berhasil"}


def account(situation: Situation) -> Finding | None:
    """Say whether the account is verified and in order."""
    answer = situation.participant
    if answer is None:
        return None
    if isinstance(answer, CouldNotAsk):
        return unknown(NAME, LABEL, answer)
    person = known(answer)
    if person is None:
        return None
    missing = _unverified(person)
    status = STATUS.get(person.account_status, person.account_status)
    shown = (evidence(LABEL, answer, status + (f"; belum: {', '.join(missing)}" if missing else "")),)
    if person.account_status == "blocked":
        return Finding(NAME, Verdict.NO, "Akun diblokir", shown, advice="account_blocked")
    if missing:
        words = {"missing": ", ".join(missing)}
        return Finding(
            NAME, Verdict.NO, f"Belum terverifikasi: {words['missing']}", shown, "account_unverified", words=words
        )
    return Finding(NAME, Verdict.YES, "Akun terverifikasi", shown, advice="account_in_order")


def registered(situation: Situation) -> Finding | None:
    """Say for staff whether the programme knows this person: yes or no, nothing else, and never to the person."""
    answer = situation.participant
    if answer is None:
        return None
    if isinstance(answer, CouldNotAsk):
        return unknown("registered", "Terdaftar", answer)
    verdict = Verdict.NO if isinstance(answer, Absent) else Verdict.YES
    told = "ya" if verdict is Verdict.YES else "tidak"
    return Finding("registered", verdict, f"Terdaftar: {told}", (evidence("Terdaftar", answer, told),))


def contact(situation: Situation) -> Finding | None:
    """Say where codes go, masked, so that the owner can see whether it is still theirs."""
    answer = situation.participant
    if answer is None or isinstance(answer, Absent):
        return None
    if isinstance(answer, CouldNotAsk):
        return unknown("contact", "Kontak terdaftar", answer)
    person = answer.value
    by_mail = situation.intent == "login_otp"
    changing = situation.intent == "change_contact"
    words = {"phone": person.phone_masked[-2:], "email": person.email_masked}
    shown = (evidence("Kontak terdaftar", answer, person.email_masked if by_mail else f"…{words['phone']}"),)
    advice = "contact_email" if by_mail else "contact_recorded" if changing else "contact_phone"
    return Finding("contact", Verdict.YES, "Kontak terdaftar ditunjukkan tersamar", shown, advice, words=words)


def contact_right(situation: Situation, *right: str, wrong: tuple[str, ...]) -> bool:
    """Whether codes go where the person still reads them: they say so, or see the masked one and do not object."""
    if situation.says(*wrong):
        return False
    return situation.says(*right) or known(situation.participant) is not None


def selection(situation: Situation) -> Finding | None:
    """Say what became of the newest wave application."""
    answer = situation.waves
    if answer is None:
        return None
    if isinstance(answer, CouldNotAsk):
        return unknown("selection", "Gelombang", answer)
    newest = max(known(answer) or (), key=lambda it: it.wave, default=None)
    if newest is None:
        nothing = (evidence("Gelombang", answer, ""),)
        return Finding("selection", Verdict.NO, "Belum bergabung ke gelombang", nothing, advice="selection_none")
    return _application(newest, evidence("Gelombang", answer, f"{newest.wave}: {newest.status}"))


def _application(newest: WaveApplication, shown: Evidence) -> Finding:
    words = {"wave": str(newest.wave), "reason": newest.reason or "alasannya tidak tercatat"}
    verdict = {"selected": Verdict.YES, "not_selected": Verdict.NO}.get(newest.status, Verdict.UNKNOWN)
    summary = f"Gelombang {newest.wave}: {APPLICATIONS.get(newest.status, newest.status)}"
    return Finding("selection", verdict, summary, (shown,), f"selection_{newest.status}", words=words)


def _unverified(person: Participant) -> list[str]:
    parts = {
        "email": person.verified_email,
        "foto KTP": person.verified_ktp,
        "foto wajah": person.verified_face,
        "kecocokan NIK-KK": person.verified_nik_kk,
    }
    return [name for name, done in parts.items() if not done]
