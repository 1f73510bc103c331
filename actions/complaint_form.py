"""What the complaint form still asks for: the one thing that neither the message nor the records say, asked once.

An answer that is no answer is taken as "not known": the person is never asked the same thing in a circle.
"""

from dataclasses import replace
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import ActionExecutionRejected, SlotSet

from actions.ability import Ability
from actions.answer import Answers
from actions.complaint import Complaint, is_complaint
from actions.course_named import course_named
from actions.heard import UNKNOWN, Heard
from actions.platform_names import names_only_a_platform, platform_in
from actions.reply import Reply
from checks.plans import HANDING_OVER, PLANS
from checks.purchase.choosing import settled, subject

FORM = "complaint_form"
SHORT = 8
"""An answer of more words than this says something else besides."""
SURE = 0.6
"""From this confidence on, a short message is another matter rather than an answer the model misread."""
NOT_KNOWN = ("tidak tahu", "ga tau", "gak tau", "ga tahu", "gatau", "lupa", "semua", "bebas", "apa aja", "apa saja")
ENTITY = {"platform": "platform", "course": "course_title"}
TITLE_LIMIT = 80


class ValidateComplaintForm(Ability):
    """Decides what the form asks for next, if anything."""

    action_name = f"validate_{FORM}"
    in_form = True

    def __init__(self, answers: Answers, deadline_seconds: float) -> None:
        super().__init__(answers.wording, deadline_seconds)
        self.sources = answers.sources

    async def reply(self, heard: Heard, tracker: Tracker) -> Reply:
        """Begin a complaint, or take the answer to what was asked; then name the next thing to ask, or none."""
        asked = heard.slots.get("requested_slot")
        if asked not in ENTITY:
            return await self._begin(replace(heard, open_question=None))
        if (tracker.active_loop or {}).get("is_interrupted"):
            return Reply(events=(SlotSet("requested_slot", asked),))
        if _is_another_matter(heard, asked):
            return await self._begin(heard) if is_complaint(heard.intent) else _set_aside()
        return await self._take(heard, asked)

    def failed(self, heard: Heard | None) -> Reply:
        """End the form: the lookup that follows says that nothing could be asked."""
        kept = (SlotSet("open_question", Complaint.open(heard).as_slot()),) if heard else ()
        return Reply(events=(*kept, SlotSet("requested_slot", None)))

    async def _begin(self, heard: Heard) -> Reply:
        complaint = Complaint.new(heard)
        slots: dict[str, Any] = {name: heard.slots.get(name) for name in ENTITY}
        for name, entity in ENTITY.items():
            # what was named for another complaint is not what this one is about
            fresh = heard.entity(entity) is not None or _from_choice(heard)
            if not fresh and heard.slot("last_answer_intent") != complaint.intent:
                slots[name] = None
        if heard.entity("platform"):
            slots["platform"] = platform_in(heard.text) or platform_in(str(slots["platform"])) or slots["platform"]
        return await self._next(heard, complaint, slots)

    async def _take(self, heard: Heard, asked: str) -> Reply:
        complaint = Complaint.open(heard)
        slots: dict[str, Any] = {name: complaint.slots.get(name) for name in ENTITY}
        slots |= {name: heard.entity(entity) for name, entity in ENTITY.items() if heard.entity(entity)}
        if asked == "course" and names_only_a_platform(heard.text):
            # another platform after all; which class is still open
            slots["platform"] = platform_in(heard.text)
            return await self._next(heard, complaint, slots)
        said = heard.slot(asked) or heard.text
        if asked == "platform":
            slots["platform"] = platform_in(said) or platform_in(heard.text) or UNKNOWN
            slots["course"] = slots["course"] or await self._course_beside(heard, slots["platform"])
        else:
            unknown = any(words in heard.text.lower() for words in NOT_KNOWN) or heard.slots.get("course") == UNKNOWN
            slots["course"] = UNKNOWN if unknown or not said.strip() else said.strip()[:TITLE_LIMIT]
        return await self._next(heard, complaint, slots)

    async def _course_beside(self, heard: Heard, platform: str) -> str | None:
        """Return the class that is named in the same breath as the platform."""
        where = None if platform == UNKNOWN else platform
        return await course_named(self.sources, heard.text, where, otherwise=True)

    async def _next(self, heard: Heard, complaint: Complaint, slots: dict[str, Any]) -> Reply:
        slots = await self._from_records(heard, complaint, slots)
        missing = None if _person_wanted(complaint) else _missing(heard, complaint, slots)
        complaint = replace(complaint, slots=slots)
        events = [SlotSet(name, value) for name, value in slots.items()]
        events += [SlotSet("complaint_intent", complaint.intent), SlotSet("open_question", complaint.as_slot())]
        return Reply(events=(*events, SlotSet("requested_slot", missing)))

    async def _from_records(self, heard: Heard, complaint: Complaint, slots: dict[str, Any]) -> dict[str, Any]:
        if not heard.bound or not PLANS[complaint.intent].asks:
            return slots
        asking = replace(heard, slots={**heard.slots, **slots})
        situation = await self.sources.facts(asking.about, complaint.intent, {"purchases"})
        meant = subject(situation) if settled(situation) else None
        if meant is None:
            return slots
        return {"platform": meant.platform_id, "course": slots["course"] or meant.course_title}


def _missing(heard: Heard, complaint: Complaint, slots: dict[str, Any]) -> str | None:
    asks = PLANS[complaint.intent].asks
    # a stranger gets a general answer, which needs no more than one thing
    return next((name for name in (asks if heard.bound else asks[:1]) if not slots[name]), None)


def _person_wanted(complaint: Complaint) -> bool:
    return bool(set(complaint.also) & set(HANDING_OVER))


def _is_another_matter(heard: Heard, asked: str) -> bool:
    if _from_choice(heard) or heard.intent in ("inform", "affirm", "nlu_fallback", ""):
        return False
    words = len(heard.text.split())
    if heard.entity(ENTITY[asked]) is not None and words <= SHORT and heard.intent not in HANDING_OVER:
        return False
    if heard.intent == Complaint.open(heard).intent:
        return False
    return heard.confidence >= SURE or words > SHORT


def _from_choice(heard: Heard) -> bool:
    return heard.intent == "inform" and heard.confidence >= 1.0 and any(heard.slots.get(name) for name in ENTITY)


def _set_aside() -> Reply:
    return Reply(events=(ActionExecutionRejected(FORM),))
