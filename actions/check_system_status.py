"""Is there an outage? Says what is recorded; many equal reports with no incident alert staff."""

from dataclasses import replace

from rasa_sdk import Tracker

from actions.ability import Ability
from actions.answer import Answers
from actions.hand_over import HandingOver
from actions.heard import Heard
from actions.reply import Reply
from actions.talk import Meant
from checks.plans import STATUS

INTENT = "system_outage"


class CheckSystemStatus(Ability):
    """Answers `system_outage`."""

    action_name = STATUS

    def __init__(self, answers: Answers, handing_over: HandingOver, deadline_seconds: float) -> None:
        super().__init__(answers.wording, deadline_seconds)
        self.answers = answers
        self.handing_over = handing_over

    async def reply(self, heard: Heard, tracker: Tracker) -> Reply:
        """Say what the records know of outages."""
        if "talk_to_human" in heard.also:
            return await self.handing_over.give(heard, (INTENT,))
        reply = await self.answers.give(heard, INTENT, heard.also)
        return replace(reply, answered=Meant.by(heard, INTENT))
