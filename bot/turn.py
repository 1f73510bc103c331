"""One turn: hear the event, let the bot or the person who holds the conversation have it, and say what comes of it.

Nothing is written here. The outcome goes to bot/writing.py, which commits all of it or none.
"""

from collections.abc import Callable
from uuid import UUID, uuid5

from bot import wording
from bot.binding import CouldNotMatch, participant_of
from bot.events import InboundEvent, Kind
from bot.heard import MODEL_LIMIT, Heard, hear
from bot.lanes import Job
from bot.outcome import Binding, Outcome, fixed, of_answer
from bot.understanding import TurnRequest, Understanding
from records.clock import Clock
from records.sealed import Seal
from registry.interface import Registry

TURNS = UUID("6f1d3a52-7f0e-4b43-9d29-7a3f2f6f5a10")
"""Namespace of turn ids: the same event always is the same turn."""

type Parse = Callable[[bytes], InboundEvent]


def turn_id_of(inbox_id: int) -> UUID:
    """Return the turn id of an event."""
    return uuid5(TURNS, str(inbox_id))


class Turns:
    """Decides what a turn comes to."""

    def __init__(
        self,
        parsers: dict[str, Parse],
        understanding: Understanding,
        registry: Registry,
        seal: Seal,
        clock: Clock,
    ) -> None:
        self._parsers = parsers
        self._understanding = understanding
        self._registry = registry
        self._seal = seal
        self._clock = clock

    def hear(self, job: Job) -> Heard:
        """Open the stored event; raises Unreadable or SealBroken."""
        event = self._parsers[job.channel](self._seal.open(job.sealed_event).encode())
        return hear(event, job.offered)

    async def decide(self, job: Job, heard: Heard) -> Outcome:
        """Return what this turn comes to; raises UnderstandingError."""
        kind = heard.event.kind
        if kind in (Kind.EDITED, Kind.LEFT):
            # an edit is shown to staff and never run; coming or going needs no words
            return Outcome("joined")
        if kind is Kind.GROUP:
            return fixed("refused", wording.GROUP)
        preface = wording.SHARED_CODE_WARNING if heard.masked.secret else ""
        if job.owner == "human":
            return fixed("joined", wording.JOINED if job.staff_id is None else "", preface=preface)
        if kind is Kind.CONTACT:
            return await self._contact(heard)
        if heard.stale_press:
            return fixed("answered", wording.STALE_BUTTON)
        if kind not in (Kind.TEXT, Kind.BUTTON) and not (kind in (Kind.PHOTO, Kind.DOCUMENT) and not heard.blank):
            return fixed("answered", wording.BY_KIND.get(kind.value, wording.UNSUPPORTED), preface=preface)
        if heard.blank and heard.choice is None:
            return fixed("answered", wording.BLANK, preface=preface)
        return await self._understand(job, heard, preface)

    async def _understand(self, job: Job, heard: Heard, preface: str) -> Outcome:
        binding = await self._vouched(job, heard.event)
        participant = binding.participant_id if binding else job.participant_id
        if len(heard.masked.text) > MODEL_LIMIT:
            preface = "\n\n".join(part for part in (preface, wording.TOO_LONG) if part)
        answer = await self._understanding.ask(
            TurnRequest(
                turn_id=turn_id_of(job.inbox_id),
                conversation=job.conversation,
                text=heard.asked,
                state=job.state,
                choice=heard.choice,
                metadata={
                    "now": self._clock().isoformat(),
                    "channel": job.channel,
                    "conversation_id": str(job.conversation),
                    "participant_id": participant,
                    "masked": list(heard.masked.kinds),
                },
            )
        )
        outcome = of_answer(answer, preface)
        return Outcome(**{**outcome.__dict__, "binding": binding})

    async def _vouched(self, job: Job, event: InboundEvent) -> Binding | None:
        """Bind a person whose number the channel itself vouches for; not now, if the registry cannot be asked."""
        if job.participant_id or not event.phone:
            return None
        try:
            participant = await participant_of(self._registry, event.phone)
        except CouldNotMatch:
            return None
        return Binding(participant, "whatsapp_id") if participant else None

    async def _contact(self, heard: Heard) -> Outcome:
        shared = heard.event.contact
        refused = fixed("answered", wording.CONTACT_NOT_BOUND, request_contact=heard.event.channel == "telegram")
        if shared is None or not shared.own:
            return refused
        try:
            participant = await participant_of(self._registry, shared.phone)
        except CouldNotMatch:
            return fixed("answered", wording.CONTACT_LATER)
        if participant is None:
            return refused
        return Outcome("answered", wording.CONTACT_BOUND, binding=Binding(participant, "telegram_contact"))
