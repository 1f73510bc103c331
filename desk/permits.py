"""Permits to look: a reason opens one conversation to one sign-in for half an hour, and both are written down."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from desk.raw_words import good_reason
from desk.refusals import NoSuchCase
from desk.sessions import Person
from records import audit
from records.database import ReadSession
from records.masking import mask
from records.models import Conversation, LookPermit, Team, Ticket

LASTS = timedelta(minutes=30)


@dataclass(frozen=True)
class Closed:
    """A conversation that needs a permit: what may be said of it before."""

    conversation_id: UUID
    channel: str
    last_inbound_at: datetime | None
    ticket: Ticket | None
    team: str | None

    @property
    def object(self) -> str:
        """What an audit entry calls it."""
        return f"ticket:{self.ticket.number}" if self.ticket else f"conversation:{self.conversation_id}"


async def closed(session: ReadSession | AsyncSession, conversation_id: UUID) -> Closed:
    """Return what a permit would open; raises NoSuchCase."""
    conversation = await session.get(Conversation, conversation_id)
    if conversation is None:
        raise NoSuchCase
    row = (
        await session.execute(
            select(Ticket, Team.name)
            .join(Team, Team.id == Ticket.team_id)
            .where(Ticket.conversation_id == conversation_id)
            .order_by(Ticket.status == "resolved", Ticket.opened_at.desc())
            .limit(1)
        )
    ).first()
    ticket, team = row or (None, None)
    return Closed(conversation_id, conversation.channel, conversation.last_inbound_at, ticket, team)


async def give_permit(
    session: AsyncSession, *, conversation_id: UUID, reason: str, person: Person, at: datetime
) -> LookPermit:
    """Open the conversation to this sign-in for a while; raises NotWellSaid or NoSuchCase."""
    words = mask(good_reason(reason)).text
    subject = await closed(session, conversation_id)
    permit = LookPermit(
        staff_id=person.id,
        session_hash=person.token_hash,
        conversation_id=conversation_id,
        reason=words,
        at=at,
        until=at + LASTS,
    )
    session.add(permit)
    await session.flush()
    detail = {"conversation": str(conversation_id), "reason": words, "minutes": int(LASTS.total_seconds() // 60)}
    await audit.record(
        session, at=at, actor=person.username, action="permit_given", object=subject.object, detail=detail
    )
    return permit
