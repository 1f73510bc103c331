"""What concerns the participant: card, account, waves, incentives, payout account."""

from dataclasses import replace

from rasa_sdk import Tracker

from actions.ability import Ability
from actions.answer import Answers
from actions.hand_over import HandingOver
from actions.heard import Heard
from actions.reply import Reply
from actions.talk import Meant
from checks.plans import PARTICIPANT, PLANS


class CheckParticipant(Ability):
    """Answers every intent whose plan names this action."""

    action_name = PARTICIPANT

    def __init__(self, answers: Answers, handing_over: HandingOver, deadline_seconds: float) -> None:
        super().__init__(answers.wording, deadline_seconds)
        self.answers = answers
        self.handing_over = handing_over

    async def reply(self, heard: Heard, tracker: Tracker) -> Reply:
        """Look the person up (if bound) and say what is true for them."""
        intent = heard.intent if heard.intent in PLANS else heard.slot("last_answer_intent") or heard.intent
        if "talk_to_human" in heard.also:
            return await self.handing_over.give(heard, (intent,))
        reply = await self.answers.give(heard, intent, heard.also)
        return replace(reply, answered=Meant.by(heard, intent))
