"""Findings in words: what the system does, what the records say, what comes next, who takes over.

A source that could not be asked is said as such; whatever it might have known is never said to be absent.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from actions.examined import Examined, about_the_system
from checks.deadline import blocked_near_deadline
from checks.finding import Escalation, Finding, Priority, Verdict
from checks.indonesian import day, listed, span
from checks.situation import known
from checks.wording import Wording

ENOUGH = 420
"""From this length on a paragraph takes no further sentence."""
IN_ORDER, ENOUGH_FOR_GOOD_NEWS = ("card_active", "course_active", "course_active_here", "account_in_order"), 230
"""What is in order is said where there is room: on a small phone it hides what is not."""
QUIET = {
    "system_clear": ("system_outage",),
    "deadline_met": ("purchase_deadline",),
    "deadline_open": ("purchase_deadline", "package_not_found", "ask_how_to_buy"),
    "deadline_passed_during_incident": ("purchase_deadline", "package_not_found"),
    "deadline_passed": ("purchase_deadline", "package_not_found", "ask_how_to_buy"),
    "account_in_order": ("account_blocked", "login_failed", "identity_verification_failed", "join_wave_failed"),
    "payout_linked": ("manage_payout_account", "payout_account_failed"),
    "payout_failed_in_order": ("manage_payout_account", "payout_account_failed"),
    "training_unfinished": ("payment_failed",),
    "no_class_recorded": (
        "redeem_failed",
        "class_access",
        "attendance_verification",
        "certificate_wrong_data",
        "rating_and_review",
    ),
    "course_no_match": ("package_not_found", "purchase_requirements"),
    "card_active": ("payment_failed", "wrong_charge", "card_number_or_balance"),
}
"""Good news is said only where it answers the question."""
STILL_OPEN = ("deadline_open", "deadline_rule")
"""A yes that does not end the matter: an outage is told besides."""
STEPS_TOO = (
    "payment_failed",
    "purchase_otp",
    "login_otp",
    "login_failed",
    "identity_verification_failed",
    "change_contact",
)
"""Where the records only narrow the cause: what to try is said besides."""
LEAVE_OPEN = (
    "system_clear",
    "wave_open",
    "wave_end_unknown",
    "certificate_no_class",
    "no_class_recorded",
    "no_order_recorded",
    "no_attempt_recorded",
)
"""The records hold nothing of it, or nothing against it: how it generally goes is said besides."""
DATED = ("system_status", "platform_role", "healthy_platforms", "deadline_rule", "tickets")
"""Their words carry a date of their own."""
CHECKED = {
    "system_status": "Status sistem",
    "course": "Katalog pelatihan",
    "platform_role": "Daftar platform",
    "participant": "Data akun",
    "contact": "Kontak terdaftar",
    "selection": "Data gelombang",
    "card": "Data kartu",
    "revocation": "Data kepesertaan",
    "deadline": "Batas waktu beli",
    "ledger": "Riwayat saldo",
    "purchase": "Data pembelian",
    "payout_account": "Data rekening",
    "incentive": "Data insentif",
    "own_course": "Katalog pelatihan",
    "deadline_rule": "Aturan batas beli",
    "registered": "Data akun",
    "recipient": "Data penerima",
    "conditions": "Data pembelian",
    "tries": "Data pembelian",
    "wave": "Jadwal gelombang",
    "tickets": "Laporan sebelumnya",
    "knowledge": "Penjelasan umumnya",
}


@dataclass(frozen=True)
class Second:
    """What is said of a second problem, and whether that answers it."""

    text: str
    answered: bool = True


class InWords:
    """Words the findings of a problem."""

    def __init__(self, wording: Wording) -> None:
        self.wording = wording

    def system(self, *examined: Examined, told: bool = False) -> str:
        """Say what is wrong with the system: in full where that is the question, else in passing, and once."""
        first = examined[0]
        for it in examined:
            for finding in it.findings:
                if finding.check != "system_status" or finding.verdict is not Verdict.NO or not finding.advice:
                    continue
                if told or it.situation.repeated:
                    return self.wording.say("incident_told", finding.words)
                if about_the_system(first.plan):
                    return self.wording.say(finding.advice, finding.words)
                if _settled(first):
                    return ""
                passing = "incident_in_passing" if finding.advice == "incident_open" else finding.advice
                return self.wording.say(passing, finding.words)
        return ""

    def middle(self, it: Examined, *, escalated: bool) -> str:
        """Say what the records say: failing conditions first; then the steps, unless a person takes it from here."""
        said = self.advices(it)
        if as_of := self.recorded(it, said):
            said.append(self.wording.say("as_of", {"as_of": day(as_of)}))
        if it.plan.steps and (not said or (not escalated and _needs_steps(it))):
            said.append(self.steps(it))
        if unknown := self.unknown(it.findings, looked_at=escalated):
            said.append(unknown)
        return " ".join(said)

    def steps(self, it: Examined) -> str:
        """Return the general way out: what the article of the day says, else the reviewed steps."""
        article = known(it.situation.article)
        sure = article is not None and not article.near and not article.overdue
        return " ".join(article.text.split()) if article and sure else self.wording.say(it.plan.steps or "")

    def recorded(self, it: Examined, said: list[str]) -> datetime | None:
        """Return how old the records are that were spoken from: the oldest decides; none where none was."""
        spoken = [
            f for f in it.findings if f.advice and f.check not in DATED and self.wording.say(f.advice, f.words) in said
        ]
        return min((shown.as_of for f in spoken for shown in f.evidence if shown.as_of), default=None)

    def advices(self, it: Examined) -> list[str]:
        """Return the sentences of the findings, the failing ones first, as many as fit."""
        spoken = [f for f in it.findings if f.advice and f.check != "platform_role" and not _outage(f)]
        if it.situation.intent == "ask_bundling" and not it.situation.mentions("insentif"):
            spoken = [f for f in spoken if f.check != "incentive"]
        urgent = blocked_near_deadline(it.situation)
        spoken = [f for f in spoken if _to_the_point(f, it) or (urgent and f.check == "deadline")]
        said: list[str] = []
        # a deadline that is urgent goes before all else, so that nothing shortens it away
        for finding in sorted(spoken, key=lambda f: (not urgent or f.check != "deadline", f.verdict is Verdict.YES)):
            sentence = self.wording.say(finding.advice or "", finding.words)
            room = ENOUGH_FOR_GOOD_NEWS if finding.advice in IN_ORDER else ENOUGH
            if sum(map(len, said)) + len(sentence) <= room or not said:
                said.append(sentence)
        return said

    def unknown(self, findings: Iterable[Finding], *, looked_at: bool = False) -> str:
        """Name what could not be asked, or nothing; whom a person looks at need not ask again."""
        names = [CHECKED.get(it.check, it.check) for it in findings if it.verdict is Verdict.UNKNOWN and not it.advice]
        if not names:
            return ""
        if CHECKED["card"] in names:
            # the deadline stands on the card
            names = [name for name in names if name != CHECKED["deadline"]]
        words = [names[0], *(name[:1].lower() + name[1:] for name in names[1:])]
        asked = [it for it in findings if it.verdict is Verdict.UNKNOWN and any(shown.failed for shown in it.evidence)]
        key = "could_not_ask_looked_at" if looked_at else "could_not_ask" if asked else "could_not_ask_here"
        return self.wording.say(key, {"what": listed(list(dict.fromkeys(words)))})

    def second(self, it: Examined, escalated: bool, already: str) -> "Second":
        """Say something of the second problem too, but nothing that was said already."""
        label = in_a_sentence(it.plan.label)
        if it.situation.intent != "purchase_deadline":
            # the deadline belongs to the answer, not to a word on something beside it
            it = replace(it, findings=tuple(f for f in it.findings if f.check != "deadline"))
        advice = next((said for said in self.advices(it) if said not in already), "")
        if not advice and it.plan.steps and not escalated:
            advice = self.steps(it)
        if advice:
            return Second(self.wording.say("also", {"label": label, "advice": advice}))
        if escalated:
            return Second(self.wording.say("also_noted", {"label": label}))
        return Second(self.wording.say("also_next", {"label": label, "button": it.plan.button}), answered=False)

    def closing(self, first: Examined, needed: Escalation | None, both: bool, others: list[Examined]) -> str:
        """Say that a person takes over, by when."""
        if needed is None:
            return ""
        if both:
            labels = listed([in_a_sentence(it.plan.label) for it in (first, *others)])
            urgent = needed.priority is Priority.URGENT
            return self.wording.say("ticket_both_urgent" if urgent else "ticket_both", {"labels": labels})
        if needed.priority is Priority.URGENT:
            return self.wording.say("ticket_urgent")
        lasted = first.situation.lasted
        if lasted is not None and lasted.days >= 1:
            return self.wording.say("ticket_lasted", {"lasted": span(lasted)})
        return self.wording.say("ticket_differ" if "berbeda" in needed.reason else "ticket")


def in_a_sentence(label: str) -> str:
    """Return a label as it stands inside a sentence; OTP and NIK stay as they are."""
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]


def _to_the_point(finding: Finding, it: Examined) -> bool:
    if finding.advice == "payout_not_linked" and any(f.advice == "incentive_conditions_not_met" for f in it.findings):
        # that is one of the conditions, and has been named
        return False
    return it.situation.intent in QUIET.get(finding.advice or "", (it.situation.intent,))


def _outage(finding: Finding) -> bool:
    return finding.check == "system_status" and finding.verdict is Verdict.NO


def _settled(it: Examined) -> bool:
    return bool(it.findings) and it.findings[0].verdict is Verdict.YES and it.findings[0].advice not in STILL_OPEN


def _needs_steps(it: Examined) -> bool:
    if it.situation.intent == "package_not_found":
        # the public message of an incident already says what to do at the platform
        return not any(f.check == "system_status" and f.verdict is Verdict.NO for f in it.findings)
    return it.situation.intent in STEPS_TOO or any(f.advice in LEAVE_OPEN and _to_the_point(f, it) for f in it.findings)
