"""The two questions of the complaint form. Whoever is asked first hears what is already known of the system."""

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet

from actions.ability import Ability
from actions.answer import Answers
from actions.complaint import Complaint
from actions.examined import about_the_system
from actions.heard import UNKNOWN, Heard
from actions.paragraphs import fit
from actions.reply import BUTTON_LIMIT, Button, Reply, Say
from checks.finding import Finding
from checks.plans import PLANS
from checks.situation import known
from checks.table import run
from records.clock import wib

MOST_BUTTONS = 8


class Asking(Ability):
    """Asks for one slot, after saying what is known."""

    in_form = True

    def __init__(self, answers: Answers, deadline_seconds: float) -> None:
        super().__init__(answers.wording, deadline_seconds)
        self.answers = answers

    async def reply(self, heard: Heard, tracker: Tracker) -> Reply:
        """Say what is known of the system (once), then ask."""
        complaint = Complaint.open(heard)
        findings = () if complaint.told else await self._look(heard, complaint)
        known_so_far = self._say(findings, complaint)
        question = Say(fit([known_so_far, self.wording.say(self.question(complaint))]), await self.buttons(heard))
        return Reply((question,), findings, events=(SlotSet("open_question", complaint.said().as_slot()),))

    def failed(self, heard: Heard | None) -> Reply:
        """Ask all the same: the question needs no source."""
        return Reply((Say(self.wording.say(self.question(None))),))

    async def again(self, heard: Heard) -> Say:
        """Return the question once more, after something else was answered in between."""
        question = self.wording.say(self.question(Complaint.open(heard)))
        return Say(self.wording.say("ask_again", {"question": question}), await self.buttons(heard))

    def question(self, complaint: Complaint | None) -> str:
        """Return the key of the question."""
        raise NotImplementedError

    async def buttons(self, heard: Heard) -> tuple[Button, ...]:
        """Return the answers that can be pressed."""
        return ()

    async def _look(self, heard: Heard, complaint: Complaint) -> tuple[Finding, ...]:
        names = [name for name in PLANS[complaint.intent].checks if name == "system_status"]
        situation = await self.answers.sources.situation(heard.about, complaint.intent, names)
        found = [run(name, situation) for name in names]
        return tuple(finding for finding in found if finding is not None)

    def _say(self, findings: tuple[Finding, ...], complaint: Complaint) -> str:
        in_full = about_the_system(PLANS[complaint.intent])
        spoken = [it for it in findings if it.advice and it.advice != "system_clear"]
        keys = [it.advice if in_full or it.advice != "incident_open" else "incident_in_passing" for it in spoken]
        said = [self.wording.say(key or "", it.words) for key, it in zip(keys, spoken, strict=True)]
        return " ".join(filter(None, [*said, self.answers.unknown(findings)]))


class AskPlatform(Asking):
    """Asks on which platform it happened, offering the platforms of the day."""

    action_name = "action_ask_platform"

    def question(self, complaint: Complaint | None) -> str:
        """Return the key of the question."""
        return "ask_platform"

    async def buttons(self, heard: Heard) -> tuple[Button, ...]:
        """Return the platforms of the day; none where they could not be asked (words will do)."""
        sources = self.answers.sources
        day = wib(heard.now).date()
        official = known(await sources.ask("platforms", sources.registry.organisations("platform", day))) or ()
        named = [Button(it.name[:BUTTON_LIMIT], "inform", {"platform": it.id}) for it in official]
        return tuple(named[:MOST_BUTTONS])


class AskCourse(Asking):
    """Asks which course it is about."""

    action_name = "action_ask_course"

    def question(self, complaint: Complaint | None) -> str:
        """Return the key of the question."""
        refused = complaint is not None and complaint.intent == "purchase_requirements"
        return "ask_course_full" if refused else "ask_course"

    async def buttons(self, heard: Heard) -> tuple[Button, ...]:
        """Return the way out of the question."""
        return (Button("Tidak ingat", "inform", {"course": UNKNOWN}),)
