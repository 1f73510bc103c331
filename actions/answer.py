"""From findings to words: what the system does, what the records say, what comes next; three short paragraphs at most.

A source that could not be asked is said as such; whatever it might have known is never said to be absent.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from actions.heard import Heard
from actions.paragraphs import fit
from actions.plans import PLANS, Plan, problems
from actions.reply import Button, Reply, Say, Ticket
from actions.sources import Sources
from actions.wording import Wording
from checks.deadline import blocked_near_deadline
from checks.escalation import escalation
from checks.finding import Escalation, Finding, Priority, Verdict
from checks.indonesian import day, listed, span
from checks.situation import Situation, known
from checks.table import CHECKS, PERSONAL
from checks.unasked import unasked

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


type Lead = Callable[[Heard, "Examined"], Awaitable[str]]


@dataclass(frozen=True)
class Examined:
    """One problem, looked at."""

    plan: Plan
    situation: Situation
    findings: tuple[Finding, ...]
    escalation: Escalation | None


@dataclass(frozen=True)
class Second:
    """What is said of a second problem, and whether that answers it."""

    text: str
    answered: bool = True


async def examine(sources: Sources, heard: Heard, intent: str) -> Examined:
    """Ask what the plan of this intent needs, and run its checks in order."""
    plan = PLANS[intent]
    situation = await sources.situation(heard, intent, plan.checks)
    found = [CHECKS[name].run(situation) for name in plan.checks]
    findings = [finding for finding in found if finding is not None]
    needed = escalation(situation)
    if findings:
        last, silent = findings[-1], unasked(situation, findings)
        findings[-1] = replace(last, escalate=needed or last.escalate, evidence=(*last.evidence, *silent))
    return Examined(plan, situation, tuple(findings), needed)


class Answers:
    """Finds out and words the answer to a problem, and to a second one in the same message."""

    def __init__(self, sources: Sources, wording: Wording) -> None:
        self.sources = sources
        self.wording = wording

    async def give(
        self, heard: Heard, intent: str, also: tuple[str, ...] = (), lead: Lead | None = None, *, told: bool = False
    ) -> Reply:
        """Return the whole reply to one intent and, if there is one, to the second problem beside it.

        Args:
            heard: What was said.
            intent: The problem to solve first.
            also: Other problems of the same message.
            lead: Words to open with, where the intent is a question for the knowledge base.
            told: Whether the open incident was told while the form asked its question.
        """
        beside = problems(also, beside=intent)
        first, *others = await asyncio.gather(*(examine(self.sources, heard, it) for it in (intent, *beside[:1])))
        needed = most_urgent([first.escalation, *(it.escalation for it in others)])
        opening = [self.system(first, *others, told=told), await lead(heard, first) if lead else ""]
        middle = self.middle(first, escalated=needed is not None)
        paragraphs = (
            [*opening, middle] if about_the_system(first.plan) else [opening[1], f"{middle} {opening[0]}".strip()]
        )
        seconds = [self.second(it, needed is not None, middle) for it in others]
        paragraphs += [it.text for it in seconds]
        looked_at = len([it for it in seconds if it.answered])
        waiting = () if needed else beside[looked_at:]
        closing = self.closing(first, needed, bool(others), others)
        ticket = self.ticket(first, beside, others, needed, heard)
        if needed is None and _would_look(first, heard):
            closing = self.bind(heard)
        return Reply(
            says=(Say(fit([*paragraphs, closing], opening[0]), _ways_on(first, waiting, needed)),),
            findings=_once([*first.findings, *(f for it in others for f in it.findings)]),
            proposals=(ticket,) if ticket else (),
            request_contact=asks_contact(heard) and closing == self.bind(heard),
            waiting=waiting,
        )

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

    def ticket(
        self, first: Examined, also: tuple[str, ...], others: list[Examined], needed: Escalation | None, heard: Heard
    ) -> Ticket | None:
        """Return the proposal that carries every problem that was told, or none."""
        if needed is None:
            return None
        return Ticket(
            intent=first.situation.intent,
            also=also,
            platform=heard.slot("platform"),
            course=heard.slot("course"),
            escalation=needed,
            summary=summary(heard, first, *others),
        )

    def bind(self, heard: Heard) -> str:
        """Say how to be recognised on this channel, or that it could not be checked who this is."""
        if heard.unsure:
            return self.wording.say("could_not_ask", {"what": "Data Kakak"})
        return self.wording.say(f"bind_{heard.channel}" if heard.channel in ("telegram", "whatsapp") else "bind_other")


def summary(heard: Heard, *examined: Examined) -> str:
    """Return the case in one masked line for staff."""
    labels = listed([it.plan.label for it in examined])
    named = [f"platform {heard.slot('platform')}" if heard.slot("platform") else ""]
    named += [f"kelas {heard.slot('course')}" if heard.slot("course") else ""]
    named += [f"pesan “{heard.slot('error_text')}”" if heard.slot("error_text") else ""]
    lasted = heard.lasted
    named += [f"sudah {span(lasted)}" if lasted else ""]
    facts = list(dict.fromkeys(finding.summary for it in examined for finding in it.findings))
    return "; ".join(filter(None, [labels, *named, *facts]))[:500]


def in_a_sentence(label: str) -> str:
    """Return a label as it stands inside a sentence; OTP and NIK stay as they are."""
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]


def most_urgent(needed: list[Escalation | None]) -> Escalation | None:
    """Return the first of the most urgent escalations, or none."""
    order = list(Priority)
    return max((it for it in needed if it), key=lambda it: order.index(it.priority), default=None)


def asks_contact(heard: Heard) -> bool:
    """Whether the channel has a button that shares one's own contact."""
    return heard.channel == "telegram" and not heard.bound and not heard.unsure


def about_the_system(plan: Plan) -> bool:
    """Whether the state of the system is the first thing to look at, and so the first thing to say."""
    return bool(plan.checks) and CHECKS[plan.checks[0]].letter == "S"


def _to_the_point(finding: Finding, it: Examined) -> bool:
    if finding.advice == "payout_not_linked" and any(f.advice == "incentive_conditions_not_met" for f in it.findings):
        # that is one of the conditions, and has been named
        return False
    return it.situation.intent in QUIET.get(finding.advice or "", (it.situation.intent,))


def _outage(finding: Finding) -> bool:
    return finding.check == "system_status" and finding.verdict is Verdict.NO


def _settled(it: Examined) -> bool:
    return bool(it.findings) and it.findings[0].verdict is Verdict.YES and it.findings[0].advice not in STILL_OPEN


def _ways_on(it: Examined, waiting: tuple[str, ...], needed: Escalation | None) -> tuple[Button, ...]:
    """Return the problems that still wait; and a person, where the same was asked twice and the answer did not help."""
    person = ("talk_to_human",) if it.situation.repeated and needed is None else ()
    return tuple(Button(PLANS[intent].button, intent) for intent in (*waiting, *person))


def _would_look(it: Examined, heard: Heard) -> bool:
    personal = any(set(CHECKS[name].needs) & PERSONAL for name in it.plan.checks)
    return personal and not heard.bound and not it.plan.articles


def _needs_steps(it: Examined) -> bool:
    if it.situation.intent == "package_not_found":
        # the public message of an incident already says what to do at the platform
        return not any(f.check == "system_status" and f.verdict is Verdict.NO for f in it.findings)
    return it.situation.intent in STEPS_TOO or any(f.advice in LEAVE_OPEN and _to_the_point(f, it) for f in it.findings)


def _once(findings: list[Finding]) -> tuple[Finding, ...]:
    seen: dict[tuple[str, str], Finding] = {}
    for finding in findings:
        seen.setdefault((finding.check, finding.summary), finding)
    return tuple(seen.values())
