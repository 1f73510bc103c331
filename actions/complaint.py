"""The complaint a form is about: what opened it stays known while the person answers its question."""

from dataclasses import dataclass, field, replace
from typing import Any

from actions.heard import Heard
from actions.talk import likeliest
from checks.plans import PLANS, PURCHASE

TEXT_LIMIT = 300
"""The carried state is small."""


@dataclass(frozen=True)
class Complaint:
    """An intent of the form, the problems beside it, the words that told of them, and whether the outage was said."""

    intent: str
    also: tuple[str, ...]
    text: str
    told: bool = False
    slots: dict[str, str | None] = field(default_factory=dict)
    """What is known of it so far; a slot may meanwhile hold what another question named."""
    others: tuple[str, ...] = ()
    """What else the message that opened it could have meant."""

    @classmethod
    def new(cls, heard: Heard) -> "Complaint":
        """Return the complaint this message makes; one that stood open is not lost but comes along."""
        earlier = (str(heard.open_question["intent"]),) if heard.open_question else ()
        also = tuple(it for it in dict.fromkeys((*heard.also, *earlier)) if it != heard.intent)
        return cls(heard.intent, also, heard.text, others=likeliest(heard, without=(heard.intent,)))

    @classmethod
    def open(cls, heard: Heard) -> "Complaint":
        """Return the complaint that is open; where none is, the one this message makes."""
        opened = heard.open_question
        if not opened:
            intent = heard.intent if is_complaint(heard.intent) else heard.slot("complaint_intent")
            return cls(intent or "package_not_found", heard.also, heard.text)
        also = tuple(it for it in opened.get("also", ()) if it in PLANS)
        known = dict(opened.get("slots") or {})
        others = tuple(it for it in opened.get("others", ()) if it in PLANS)
        return cls(str(opened["intent"]), also, str(opened.get("text", "")), bool(opened.get("told")), known, others)

    def said(self) -> "Complaint":
        """Return it with the outage told."""
        return replace(self, told=True)

    def as_slot(self) -> dict[str, Any]:
        """Return it as the dialogue carries it."""
        said = {"text": self.text[:TEXT_LIMIT], "told": self.told, "slots": self.slots}
        return {"intent": self.intent, "also": list(self.also), "others": list(self.others), **said}


def is_complaint(intent: str) -> bool:
    """Whether this intent is answered through the form."""
    plan = PLANS.get(intent)
    return plan is not None and plan.action == PURCHASE
