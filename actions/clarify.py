"""When it is not clear what is meant: ask once with the likeliest meanings, then offer a person; never a third time."""

from dataclasses import replace

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet

from actions.ability import Ability
from actions.answer import Answers
from actions.complaint import is_complaint
from actions.heard import Heard
from actions.plans import PLANS
from actions.reply import Button, Reply, Say

LIKELY = 0.003
OFFERED = 3
PERSON = "talk_to_human"


class Clarify(Ability):
    """Answers `nlu_fallback`, and answers to a question nobody asked."""

    action_name = "action_clarify"

    def __init__(self, answers: Answers, deadline_seconds: float) -> None:
        super().__init__(answers.wording, deadline_seconds)
        self.answers = answers

    async def reply(self, heard: Heard, tracker: Tracker) -> Reply:
        """Ask what is meant; a detail that belongs to the complaint just answered is taken as that."""
        if (before := _complaint_it_completes(heard)) is not None:
            # naming another platform is no second failure
            fresh = replace(heard, slots={**heard.slots, "last_answer_intent": None})
            return replace(await self.answers.give(fresh, before), events=(SlotSet("clarify_count", None),))
        asked = int(heard.slots.get("clarify_count") or 0)
        meanings = _likeliest(heard)
        if asked:
            buttons = [*meanings[: OFFERED - 1], PERSON]
            return self._ask("clarify_person", buttons, asked)
        # one button is no choice
        offered = [*meanings, PERSON] if len(meanings) == 1 else meanings[:OFFERED]
        return self._ask("clarify" if meanings else "clarify_topic", offered, asked)

    def _ask(self, key: str, meanings: list[str], asked: int) -> Reply:
        buttons = tuple(Button(PLANS[intent].button, intent) for intent in meanings)
        return Reply((Say(self.wording.say(key), buttons),), events=(SlotSet("clarify_count", asked + 1),))


def _complaint_it_completes(heard: Heard) -> str | None:
    before = heard.slot("last_answer_intent")
    names = heard.entity("platform") or heard.entity("course_title")
    return before if heard.intent == "inform" and names and before and is_complaint(before) else None


def _likeliest(heard: Heard) -> list[str]:
    ranked = [intent for intent, confidence in heard.ranking if confidence >= LIKELY]
    return [intent for intent in ranked if intent in PLANS and intent != PERSON]
