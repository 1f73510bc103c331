"""Greeting, thanks, a plain no, and what is not our matter: short words that still lose nothing.

Thanks are the last chance to notice a wrong answer or a problem that was told and not looked at yet.
"""

from dataclasses import replace

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet

from actions.ability import Ability
from actions.clarify import Clarify
from actions.complaint import Complaint
from actions.complaint_form import FORM
from actions.correction import Correcting, unsolved
from actions.heard import Heard
from actions.in_words import in_a_sentence
from actions.reply import Button, Reply, Say
from actions.talk import PERSON, Talk
from checks.plans import PLANS

NOT_RIGHT = Button("Belum pas", "deny")


class SmallTalk(Ability):
    """Answers the intents of the dialogue that ask for no lookup."""

    action_name = "action_small_talk"

    def __init__(self, correcting: Correcting, clarify: Clarify, deadline_seconds: float) -> None:
        super().__init__(correcting.answers.wording, deadline_seconds)
        self.correcting = correcting
        self.clarify = clarify

    async def reply(self, heard: Heard, tracker: Tracker) -> Reply:
        """Reply to a greeting, thanks, a no, or an off-topic message."""
        if heard.intent == "thank":
            return await self._thanks(heard, tracker)
        if heard.intent == "deny":
            return await self._no(heard, tracker)
        if heard.intent == "greet":
            talk = Talk.of(heard)
            said = self.wording.say("greet_again" if talk.greeted else "greet")
            return Reply((Say(said),), events=(replace(talk, greeted=True).event(),))
        return self._off_topic(heard)

    async def _thanks(self, heard: Heard, tracker: Tracker) -> Reply:
        talk = Talk.of(heard)
        over = (Talk().event(), SlotSet("open_question", None))
        if talk.answered and unsolved(heard):
            return await self.correcting.give(heard, "not_solved")
        waiting = (*_opened(tracker), *talk.waiting)
        if waiting:
            first = PLANS[waiting[0]]
            said = self.wording.say("thank_waiting", {"label": in_a_sentence(first.label)})
            return Reply((Say(said, (Button(first.button, waiting[0]), Button("Nanti saja", "thank"))),), events=over)
        if talk.answered and not talk.ticket:
            # it stays known what was answered: pressing the button corrects it
            return Reply((Say(self.wording.say("thank_answered"), (NOT_RIGHT,)),))
        return Reply((Say(self.wording.say("thank")),), events=over)

    async def _no(self, heard: Heard, tracker: Tracker) -> Reply:
        if tracker.active_loop_name == FORM:
            opened = Complaint.open(Heard.of(tracker))
            talk = Talk(opened.intent, opened.others, opened.also)
            dropped = await self.correcting.give(heard, "form_dropped", talk)
            return replace(dropped, findings=(), events=(*dropped.events, SlotSet("open_question", None)))
        if heard.slots.get("clarify_count"):
            return await self.clarify.reply(heard, tracker)
        if Talk.of(heard).answered:
            return await self.correcting.give(heard, "not_that")
        return Reply((Say(self.wording.say("no_then")),))

    def _off_topic(self, heard: Heard) -> Reply:
        talk = Talk.of(heard)
        after = replace(talk, off_topic=talk.off_topic + 1).event()
        if not talk.off_topic:
            return Reply((Say(self.wording.say("out_of_scope")),), events=(after,))
        person = (Button(PLANS[PERSON].button, PERSON),)
        return Reply((Say(self.wording.say("out_of_scope_again"), person),), events=(after,))


def _opened(tracker: Tracker) -> tuple[str, ...]:
    """Return the problem whose question stands open: thanks end the question, not the problem."""
    return (Complaint.open(Heard.of(tracker)).intent,) if tracker.active_loop_name == FORM else ()
