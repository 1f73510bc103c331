"""What concerns a purchase, its class or its certificate: the last step of the complaint form."""

from dataclasses import replace
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet

from actions.ability import Ability
from actions.answer import Answers
from actions.complaint import Complaint
from actions.hand_over import HandingOver
from actions.heard import UNKNOWN, Heard
from actions.reply import Reply
from actions.talk import Meant
from checks.plans import PURCHASE


class CheckPurchase(Ability):
    """Answers the complaint the form was about, with both problems where there were two."""

    action_name = PURCHASE
    in_form = True

    def __init__(self, answers: Answers, handing_over: HandingOver, deadline_seconds: float) -> None:
        super().__init__(answers.wording, deadline_seconds)
        self.answers = answers
        self.handing_over = handing_over

    async def reply(self, heard: Heard, tracker: Tracker) -> Reply:
        """Look the purchase up and say what is true of it."""
        complaint = Complaint.open(heard)
        if "talk_to_human" in complaint.also:
            return await self.handing_over.give(heard, (complaint.intent,))
        reply = await self.answers.give(heard, complaint.intent, complaint.also, told=complaint.told)
        return replace(reply, events=tuple(_closed(heard)), answered=Meant(complaint.intent, complaint.others))


def _closed(heard: Heard) -> list[dict[str, Any]]:
    unknown = [SlotSet(slot, None) for slot in ("platform", "course") if heard.slots.get(slot) == UNKNOWN]
    return [SlotSet("open_question", None), *unknown]
