"""What the talk was about last: so that "bukan itu", "makasih" and a second problem are understood a message later."""

from dataclasses import dataclass
from typing import Any

from rasa_sdk.events import SlotSet

from actions.heard import Heard
from checks.plans import PLANS

SLOT = "talk"
LIKELY = 0.003
"""A meaning less likely than this is not worth offering."""
MOST_OTHERS = 3
MOST_BEFORE = 2
PERSON = "talk_to_human"


@dataclass(frozen=True)
class Talk:
    """The last answer, what else the question could have meant, and what still waits."""

    answered: str | None = None
    others: tuple[str, ...] = ()
    """Other meanings of the message that was answered, likeliest first."""
    before: tuple[str, ...] = ()
    """What was answered before that, newest first."""
    waiting: tuple[str, ...] = ()
    """Problems that were told and not yet looked at."""
    platform: str | None = None
    """Where it was, as far as the answer knew."""
    ticket: bool = False
    """Whether a person has it now."""
    corrected: int = 0
    """How often in a row the answer was not what was meant."""
    greeted: bool = False
    off_topic: int = 0
    """How often in a row it was about something else altogether."""

    @classmethod
    def of(cls, heard: Heard) -> "Talk":
        """Return what the dialogue carries."""
        carried: dict[str, Any] = heard.slots.get(SLOT) or {}
        return cls(
            answered=carried.get("answered"),
            others=tuple(it for it in carried.get("others", ()) if it in PLANS),
            before=tuple(it for it in carried.get("before", ()) if it in PLANS),
            waiting=tuple(it for it in carried.get("waiting", ()) if it in PLANS),
            platform=carried.get("platform"),
            ticket=bool(carried.get("ticket")),
            corrected=int(carried.get("corrected", 0)),
            greeted=bool(carried.get("greeted")),
            off_topic=int(carried.get("off_topic", 0)),
        )

    def event(self) -> dict[str, Any]:
        """Return the event that carries it on; what is empty is left out."""
        carried = {name: list(it) if isinstance(it, tuple) else it for name, it in vars(self).items() if it}
        event: dict[str, Any] = SlotSet(SLOT, carried or None)
        return event


@dataclass(frozen=True)
class Meant:
    """One message: what it was taken for, and what it could have been."""

    intent: str
    others: tuple[str, ...] = ()
    platform: str | None = None

    @classmethod
    def by(cls, heard: Heard, intent: str) -> "Meant":
        """Return how this message was read."""
        return cls(intent, likeliest(heard, without=(intent,)))


def likeliest(heard: Heard, without: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Return the problems a message may be about, likeliest first."""
    ranked = (intent for intent, confidence in heard.ranking if confidence >= LIKELY)
    return tuple(it for it in ranked if it in PLANS and it not in (PERSON, *without))[:MOST_OTHERS]


def answered(heard: Heard, meant: Meant, waiting: tuple[str, ...], *, ticket: bool) -> tuple[dict[str, Any], ...]:
    """Return the events that remember what was answered, and that nothing is unclear any more.

    What waited before still does, but for what is answered now, or taken over with a ticket.
    """
    past = Talk.of(heard)
    left = () if ticket else dict.fromkeys((*waiting, *(it for it in past.waiting if it != meant.intent)))
    before = dict.fromkeys(it for it in (past.answered, *past.before) if it and it != meant.intent)
    where = meant.platform or heard.slot("platform")
    talk = Talk(meant.intent, meant.others, tuple(before)[:MOST_BEFORE], tuple(left), where, ticket)
    return (SlotSet("last_answer_intent", meant.intent), SlotSet("clarify_count", None), talk.event())
