"""What a turn changes about who somebody is: written with everything else of the turn, in its one transaction.

Bound      proven to be one participant
Shared     proven, but several participants share the number: the four digits decide
Dropped    no longer bound, and neither are the web chats that were opened from here
Declined   asked not to be bound
LinkMade   a one-time link for this person
LinkUsed   bound through somebody's own one-time link
Failed     a lookup that found nothing, counted
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.identity.limits import Failure, count
from bot.lanes import Fenced, Job
from records.models import ChannelIdentity, Conversation, OneTimeLink

NOBODY: dict[str, Any] = {
    "participant_id": None,
    "bound_by": None,
    "bound_at": None,
    "phone_hash": None,
    "bound_through": None,
    "pending": None,
}
SHUT = "ended"
"""A hash no key has: nobody is shown this web chat any more."""
type Where = Any


@dataclass(frozen=True)
class Bound:
    """This person on this channel is that participant."""

    participant_id: str
    by: str
    phone_hash: str | None
    through: UUID | None = None

    async def write(self, session: AsyncSession, job: Job, now: datetime) -> None:
        """Write it."""
        if job.identity_id:
            if job.participant_id not in (None, self.participant_id):
                await _end_web_chats(session, select(ChannelIdentity.id).where(ChannelIdentity.id == job.identity_id))
            await _set(session, job.identity_id, {**self.values(now), "declined_at": None})

    def values(self, now: datetime) -> dict[str, Any]:
        """Return what an identity holds while it is bound so."""
        return {
            "participant_id": self.participant_id,
            "bound_by": self.by,
            "bound_at": now,
            "phone_hash": self.phone_hash,
            "bound_through": self.through,
            "pending": None,
        }


@dataclass(frozen=True)
class Shared:
    """A number is proven that several participants share."""

    candidates: tuple[str, ...]
    phone_hash: str
    by: str
    until: datetime

    async def write(self, session: AsyncSession, job: Job, now: datetime) -> None:
        """Write down whom the digits are to choose from; who was bound before is so no longer."""
        if job.identity_id is None:
            return
        await _drop(session, ChannelIdentity.id == job.identity_id)
        pending = {
            "candidates": list(self.candidates),
            "phone_hash": self.phone_hash,
            "by": self.by,
            "until": self.until.isoformat(),
        }
        await _set(session, job.identity_id, {"pending": pending, "declined_at": None})


@dataclass(frozen=True)
class Dropped:
    """Nobody is bound here any more."""

    phone_hash: str | None = None
    """Drop also whoever WhatsApp knew under this number."""
    address: str | None = None
    """Where the person can be written to from now on."""
    shut: bool = False
    """What a web chat has shown is not shown again, not even in this browser: it may be a shared one."""

    async def write(self, session: AsyncSession, job: Job, now: datetime) -> None:
        """Write it, for the web chats opened from here too."""
        wanted = [ChannelIdentity.id == job.identity_id] if job.identity_id else []
        if self.phone_hash:
            wanted.append((ChannelIdentity.channel == job.channel) & (ChannelIdentity.phone_hash == self.phone_hash))
        await _drop(session, or_(False, *wanted))
        if self.shut and job.identity_id:
            await _set(session, job.identity_id, {"session_hash": SHUT})
        if self.address:
            await session.execute(
                update(Conversation).where(Conversation.id == job.conversation).values(address=self.address)
            )


@dataclass(frozen=True)
class Declined:
    """This person does not want to be looked up by their number; `again` takes that back."""

    again: bool = False

    async def write(self, session: AsyncSession, job: Job, now: datetime) -> None:
        """Write it."""
        if job.identity_id:
            values = {"declined_at": None} if self.again else {"declined_at": now, "pending": None}
            await _set(session, job.identity_id, values)


@dataclass(frozen=True)
class LinkMade:
    """A one-time link for whoever is bound here; an earlier one that was not used ends."""

    id: UUID
    token_hash: str
    life: timedelta

    async def write(self, session: AsyncSession, job: Job, now: datetime) -> None:
        """Write it."""
        if job.identity_id is None:
            return
        await session.execute(
            delete(OneTimeLink).where(OneTimeLink.identity_id == job.identity_id, OneTimeLink.used_at.is_(None))
        )
        link = {
            "id": self.id,
            "token_hash": self.token_hash,
            "identity_id": job.identity_id,
            "conversation_id": job.conversation,
            "expires_at": func.clock_timestamp() + self.life,
        }
        await session.execute(insert(OneTimeLink).values(link))


@dataclass(frozen=True)
class LinkUsed:
    """Bound through a link of one's own; somebody else was quicker: the turn is decided again."""

    bound: Bound
    token_hash: str

    async def write(self, session: AsyncSession, job: Job, now: datetime) -> None:
        """Use the link up and bind."""
        if await use(session, self.token_hash) is None:
            raise Fenced
        await self.bound.write(session, job, now)


@dataclass(frozen=True)
class Failed:
    """A lookup that found nothing."""

    failure: Failure

    async def write(self, session: AsyncSession, job: Job, now: datetime) -> None:
        """Count it."""
        await count(session, self.failure, now)


async def use(session: AsyncSession, token: str) -> OneTimeLink | None:
    """Use a link up by the hash of its token; None for one that is used, too old or unknown."""
    used: OneTimeLink | None = await session.scalar(
        update(OneTimeLink)
        .where(
            OneTimeLink.token_hash == token,
            OneTimeLink.used_at.is_(None),
            OneTimeLink.expires_at > func.clock_timestamp(),
        )
        .values(used_at=func.clock_timestamp())
        .returning(OneTimeLink)
    )
    return used


async def _set(session: AsyncSession, identity: UUID, values: dict[str, Any]) -> None:
    await session.execute(update(ChannelIdentity).where(ChannelIdentity.id == identity).values(values))


async def _drop(session: AsyncSession, wanted: Where) -> None:
    """Unbind these, end the web chats opened from them, and the links that were not used."""
    identities = select(ChannelIdentity.id).where(wanted)
    await _end_web_chats(session, identities)
    await session.execute(
        delete(OneTimeLink).where(OneTimeLink.identity_id.in_(identities), OneTimeLink.used_at.is_(None))
    )
    await session.execute(update(ChannelIdentity).where(wanted).values(NOBODY))


async def _end_web_chats(session: AsyncSession, opened_from: Any) -> None:
    shut = {**NOBODY, "session_hash": SHUT}
    bound = ChannelIdentity.bound_through.in_(opened_from)
    await session.execute(update(ChannelIdentity).where(bound, ChannelIdentity.channel == "web").values(shut))
    await session.execute(update(ChannelIdentity).where(bound).values(NOBODY))
