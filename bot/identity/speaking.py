"""Who is speaking in this turn: whether a binding still holds, and whether the channel itself vouches for a number.

A binding holds while it is young enough and the registry still gives the number that proved it to the same participant.
That is asked once a minute at most. A registry that could not be asked ends nothing: the person is unbound for this
turn only, and is told that their data could not be checked.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

from bot import wording
from bot.events import InboundEvent
from bot.identity.changes import Bound, Dropped, Shared
from bot.identity.keys import IdentityKeys
from bot.lanes import Job
from bot.outcome import Change, Outcome, Speaker
from bot.settings import BotSettings
from records.clock import Clock
from registry.interface import CouldNotAsk, Known, Registry

REMEMBERED_SECONDS = 60.0
MOST_REMEMBERED = 50_000
DIGITS_LIFE = timedelta(minutes=15)


@dataclass(frozen=True)
class Speaking:
    """Who speaks, what that changes, and what they must be told about it."""

    participant_id: str | None
    unsure: bool = False
    """Bound, but it could not be checked now."""
    before: str = ""
    after: str = ""
    changes: tuple[Change, ...] = ()
    starts_over: bool = False

    def said(self, outcome: Outcome) -> Outcome:
        """Return the outcome with what is to be told around its words, and what is to be written."""
        return replace(
            outcome,
            text="\n\n".join(part for part in (self.before, outcome.text, self.after) if part),
            request_contact=outcome.request_contact and not self.unsure,
            speaker=Speaker(self.participant_id, self.starts_over),
            changes=(*self.changes, *outcome.changes),
        )


class CouldNotMatch(Exception):
    """The registry could not be asked: try again later."""


class Speakers:
    """Finds out."""

    def __init__(
        self,
        registry: Registry,
        keys: IdentityKeys,
        settings: BotSettings,
        clock: Clock,
        elapsed: Callable[[], float] = time.monotonic,
    ) -> None:
        self._registry, self._keys, self._clock, self._elapsed = registry, keys, clock, elapsed
        self._life, self._web_life = settings.bot_binding_life, settings.bot_web_binding_life
        self._checked: dict[tuple[UUID, str, str], float] = {}

    async def of(self, job: Job, event: InboundEvent) -> Speaking:
        """Return who is speaking."""
        try:
            if job.participant_id is None:
                return await self._vouched(job, event) or Speaking(None)
            return await self._still(job, event, job.participant_id)
        except CouldNotMatch:
            return Speaking(None, unsure=job.participant_id is not None)

    async def _still(self, job: Job, event: InboundEvent, participant: str) -> Speaking:
        number = self._keys.phone(event.phone) if event.phone else None
        age = self._clock() - job.bound_at if job.bound_at else self._life
        life = self._web_life if job.channel == "web" else self._life
        same_number = job.phone_hash is not None and number in (None, job.phone_hash)
        if same_number and age < life and await self._is_theirs(job, participant):
            renewed = Bound(participant, job.bound_by or "whatsapp_id", job.phone_hash)
            return Speaking(participant, changes=(renewed,) if number and age > life / 2 else ())
        vouched = await self._vouched(job, event)
        if vouched and vouched.participant_id == participant:
            return vouched
        told = wording.binding_ended(job.channel)
        if vouched:
            return replace(vouched, before=told if vouched.participant_id is None else "", starts_over=True)
        return Speaking(None, before=told, changes=(Dropped(),), starts_over=True)

    async def _is_theirs(self, job: Job, participant: str) -> bool:
        """Ask the registry whether the number is still this participant's, unless that was just asked."""
        if job.phone_hash is None or job.identity_id is None:
            return False
        key = (job.identity_id, job.phone_hash, participant)
        moment = self._elapsed()
        if moment - self._checked.get(key, float("-inf")) < REMEMBERED_SECONDS:
            return True
        answer = await self._registry.participants_by_phone_hash(job.phone_hash)
        if isinstance(answer, CouldNotAsk):
            raise CouldNotMatch(answer.reason)
        if not isinstance(answer, Known) or participant not in answer.value:
            self._checked.pop(key, None)
            return False
        if len(self._checked) >= MOST_REMEMBERED:
            self._checked.clear()
        self._checked[key] = moment
        return True

    async def _vouched(self, job: Job, event: InboundEvent) -> Speaking | None:
        """Bind a person whose number the channel itself vouches for, unless they asked not to be."""
        if not event.phone or job.declined or job.pending_number:
            return None
        participants = await participants_of(self._registry, event.phone)
        number = self._keys.phone(event.phone)
        if len(participants) == 1:
            return Speaking(participants[0], changes=(Bound(participants[0], "whatsapp_id", number),))
        if participants:
            shared = Shared(participants, number, "whatsapp_id", self._clock() + DIGITS_LIFE)
            return Speaking(None, after=wording.NIK_DIGITS, changes=(shared,))
        return None


async def participants_of(registry: Registry, phone: str) -> tuple[str, ...]:
    """Return everybody registered with this number; raises CouldNotMatch."""
    answer = await registry.participants_by_phone(phone)
    if isinstance(answer, CouldNotAsk):
        raise CouldNotMatch(answer.reason)
    return answer.value if isinstance(answer, Known) else ()
