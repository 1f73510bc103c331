"""Proving who one is: a shared contact, the digits that tell people on one number apart, somebody's own link.

Whatever does not lead to the person, whichever way, gets the same words after the same work: number hashed, locks
looked at, registry asked, failure counted.
"""

from datetime import datetime
from typing import Any

from bot import wording
from bot.heard import Heard
from bot.identity.changes import Bound, Dropped, Failed, LinkUsed, Shared
from bot.identity.keys import IdentityKeys, token_hash
from bot.identity.limits import Failure, locked
from bot.identity.links import owner_of
from bot.identity.speaking import DIGITS_LIFE, CouldNotMatch, participants_of
from bot.lanes import Job
from bot.outcome import Change, Outcome, Speaker, fixed
from bot.understanding import TurnAnswer
from records.clock import Clock
from records.database import Database
from registry.interface import CouldNotAsk, Known, Registry

TELEGRAM = "telegram"


class Proofs:
    """Looks at what a person offers as a proof."""

    def __init__(self, database: Database, registry: Registry, keys: IdentityKeys, clock: Clock) -> None:
        self._database, self._registry, self._keys, self._clock = database, registry, keys, clock

    async def contact(self, job: Job, heard: Heard) -> Outcome:
        """Look at a shared contact: only one's own binds, and only when it is registered."""
        shared = heard.event.contact
        phone = shared.phone if shared else ""
        own = shared is not None and shared.own and job.channel == TELEGRAM
        number, target = self._keys.phone(phone), self._keys.subject("phone", self._keys.phone(phone))
        closed = await self._locked(self.subject(job))
        try:
            participants = await participants_of(self._registry, phone)
        except CouldNotMatch:
            return fixed("answered", wording.CONTACT_LATER)
        if closed or not own or not participants:
            return self._refused(job, "contact", target, gone=own and not closed and self._left(job, number))
        if len(participants) > 1:
            shared_by = Shared(participants, number, "telegram_contact", self._clock() + DIGITS_LIFE)
            return Outcome(
                "asked", wording.NIK_DIGITS, list(wording.CANCEL), speaker=Speaker(None, True), changes=(shared_by,)
            )
        return self._bound(job, Bound(participants[0], "telegram_contact", number))

    async def digits(self, job: Job, digits: str) -> Outcome:
        """Look whom of those on this number the four digits mean."""
        pending = job.pending_number or {}
        candidates, number = tuple(pending["candidates"]), str(pending["phone_hash"])
        target = self._keys.subject("phone", number)
        closed = await self._locked(self.subject(job), target)
        answer = await self._registry.participants_by_nik_last4(candidates, digits)
        if isinstance(answer, CouldNotAsk):
            return fixed("answered", wording.CONTACT_LATER)
        meant = answer.value if isinstance(answer, Known) else ()
        if closed or not meant:
            return self._refused(job, "nik", target)
        if len(meant) > 1:
            return _needs_a_person(job)
        return self._bound(job, Bound(meant[0], str(pending["by"]), number))

    async def link(self, job: Job, token: str) -> Outcome:
        """Look at a one-time link sent into a chat that has no number of its own."""
        hashed = token_hash(token)
        closed = await self._locked(self.subject(job))
        async with self._database.read() as session:
            owner = await owner_of(session, hashed)
        if closed or owner is None or owner.participant_id is None:
            failure = Failure("link", job.channel, self.subject(job), self._keys.subject("link", hashed))
            return Outcome("answered", wording.LINK_REFUSED, changes=(Failed(failure),))
        used = LinkUsed(Bound(owner.participant_id, "link", owner.phone_hash, owner.id), hashed)
        return Outcome("answered", wording.BOUND, speaker=Speaker(owner.participant_id, True), changes=(used,))

    def subject(self, job: Job) -> str:
        """Return what this chat's failures are counted under."""
        return self._keys.subject("identity", f"{job.channel}:{job.person}")

    async def _locked(self, *subjects: str) -> bool:
        async with self._database.read() as session:
            return await locked(session, *subjects)

    def _left(self, job: Job, number: str) -> bool:
        """Whether the number that proved this binding is not the person's any more."""
        return job.participant_id is not None and job.phone_hash != number

    def _refused(self, job: Job, kind: str, target: str, *, gone: bool = False) -> Outcome:
        changes: tuple[Change, ...] = (Failed(Failure(kind, job.channel, self.subject(job), target)),)
        return Outcome(
            "answered",
            "\n\n".join(filter(None, [wording.binding_ended(job.channel) if gone else "", wording.CONTACT_NOT_BOUND])),
            request_contact=job.channel == TELEGRAM,
            speaker=Speaker(None, True) if gone else None,
            changes=(Dropped(), *changes) if gone else changes,
        )

    def _bound(self, job: Job, bound: Bound) -> Outcome:
        somebody_else = job.participant_id not in (None, bound.participant_id)
        return Outcome(
            "answered", wording.BOUND, speaker=Speaker(bound.participant_id, somebody_else), changes=(bound,)
        )


def digits_are_asked(job: Job, now: datetime) -> bool:
    """Say whether four digits would be an answer."""
    pending = job.pending_number
    return pending is not None and now < datetime.fromisoformat(pending["until"])


def _needs_a_person(job: Job) -> Outcome:
    """The digits fit more than one: only a person can tell them apart."""
    case: dict[str, Any] = {
        "kind": "ticket",
        "intent": "change_contact",
        "also": [],
        "platform": None,
        "course": None,
        "queue": "PMO_ACCOUNT",
        "priority": "normal",
        "reason": "Satu nomor dipakai beberapa peserta dengan 4 digit akhir NIK yang sama.",
        "summary": "Nomor ini terdaftar untuk beberapa peserta yang tidak bisa dibedakan; perlu dicocokkan petugas.",
    }
    said = TurnAnswer([{"text": wording.NIK_NEEDS_A_PERSON}], [], [case], {}, job.state, 0.0)
    return Outcome("handed_over", wording.NIK_NEEDS_A_PERSON, answer=said)
