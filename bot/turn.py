"""One turn: hear the event, let the bot or the person who holds the conversation have it, and say what comes of it.

Nothing is written here. The outcome goes to bot/writing.py, which commits all of it or none.
"""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime
from uuid import UUID, uuid5

from bot import wording
from bot.after_closing import AfterClosing
from bot.events import InboundEvent, Kind
from bot.heard import MODEL_LIMIT, Heard, hear
from bot.identity.people import People
from bot.lanes import Job
from bot.media.answering import captioned, wordless
from bot.moving import ChatMoved
from bot.outcome import Outcome, fixed, of_answer
from bot.repeating import Repeats
from bot.said_before import SaidBefore
from bot.settings import MediaSettings
from bot.understanding import TurnRequest, Understanding
from bot.wanting import wanting
from records.clock import Clock
from records.database import Database
from records.sealed import Seal

MOST_CODES = 3
SILENT = (Kind.EDITED, Kind.LEFT, Kind.SERVICE, Kind.MOVED)
CAPTIONED = (Kind.PHOTO, Kind.DOCUMENT, Kind.VOICE, Kind.STICKER)
"""What may come with words, which are then answered like any others."""
TURNS = UUID("6f1d3a52-7f0e-4b43-9d29-7a3f2f6f5a10")
"""Namespace of turn ids: the same event always is the same turn."""

type Parse = Callable[[bytes], InboundEvent]
SPEAKS_FOR_ITSELF = 12
"""With more words than this, what is meant does not hang on the records."""
type Prior = Callable[[str | None, UUID, datetime], Awaitable[list[dict[str, object]]]]
"""What the records make likelier for a participant, in this conversation, now."""


def turn_id_of(inbox_id: int) -> UUID:
    """Return the turn id of an event."""
    return uuid5(TURNS, str(inbox_id))


class Turns:
    """Decides what a turn comes to."""

    def __init__(
        self,
        parsers: dict[str, Parse],
        understanding: Understanding,
        people: People,
        seal: Seal,
        clock: Clock,
        database: Database,
        prior: Prior | None = None,
        media: MediaSettings | None = None,
    ) -> None:
        self._parsers = parsers
        self._understanding = understanding
        self._prior = prior
        self._media = media
        self._people = people
        self._seal = seal
        self._clock = clock
        self._said = SaidBefore(database, self._open)
        self._repeats = Repeats(database)
        self._after_closing = AfterClosing(database, clock)

    def _open(self, channel: str, sealed: bytes) -> InboundEvent:
        return self._parsers[channel](self._seal.open(sealed).encode())

    def hear(self, job: Job) -> Heard:
        """Open the stored event; raises Unreadable or SealBroken."""
        event = self._open(job.channel, job.sealed_event)
        return self._people.hear(job, hear(event, job.offered))

    async def decide(self, job: Job, heard: Heard) -> Outcome:
        """Return what this turn comes to; raises UnderstandingError, or NotYet where more of it is on its way."""
        kind = heard.event.kind
        preface = wording.SHARED_CODE_WARNING if heard.masked.secret else ""
        if kind in SILENT:
            # an edit is shown to staff and never run; coming, going and the like need no words but the warning
            changes = (ChatMoved(heard.event.moved_to),) if heard.event.moved_to else ()
            return replace(fixed("joined", preface if kind is Kind.EDITED else ""), changes=changes)
        if kind is Kind.CHANGED:
            return self._people.changed(job, heard.event)
        if kind is Kind.GROUP:
            # others read along: a warning, and where it is private, which is not told after every line
            told = await self._said.lately(job.conversation, self._clock())
            return fixed("refused", "" if told else wording.GROUP, preface=preface)
        if asked := wanting(heard):
            return asked
        if job.owner == "human":
            return fixed("joined", wording.JOINED if job.staff_id is None else "", preface=preface)
        if kind is Kind.CONTACT:
            outcome = await self._people.contact(job, heard)
            return led(preface, outcome)
        if again := await self._repeats.answer(job, heard):
            return again
        if heard.stale_press:
            return fixed("answered", wording.STALE_BUTTON, preface=preface)
        once = await self._said.of_album(job, heard)
        if once.silent:
            return fixed("joined", preface)
        outcome = await self._answered(job, heard, preface)
        return replace(outcome, reply_id=once.reply_id) if once.reply_id else outcome

    async def _answered(self, job: Job, heard: Heard, preface: str) -> Outcome:
        kind = heard.event.kind
        if kind not in (Kind.TEXT, Kind.BUTTON) and not (kind in CAPTIONED and not heard.blank):
            return led(preface, wordless(heard.event, self._media))
        if heard.blank and heard.choice is None:
            return fixed("answered", wording.BLANK, preface=preface)
        if after := await self._after_closing.answer(job, heard):
            return led(preface, after)
        about_oneself = await self._people.answer(job, heard)
        if about_oneself:
            return led(preface, about_oneself)
        return captioned(heard.event, await self._understand(job, heard, preface), preface, self._media)

    async def _understand(self, job: Job, heard: Heard, preface: str) -> Outcome:
        speaking = await self._people.speaking(job, heard.event)
        if len(heard.masked.text) > MODEL_LIMIT:
            preface = "\n\n".join(part for part in (preface, wording.TOO_LONG) if part)
        now = self._clock()
        answer = await self._understanding.ask(
            TurnRequest(
                turn_id=turn_id_of(job.inbox_id),
                conversation=job.conversation,
                text=heard.asked,
                state={} if speaking.starts_over else job.state,
                choice=heard.choice,
                metadata={
                    "now": now.isoformat(),
                    "channel": job.channel,
                    "conversation_id": str(job.conversation),
                    "participant_id": speaking.participant_id,
                    "binding_unsure": speaking.unsure,
                    "masked": list(heard.masked.kinds),
                    "sealed_codes": self._sealed(heard, speaking.participant_id),
                    "prior": await self._likelier(job, heard, speaking.participant_id, now),
                },
            )
        )
        return await self._people.around(job, heard, speaking, of_answer(answer, preface))

    def _sealed(self, heard: Heard, participant: str | None) -> list[str]:
        """Return the redeem codes of a bound person, sealed: only an action that asks of one opens it."""
        codes = heard.masked.codes[:MOST_CODES] if participant else ()
        return [self._seal.close(code).decode() for code in codes]

    async def _likelier(
        self, job: Job, heard: Heard, participant: str | None, now: datetime
    ) -> list[dict[str, object]]:
        """Return what the records say of this person; a button and a long message leave nothing to be guessed."""
        if self._prior is None or heard.choice is not None or len(heard.asked.split()) > SPEAKS_FOR_ITSELF:
            return []
        return await self._prior(participant, job.conversation, now)


def led(preface: str, outcome: Outcome) -> Outcome:
    """Return the outcome with a sentence before it, where there is one to say."""
    first, other = (
        "\n\n".join(part for part in (preface, said) if part) for said in (outcome.text, outcome.beside_case)
    )
    return replace(outcome, text=first, beside_case=other if outcome.beside_case else "")
