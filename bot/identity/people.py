"""Who somebody is, in one piece for the turn: hear what is private, answer what is about oneself, say who speaks."""

from dataclasses import replace

from bot import wording
from bot.events import InboundEvent, Kind
from bot.heard import Heard
from bot.identity.asking import Asking, commanded
from bot.identity.changes import Declined, Dropped
from bot.identity.keys import IdentityKeys
from bot.identity.numbers import NOT_THEIRS, ForeignNumbers
from bot.identity.proving import Proofs, digits_are_asked
from bot.identity.speaking import Speakers, Speaking
from bot.identity.words import Command, command, last_digits, link_token, without_tokens
from bot.lanes import Job
from bot.masking import Masked
from bot.outcome import Outcome, Speaker, fixed
from bot.settings import BotSettings
from records.clock import Clock
from records.database import Database
from registry.interface import Registry

WITH_NUMBERS = ("telegram", "whatsapp")
HELP = ("/bantuan", "/help")


class People:
    """Knows who speaks, and answers what is about that."""

    def __init__(
        self, database: Database, registry: Registry, keys: IdentityKeys, settings: BotSettings, clock: Clock
    ) -> None:
        self._clock = clock
        self._keys = keys
        self._speakers = Speakers(registry, keys, settings, clock)
        self._proofs = Proofs(database, registry, keys, clock)
        self._asking = Asking(keys, settings.bot_link_life)
        self._numbers = ForeignNumbers(database, registry, keys)

    def hear(self, job: Job, heard: Heard) -> Heard:
        """Return the event without the digits that were asked for and without links that open something."""
        said = heard.event.text
        if heard.event.forwarded:
            # perhaps another person's words: they prove nothing
            return replace(heard, masked=replace(heard.masked, text=without_tokens(heard.masked.text)))
        if link_token(said):
            masked = Masked(without_tokens(heard.masked.text), (*heard.masked.kinds, "TAUTAN"))
            return replace(heard, masked=masked, unkept=True)
        if digits_are_asked(job, self._clock()) and last_digits(said):
            return replace(heard, masked=Masked("[NIK4]", ("NIK4",)), choice=None, unkept=True)
        return heard

    async def speaking(self, job: Job, event: InboundEvent) -> Speaking:
        """Return who is speaking."""
        return await self._speakers.of(job, event)

    async def contact(self, job: Job, heard: Heard) -> Outcome:
        """Return what a shared contact comes to."""
        return await self._proofs.contact(job, heard)

    async def answer(self, job: Job, heard: Heard) -> Outcome | None:
        """Return what a message comes to that is about the binding itself; None for every other message."""
        said = heard.event.text
        if heard.event.forwarded:
            return None
        if token := link_token(said):
            without_number = job.channel == "whatsapp" and not heard.event.phone and job.participant_id is None
            return await self._proofs.link(job, token) if without_number else fixed("answered", wording.LINK_IN_CHAT)
        if "NIK4" in heard.masked.kinds and (digits := last_digits(said)):
            return await self._proofs.digits(job, digits)
        asked = commanded(heard.choice) or (command(said) if heard.event.kind is Kind.TEXT else None)
        if asked is None and job.pending_number and said.casefold().strip(" .!") == "batal":
            asked = Command.KEEP
        if asked is None:
            return None
        again = asked is Command.BIND and (job.declined or job.pending_number is not None)
        if again:
            job = replace(job, declined=False, pending_number=None)
        speaking = await self._speakers.of(job, heard.event)
        outcome = self._asking.answer(job, asked, speaking)
        return replace(outcome, changes=(Declined(again=True), *outcome.changes)) if again else outcome

    async def around(self, job: Job, heard: Heard, speaking: Speaking, outcome: Outcome) -> Outcome:
        """Return an answer of the model with what is to be told and written about who speaks."""
        participant = speaking.participant_id or job.participant_id
        theirs = participant and not any(finding.get("advice") == NOT_THEIRS for finding in outcome.findings)
        codes = () if theirs else heard.masked.codes
        foreign = await self._numbers.of(job, heard.event.text, participant, self._proofs.subject(job), codes)
        if heard.event.text.strip().split("@")[0].lower() in HELP:
            outcome = replace(outcome, text=f"{outcome.text}\n\n{wording.COMMANDS}")
        return speaking.said(replace(outcome, changes=(*outcome.changes, *foreign)))

    def changed(self, job: Job, event: InboundEvent) -> Outcome:
        """Return what becomes of a binding when the channel says that number or user id changed."""
        old = self._keys.phone(event.former_phone) if event.former_phone else None
        dropped = Dropped(old, event.address or None)
        if job.participant_id is None:
            return Outcome("joined", speaker=Speaker(None), changes=(dropped,))
        said = wording.NUMBER_CHANGED
        return Outcome("answered", said, speaker=Speaker(None, True), changes=(dropped,))
