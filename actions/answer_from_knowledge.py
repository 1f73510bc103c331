"""General questions: a dated article, the platforms of the day, the policy of one's wave; then what is one's own."""

from dataclasses import replace

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet

from actions.ability import Ability
from actions.answer import Answers
from actions.examined import Examined
from actions.hand_over import HandingOver
from actions.heard import Heard
from actions.reply import Reply
from actions.talk import Meant
from actions.terms import terms
from checks.finding import Finding, Verdict
from checks.plans import KNOWLEDGE, PLANS
from checks.situation import known
from registry.interface import CouldNotAsk

TERMS_WORDS = ("berapa", "brp", "total", "cash", "tunai", "juta", "jt", "rb", "ribu", "duit", "nominal", "jumlah")


class AnswerFromKnowledge(Ability):
    """Answers every intent whose plan names this action."""

    action_name = KNOWLEDGE

    def __init__(self, answers: Answers, handing_over: HandingOver, deadline_seconds: float) -> None:
        super().__init__(answers.wording, deadline_seconds)
        self.answers = answers
        self.handing_over = handing_over

    async def reply(self, heard: Heard, tracker: Tracker) -> Reply:
        """Say what is generally so, and what is so for this person."""
        intent = heard.intent if heard.intent in PLANS else heard.slot("last_answer_intent") or "ask_programme"
        if "talk_to_human" in heard.also:
            return await self.handing_over.give(heard, (intent,))
        reply = await self.answers.give(heard, intent, heard.also, self.general)
        # a platform that was only asked about is not where a later complaint happened
        return replace(reply, events=(SlotSet("platform", None),), answered=Meant.by(heard, intent))

    async def general(self, heard: Heard, it: Examined) -> str:
        """Return what holds for everybody on this day; nothing where the person's own facts say more."""
        intent = it.situation.intent
        if any(f.advice == "bundle_bought_in_time" for f in it.findings):
            return ""
        if intent == "ask_training_choice" and any(f.check == "course" and f.words for f in it.findings):
            return ""
        if intent == "ask_platforms" and _about_platforms(it) and (said := self.roles(it.findings)):
            return said
        amounts = intent == "ask_incentive_terms" and it.situation.mentions(*TERMS_WORDS)
        if amounts and (said := await terms(self.answers.sources, self.wording, heard)):
            return said
        article = known(it.situation.article)
        if article is None:
            unasked = isinstance(it.situation.article, CouldNotAsk)
            return self.roles(it.findings) or ("" if unasked else self.wording.say("no_article"))
        return article.message

    def roles(self, findings: tuple[Finding, ...]) -> str:
        """Say who is a platform, as the dated roles have it."""
        for finding in findings:
            if finding.check == "platform_role" and finding.verdict is not Verdict.UNKNOWN and finding.advice:
                said = self.wording.say(finding.advice, finding.words)
                left = finding.advice.startswith(("platform_left", "platform_never"))
                return f"{said} {self.wording.say('platform_list', finding.words)}" if left else said
        return ""


def _about_platforms(it: Examined) -> bool:
    return it.situation.platform is not None or it.situation.mentions(
        "platform", "beli di mana", "belinya di mana", "marketplace"
    )
