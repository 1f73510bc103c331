"""One message after the other: what comes in leaves an inbox row, a turn and a message; what goes out, a send too."""

from random import Random
from uuid import UUID

from helpdesk.rehearsing.matters import CONFUSED
from helpdesk.rehearsing.people import Person
from helpdesk.rehearsing.rows import NONE, Rows, moment
from helpdesk.rehearsing.sentences import Sentences

MODEL = "model-gladi"
MISREAD = 0.03
"""Share of what is easily confused that the model read wrongly and an agent corrected."""
FATES = {
    "telegram": (("sent", "refused"), (0.997, 1.0)),
    "whatsapp": (("read", "delivered", "sent", "refused"), (0.62, 0.93, 0.994, 1.0)),
    "web": (("read", "delivered", "sent"), (0.8, 0.95, 1.0)),
}


class Talk:
    """Writes what is said on both sides."""

    def __init__(self, rows: Rows, sentences: Sentences, random: Random) -> None:
        self.rows, self.sentences, self.random = rows, sentences, random

    def hears(
        self,
        person: Person,
        at: float,
        said: str,
        intent: str | None,
        outcome: str,
        platform: str | None,
        findings: str = "[]",
    ) -> str:
        """Write a participant's message and what was made of it; returns its turn."""
        rows, draw = self.rows, self.random.random
        rows.inbox += 1
        rows.position += 1
        rows.turns += 1
        inbox, chat, channel, when, turn = rows.inbox, person.conversation, person.channel, moment(at), rows.new_id()
        corrected, confidence, ranking, model, took = NONE, NONE, "[]", NONE, 0.4
        if intent is not None:
            if intent in CONFUSED and draw() < MISREAD:
                corrected, intent = intent, CONFUSED[intent]
            share = 0.3 if intent == "nlu_fallback" else 0.6 + 0.39 * draw()
            ranking = f'[{{"name": "{intent}", "confidence": {share:.2f}}}]'
            confidence, model, took = f"{share:.2f}", MODEL, 12 + 40 * draw()
        batch = rows.batch
        batch["inbox"].append(
            f"{inbox}\t{channel}\tupdate:{inbox}\t{chat}\ttext\t{inbox}\t{when}\t{when}\tdone\t{when}"
        )
        batch["turns"].append(
            f"{turn}\t{inbox}\t{chat}\t{channel}\t{person.participant or NONE}\t{intent or NONE}\t{corrected}\t"
            f"{confidence}\t{ranking}\t{platform or NONE}\t{findings}\t{outcome}\t{model}\t{took:.1f}\t{when}"
        )
        batch["messages"].append(
            f"{rows.new_id()}\t{rows.position}\t{chat}\tin\tparticipant\t{said}\ttext\t{inbox}\t{turn}\t{NONE}\t{when}"
        )
        person.last_in = max(person.last_in, at)
        return turn

    def says(
        self,
        person: Person,
        at: float,
        said: str,
        author: str = "bot",
        *,
        turn: str | None = None,
        staff: UUID | None = None,
        kind: str = "text",
    ) -> None:
        """Write a message to a participant, and how it was sent."""
        rows, draw = self.rows, self.random.random
        rows.position += 1
        rows.outbox += 1
        message, when = rows.new_id(), moment(at)
        rows.batch["messages"].append(
            f"{message}\t{rows.position}\t{person.conversation}\tout\t{author}\t{said}\t{kind}\t{NONE}\t{turn or NONE}"
            f"\t{staff or NONE}\t{when}"
        )
        states, sums = FATES[person.channel]
        chance = draw()
        status = next(state for state, upto in zip(states, sums, strict=True) if chance <= upto)
        sent = NONE if status == "refused" else moment(at + 0.25 + 1.5 * draw() ** 3)
        # its words are in the message; the payload is emptied by retention anyway
        rows.batch["outbox"].append(
            f"{rows.new_id()}\t{rows.outbox}\t{person.conversation}\t{message}\t{person.channel}\t{{}}\t{author}\t0"
            f"\t{status}\t{when}\t{when}\t{sent}\t{sent}"
        )

    def notes(self, person: Person, at: float, said: str, staff: UUID) -> None:
        """Write an internal note."""
        rows = self.rows
        rows.position += 1
        rows.batch["messages"].append(
            f"{rows.new_id()}\t{rows.position}\t{person.conversation}\tnote\tagent\t{said}\ttext\t{NONE}\t{NONE}"
            f"\t{staff}\t{moment(at)}"
        )
