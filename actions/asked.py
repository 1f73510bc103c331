"""A question about what was meant, carried to the next message; and a yes to it, taken as the button it answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet

from actions.heard import Heard
from checks.plans import PLANS

SLOT = "clarify_count"
"""Rasa forgets it with the first turn that does not ask what is meant."""


SHORT, PERHAPS_YES = 3, 0.2


@dataclass(frozen=True)
class Ask:
    """How to ask about a meaning of which the records speak."""

    key: str
    words: dict[str, str]


@dataclass(frozen=True)
class Asked:
    """What was asked just before."""

    count: int = 0
    about: str | None = None
    """The meaning that a yes says yes to."""
    offered: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    """What else it may have been, for a no."""

    @classmethod
    def of(cls, heard: Heard) -> "Asked":
        """Return what the dialogue carries; a bare number is how often it was asked."""
        carried: Any = heard.slots.get(SLOT) or {}
        if not isinstance(carried, dict):
            return cls(int(carried))
        about = carried.get("about")
        return cls(
            count=int(carried.get("count", 0)),
            about=about if about in PLANS else None,
            offered=tuple(it for it in carried.get("offered", ()) if it in PLANS),
            others=tuple(it for it in carried.get("others", ()) if it in PLANS),
        )

    def event(self) -> dict[str, Any]:
        """Return the event that carries it on."""
        carried = {"count": self.count, "about": self.about, "offered": [*self.offered], "others": [*self.others]}
        event: dict[str, Any] = SlotSet(SLOT, {name: value for name, value in carried.items() if value})
        return event


def says_yes(heard: Heard) -> bool:
    """Whether this says yes to what was just asked: a bare "ya" says nothing by itself, but much after a question."""
    if heard.intent == "affirm":
        return True
    short = heard.intent == "nlu_fallback" and len(heard.text.split()) <= SHORT
    return short and dict(heard.ranking).get("affirm", 0.0) >= PERHAPS_YES


def asks_of(tracker: Tracker) -> dict[str, Ask]:
    """Return what may be asked of this person by name, by meaning, the strongest first.

    Only the bot writes a turn's metadata.
    """
    metadata = (tracker.latest_message or {}).get("metadata") or {}
    told = [it for it in metadata.get("prior") or [] if isinstance(it, Mapping) and it.get("ask")]
    return {str(it["intent"]): Ask(str(it["ask"]["key"]), dict(it["ask"]["words"])) for it in told}


def meant_by_yes(intent: str, tracker: Tracker) -> tuple[dict[str, Any], ...]:
    """Return the events by which the turn goes on as if the button of this meaning had been pressed."""
    message: dict[str, Any] = tracker.latest_message or {}
    meant = {"name": intent, "confidence": 1.0}
    parsed = {**message, "intent": meant, "intent_ranking": [meant], "also": []}
    said = {"event": "user", "text": message.get("text"), "parse_data": parsed, "metadata": message.get("metadata")}
    # the rules look at what follows a listening
    return ({"event": "action", "name": "action_listen"}, said)
