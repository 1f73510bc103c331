"""When it is not clear what is meant: ask with the likeliest meanings, then offer a person, then bring one.

Of somebody whose records speak of one of these meanings, that one is asked about by name: "Ini soal kelas Excel yang
dibayar kemarin?" A yes to it, typed in any words, is taken as the button; a no brings the other meanings.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet

from actions.ability import Ability
from actions.answer import Answers
from actions.asked import Ask, Asked, asks_of, meant_by_yes, says_yes
from actions.complaint import is_complaint
from actions.correction import THAT
from actions.course_named import course_named
from actions.hand_over import HandingOver
from actions.heard import Heard
from actions.platform_names import names_only_a_platform, platform_in
from actions.reply import Button, Reply, Say
from actions.talk import Meant, Talk
from checks.plans import PLANS

LIKELY = 0.003
OFFERED = 3
ENOUGH = 2
"""After so many questions a person reads what was said."""
PERSON = "talk_to_human"
MISSED = "package_not_found"
ABSENT = re.compile(
    r"\b(?:ga|gak|gk|ngga|nggak|tidak|tdk|teu|ora|kaga)\s+(?:ada|aya|ono|ketemu|kapanggih|muncul|nongol|nemu|keluar)\b"
    r"|\b(?:kosong|hilang|ilang)\b",
    re.IGNORECASE,
)
"""A class named by its title, and that it is not there: the model takes the title for an answer."""
YES, NOT_THAT = "Ya, itu", Button("Bukan itu", "deny")


class Clarify(Ability):
    """Answers `nlu_fallback`, and answers to a question nobody asked."""

    action_name = "action_clarify"

    def __init__(self, answers: Answers, handing_over: HandingOver, deadline_seconds: float) -> None:
        super().__init__(answers.wording, deadline_seconds)
        self.answers = answers
        self.handing_over = handing_over

    async def reply(self, heard: Heard, tracker: Tracker) -> Reply:
        """Ask what is meant; a yes or no to that, or a detail of the complaint just answered, is taken as such."""
        if (before := await self._complaint_it_completes(heard)) is not None:
            return await self._completed(heard, before)
        asked = Asked.of(heard)
        if asked.count and says_yes(heard):
            return self._yes(asked, tracker)
        if asked.count and heard.intent == "deny":
            return self._no(asked)
        meanings = meanings_of(heard.ranking)
        if asked.count >= ENOUGH and meanings:
            return await self.handing_over.give(heard, why="Tiga kali tidak dipahami bot")
        if asked.count:
            key = "clarify" if THAT.search(heard.text) and meanings else "clarify_person"
            return self._ask(key, [*meanings[: OFFERED - 1], PERSON], asked)
        if MISSED in meanings and heard.entity("course_title") and ABSENT.search(heard.text):
            return Reply(events=meant_by_yes(MISSED, tracker))
        asks = asks_of(tracker) if heard.bound and tracker.active_loop_name is None else {}
        about, offered = options(meanings, asks)
        if about is not None:
            return self._ask_about(about, asks[about], offered, meanings)
        return self._ask("clarify" if meanings else "clarify_topic", offered, asked, meanings)

    async def _complaint_it_completes(self, heard: Heard) -> str | None:
        """Return the complaint that was just answered, where this message names its platform or class."""
        talk = Talk.of(heard)
        told = (heard.slot("last_answer_intent"), *talk.before)
        before = next((it for it in told if it is not None and is_complaint(it)), None)
        if heard.intent not in ("inform", "nlu_fallback") or before is None:
            return None
        if names_only_a_platform(heard.text):
            return before
        if heard.intent != "inform" or before != told[0]:
            return None
        named = heard.entity("platform") or heard.entity("course_title")
        return before if named or await course_named(self.answers.sources, heard.text, None) else None

    async def _completed(self, heard: Heard, complaint: str) -> Reply:
        """Answer the complaint again with what is known now; naming another platform is no second failure."""
        platform = platform_in(heard.text)
        if names_only_a_platform(heard.text) and platform == Talk.of(heard).platform:
            return Reply((Say(self.wording.say("answered_for_that_platform")),))
        named = {
            "platform": platform or heard.slots.get("platform"),
            "course": heard.entity("course_title")
            or await course_named(self.answers.sources, heard.text, None)
            or heard.slots.get("course"),
        }
        fresh = replace(heard, slots={**heard.slots, **named, "last_answer_intent": None})
        said = tuple(SlotSet(name, value) for name, value in named.items())
        return replace(await self.answers.give(fresh, complaint), events=said, answered=Meant.by(heard, complaint))

    def _ask_about(self, about: str, ask: Ask, offered: list[str], meanings: list[str]) -> Reply:
        buttons = (Button(YES, about), *(Button(PLANS[it].button, it) for it in offered if it != about), NOT_THAT)
        asked = Asked(1, about, tuple(offered), _left(meanings, offered[:1]))
        return Reply((Say(self.wording.say(ask.key, ask.words), buttons),), events=(asked.event(),))

    def _ask(self, key: str, offered: list[str], asked: Asked, meanings: Sequence[str] = ()) -> Reply:
        buttons = tuple(Button(PLANS[intent].button, intent) for intent in offered)
        now = Asked(asked.count + 1, None, tuple(offered), _left(meanings, offered))
        return Reply((Say(self.wording.say(key), buttons),), events=(now.event(),))

    def _yes(self, asked: Asked, tracker: Tracker) -> Reply:
        only = [it for it in asked.offered if it != PERSON]
        meant = asked.about or (only[0] if len(only) == 1 else None)
        if meant is not None:
            return Reply(events=(SlotSet("clarify_count", None), *meant_by_yes(meant, tracker)))
        return self._ask("clarify_person", [*only[: OFFERED - 1], PERSON], asked)

    def _no(self, asked: Asked) -> Reply:
        others = list(asked.others[: OFFERED - 1])
        key = "clarify_not_that" if others else "clarify_not_that_tell"
        return self._ask(key, [*others, PERSON], asked, asked.others)


def meanings_of(ranking: Sequence[tuple[str, float]]) -> list[str]:
    """Return the problems and questions a message may be about, likeliest first."""
    ranked = [intent for intent, confidence in ranking if confidence >= LIKELY]
    return [intent for intent in ranked if intent in PLANS and intent != PERSON]


def options(meanings: Sequence[str], asks: Mapping[str, Ask]) -> tuple[str | None, list[str]]:
    """Return the likely meaning of which the records speak, if any, and the meanings to offer, that one first.

    Where the records speak of none of the likeliest, what they speak of most is offered beside them.
    """
    likeliest = list(meanings[:OFFERED])
    about = next((it for it in likeliest if it in asks), None)
    if about is not None:
        return about, [about, *(it for it in likeliest if it != about)]
    recorded = [it for it in asks if it in PLANS][:1] if likeliest else []
    offered = [*likeliest, *recorded]
    # one button is no choice
    return None, [*offered, PERSON] if len(offered) == 1 else offered


def _left(meanings: Sequence[str], offered: Sequence[str]) -> tuple[str, ...]:
    return tuple(it for it in meanings if it not in offered)
