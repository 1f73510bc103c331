"""A person takes over: one line of empathy where it is due, one ticket with every problem, what was checked so far."""

import asyncio
from dataclasses import replace

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet

from actions.ability import Ability
from actions.answer import Answers
from actions.complaint_form import FORM
from actions.cues import cued_problems
from actions.examined import Examined, about_the_system, examine, most_urgent, summary
from actions.heard import Heard
from actions.paragraphs import fit
from actions.reply import HandOver, Reply, Say, Ticket
from actions.talk import Meant
from actions.upset import upset
from checks.finding import Escalation, Priority
from checks.indonesian import listed
from checks.plans import HAND_OVER, HANDING_OVER, PLANS, problems
from checks.situation import known

TWO = 2
ASKED_FOR = "Minta bicara dengan petugas"
BROKER = ("joki", "calo", "jasa", "perantara", "orang dalam", "dibantu lolos")


class HandingOver:
    """Words and proposals of a hand-over, whichever action finds that a person is wanted."""

    def __init__(self, answers: Answers) -> None:
        self.answers = answers
        self.wording = answers.wording

    async def give(self, heard: Heard, known: tuple[str, ...] = (), why: str = ASKED_FOR) -> Reply:
        """Hand over with every problem that was told; their checks travel along as evidence."""
        told = tuple(dict.fromkeys((*known, *told_problems(heard))))[:TWO]
        examined = await asyncio.gather(*(examine(self.answers.sources, heard, intent) for intent in told))
        needed = self._needed(examined, why)
        labels = listed([f"“{it.plan.label}”" for it in examined])
        calm = self.wording.say("hand_over_calm") if upset(heard.said) else ""
        key = ("hand_over", "hand_over_problem", "hand_over_problems")[len(examined)]
        carried = self.wording.say(key, {"labels": labels})
        unknown = self.answers.unknown([finding for it in examined for finding in it.findings], looked_at=True)
        system = (
            self.answers.system(*sorted(examined, key=lambda it: not about_the_system(it.plan))) if examined else ""
        )
        intent = told[0] if told else "talk_to_human"
        ticket = Ticket(
            intent="talk_to_human",
            also=told,
            platform=heard.slot("platform"),
            course=heard.slot("course"),
            escalation=needed,
            summary=f"{why}; {summary(heard, *examined)}" if examined else why,
        )
        return Reply(
            says=(Say(fit([f"{calm} {carried}".strip(), system, unknown])),),
            findings=tuple(finding for it in examined for finding in it.findings),
            proposals=(ticket, HandOver(needed.reason)),
            events=(SlotSet("open_question", None),),
            answered=Meant(intent),
        )

    def _needed(self, examined: list[Examined], why: str) -> Escalation:
        worst = most_urgent([it.escalation for it in examined])
        queue = worst.queue if worst else examined[0].plan.queue if examined else PLANS["talk_to_human"].queue
        return Escalation(why, queue, worst.priority if worst else Priority.NORMAL)


class HandsOver(Ability):
    """Answers every intent whose plan names this action."""

    action_name = HAND_OVER
    in_form = True

    def __init__(self, answers: Answers, handing_over: HandingOver, deadline_seconds: float) -> None:
        super().__init__(answers.wording, deadline_seconds)
        self.answers = answers
        self.handing_over = handing_over

    async def reply(self, heard: Heard, tracker: Tracker) -> Reply:
        """Hand over, or take the complaint down for staff."""
        if tracker.active_loop_name != FORM:
            heard = replace(heard, open_question=None)
        intent = heard.intent if heard.intent in HANDING_OVER else "talk_to_human"
        if intent == "talk_to_human" or "talk_to_human" in heard.also:
            return await self.handing_over.give(heard, () if intent == "talk_to_human" else (intent,))
        return await self._complaint(heard, intent, problems((*heard.also, *_stood_open(heard)), beside=intent))

    async def _complaint(self, heard: Heard, intent: str, told: tuple[str, ...]) -> Reply:
        others = [await examine(self.answers.sources, heard, it) for it in told if it not in HANDING_OVER][:1]
        first = await examine(self.answers.sources, heard, intent)
        needed = first.escalation
        said = self._words(first)
        seconds = [self.answers.second(it, needed is not None, " ".join(said)).text for it in others]
        also = tuple(it.situation.intent for it in others)
        case = "; ".join([it.plan.label for it in (first, *others)] + self._facts([first, *others]))
        tickets = (Ticket(intent, also, heard.slot("platform"), heard.slot("course"), needed, case),) if needed else ()
        findings = tuple(finding for it in (first, *others) for finding in it.findings)
        return Reply(
            (Say(fit([*said, *seconds, self.answers.unknown(findings, looked_at=needed is not None)])),),
            findings,
            tickets,
            (SlotSet("open_question", None),),
            answered=Meant.by(heard, intent),
        )

    def _facts(self, others: list[Examined]) -> list[str]:
        return [finding.summary for it in others for finding in it.findings]

    def _words(self, it: Examined) -> list[str]:
        intent, say = it.situation.intent, self.wording.say
        if intent == "report_fraud" and it.escalation:
            return [say("fraud_warning"), say("fraud_harmed"), say("fraud_ticket")]
        if intent == "personal_data_request" and it.escalation:
            return [say("privacy"), say("privacy_next")]
        if intent in ("report_fraud", "personal_data_request"):
            return [self._asked(it)]
        earlier = self.answers.advices(it)
        if intent == "support_complaint":
            return [say("hand_over_support"), *earlier]
        return [say("hand_over_partner", {"about": _partner(it)}), " ".join([say("hand_over_partner_next"), *earlier])]

    def _asked(self, it: Examined) -> str:
        """Answer a mere question: by the article of the day, unless it asks for a broker and the article does not."""
        article = known(it.situation.article)
        broker = it.situation.mentions(*BROKER)
        if article is not None and not (broker and "joki" not in article.title.lower()):
            return article.message
        return self.wording.say("fraud_question" if it.situation.intent == "report_fraud" else "privacy_rule")


def _partner(it: Examined) -> str:
    official = known(it.situation.platforms) or ()
    return next((named.name for named in official if named.id == it.situation.platform), "mitra")


def told_problems(heard: Heard) -> tuple[str, ...]:
    """Return the problems beside a call for a person: by the model, by what stood open, and by plain words."""
    return (*problems((*heard.also, *_stood_open(heard))), *cued_problems(heard.said))


def _stood_open(heard: Heard) -> tuple[str, ...]:
    opened = heard.open_question or {}
    return (str(opened["intent"]), *opened.get("also", ())) if opened.get("intent") else ()
