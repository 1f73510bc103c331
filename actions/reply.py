"""What an action gives back: words with buttons, findings and proposals as data, and events for the dialogue."""

import json
from dataclasses import dataclass, field
from typing import Any

from rasa_sdk.executor import CollectingDispatcher

from actions.talk import Meant
from checks.finding import Escalation, Finding

BUTTON_LIMIT = 20
"""Longest button title WhatsApp shows."""


@dataclass(frozen=True)
class Button:
    """A choice that can be pressed or typed."""

    title: str
    intent: str
    slots: dict[str, str] = field(default_factory=dict)

    def as_data(self) -> dict[str, Any]:
        """Return it as the turn channel reads it."""
        choice = {"choice": {"intent": self.intent, "slots": self.slots}}
        return {"title": self.title, "payload": json.dumps(choice, ensure_ascii=False)}


@dataclass(frozen=True)
class Say:
    """One message to the participant."""

    text: str
    buttons: tuple[Button, ...] = ()


@dataclass(frozen=True)
class Ticket:
    """A proposal to open a ticket."""

    intent: str
    also: tuple[str, ...]
    platform: str | None
    course: str | None
    escalation: Escalation
    summary: str
    wave: int | None = None
    """The participant's, where it is known."""

    def as_data(self) -> dict[str, Any]:
        """Return it as the bot reads it."""
        return {
            "kind": "ticket",
            "intent": self.intent,
            "also": list(self.also),
            "platform": self.platform,
            "course": self.course,
            "queue": self.escalation.queue.value,
            "priority": self.escalation.priority.value,
            "reason": self.escalation.reason,
            "summary": self.summary,
            "wave": self.wave,
        }


@dataclass(frozen=True)
class HandOver:
    """A proposal to give the conversation to a person."""

    reason: str

    def as_data(self) -> dict[str, Any]:
        """Return it as the bot reads it."""
        return {"kind": "hand_over", "reason": self.reason}


@dataclass(frozen=True)
class Reply:
    """All of it."""

    says: tuple[Say, ...] = ()
    findings: tuple[Finding, ...] = ()
    proposals: tuple[Ticket | HandOver, ...] = ()
    events: tuple[dict[str, Any], ...] = ()
    request_contact: bool = False
    answered: Meant | None = None
    """What this answers, remembered for a correction or thanks."""
    waiting: tuple[str, ...] = ()
    """Problems that were told and are not looked at yet."""

    def into(self, dispatcher: CollectingDispatcher) -> list[dict[str, Any]]:
        """Hand everything to Rasa: words as messages, data as custom messages; return the events."""
        for say in self.says:
            dispatcher.utter_message(text=say.text, buttons=[button.as_data() for button in say.buttons])
        for finding in self.findings:
            dispatcher.utter_message(json_message={"finding": finding.as_data()})
        for proposal in self.proposals:
            dispatcher.utter_message(json_message={"proposal": proposal.as_data()})
        if self.request_contact:
            dispatcher.utter_message(json_message={"request_contact": True})
        return list(self.events)
