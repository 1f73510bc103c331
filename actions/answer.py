"""From a problem to the whole reply: looked at, worded in three short paragraphs at most, with a ticket where due."""

import asyncio
from collections.abc import Awaitable, Callable

from actions.examined import Examined, about_the_system, examine, most_urgent, summary
from actions.heard import Heard
from actions.in_words import InWords
from actions.paragraphs import fit
from actions.reply import Button, Reply, Say, Ticket
from actions.upset import upset
from checks.finding import Escalation, Finding
from checks.plans import PLANS, problems
from checks.sources import Sources
from checks.table import CHECKS, PERSONAL
from checks.wording import Wording

type Lead = Callable[[Heard, Examined], Awaitable[str]]


class Answers(InWords):
    """Finds out and words the answer to a problem, and to a second one in the same message."""

    def __init__(self, sources: Sources, wording: Wording) -> None:
        super().__init__(wording)
        self.sources = sources

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
        calm = self.wording.say("hand_over_calm") if upset(heard.text) else ""
        middle = f"{calm} {self.middle(first, escalated=needed is not None)}".strip()
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


def asks_contact(heard: Heard) -> bool:
    """Whether the channel has a button that shares one's own contact."""
    return heard.channel == "telegram" and not heard.bound and not heard.unsure


def _ways_on(it: Examined, waiting: tuple[str, ...], needed: Escalation | None) -> tuple[Button, ...]:
    """Return the problems that still wait; and a person, where the same was asked twice and the answer did not help."""
    person = ("talk_to_human",) if it.situation.repeated and needed is None else ()
    return tuple(Button(PLANS[intent].button, intent) for intent in (*waiting, *person))


def _would_look(it: Examined, heard: Heard) -> bool:
    personal = any(set(CHECKS[name].needs) & PERSONAL for name in it.plan.checks)
    return personal and not heard.bound and not it.plan.articles


def _once(findings: list[Finding]) -> tuple[Finding, ...]:
    seen: dict[tuple[str, str], Finding] = {}
    for finding in findings:
        seen.setdefault((finding.check, finding.summary), finding)
    return tuple(seen.values())
