"""What every ability shares: a deadline, and a reply even when everything behind it fails.

rasa-sdk answers an exception with the whole tracker, which Rasa then writes to its log: nothing may escape from here.
"""

import asyncio
from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Protocol

import structlog
from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.heard import Heard
from actions.reply import Reply, Say, Ticket
from actions.talk import answered
from checks.escalation import ALWAYS
from checks.finding import Escalation
from checks.plans import PLANS
from checks.wording import Wording

log = structlog.get_logger()


class Question(Protocol):
    """A question that can be put again."""

    async def again(self, heard: Heard) -> Say:
        """Return it with its buttons."""


class Corrections(Protocol):
    """Takes a message that says the last answer was not what was meant."""

    async def instead(self, heard: Heard, tracker: Tracker) -> Reply | None:
        """Return the reply to a correction, or none where the message is no correction."""


class KnowsWaves(Protocol):
    """Knows the wave of who a case is about."""

    async def onto(self, reply: Reply, heard: Heard) -> Reply:
        """Return the reply with the wave on its tickets."""


class Ability(Action):  # type: ignore[misc]
    """An action that looks, says and proposes."""

    action_name: str
    in_form = False
    """Whether it belongs to the complaint form; to all others a complaint that stands open is somebody else's."""
    corrections: Corrections | None = None
    """What looks first whether the message corrects the last answer."""
    waves: KnowsWaves | None = None
    """What puts the participant's wave onto a case."""

    def __init__(self, wording: Wording, deadline_seconds: float) -> None:
        self.wording = wording
        self.deadline_seconds = deadline_seconds
        self.questions: Mapping[str, Question] = {}
        """The form's questions by slot: one that stands open is put again after this ability has answered."""

    def name(self) -> str:
        """Return the name Rasa calls this by."""
        return self.action_name

    @abstractmethod
    async def reply(self, heard: Heard, tracker: Tracker) -> Reply:
        """Return what to say, what was found, and what to propose."""

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Answer within the deadline; on any failure say honestly that nothing could be looked up."""
        heard: Heard | None = None
        try:
            heard = Heard.of(tracker)
            async with asyncio.timeout(self.deadline_seconds):
                reply = _remembered(heard, await self._answer(heard, tracker))
        except Exception as error:
            # the type only: a message may quote what the participant wrote
            log.error("action_failed", action=self.action_name, error=type(error).__name__)
            reply = self.failed(heard)
        if self.waves is not None and heard is not None:
            reply = await self.waves.onto(reply, heard)
        told = tuple(self.wording.tell(finding) for finding in reply.findings)
        return replace(reply, findings=told).into(dispatcher)

    async def _answer(self, heard: Heard, tracker: Tracker) -> Reply:
        if self.corrections is not None and (corrected := await self.corrections.instead(heard, tracker)):
            return corrected
        if self.in_form:
            return await self.reply(heard, tracker)
        reply = await self.reply(replace(heard, open_question=None), tracker)
        open_question = self.questions.get(str(heard.slots.get("requested_slot")))
        if tracker.active_loop_name is None or open_question is None or reply.proposals or _closes(reply):
            return reply
        return replace(reply, says=(*reply.says, await open_question.again(heard)))

    def failed(self, heard: Heard | None) -> Reply:
        """Say that nothing could be looked up; propose a ticket where the intent always needs one."""
        intent = heard and (heard.intent if heard.intent in PLANS else heard.slot("complaint_intent"))
        if heard is None or intent not in ALWAYS:
            return Reply((Say(self.wording.say("could_not_look")),))
        plan = PLANS[intent]
        needed = Escalation("Sumber data tidak terjangkau; belum dicek", plan.queue)
        case = f"{plan.label}; belum ada yang bisa dicek"
        ticket = Ticket(intent, (), heard.slot("platform"), heard.slot("course"), needed, case)
        return Reply((Say(self.wording.say("could_not_look_ticket")),), proposals=(ticket,))


def _remembered(heard: Heard, reply: Reply) -> Reply:
    """Return the reply with the events that remember what it answers."""
    if reply.answered is None:
        return reply
    events = answered(heard, reply.answered, reply.waiting, ticket=bool(reply.proposals))
    return replace(reply, events=(*reply.events, *events))


def _closes(reply: Reply) -> bool:
    """Whether this reply ends the complaint that stood open."""
    return any(event.get("name") == "open_question" and event.get("value") is None for event in reply.events)
