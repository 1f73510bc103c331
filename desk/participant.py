"""The participant behind a conversation: every conversation and case that is proven to be theirs, across channels.

Proven means bound to the same participant; a name proves nothing, so whoever is not bound has only this chat. Of what
one may not open only the bare facts are told: number, kind, times.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, select

from desk.access import openable
from desk.looking import View
from desk.sessions import Person
from records.database import ReadSession
from records.models import ChannelIdentity, Conversation, Rating, Ticket

MOST = 20


@dataclass(frozen=True)
class Case:
    """One case of this participant."""

    number: str
    conversation_id: UUID
    intent: str
    status: str
    opened_at: datetime
    resolved_at: datetime | None
    reopened: int
    resolution: str | None
    """What the participant was told; none where one may not open it."""
    rating: int | None


@dataclass(frozen=True)
class Chat:
    """One conversation of this participant."""

    id: UUID
    channel: str
    opened_at: datetime
    last_inbound_at: datetime | None
    here: bool
    """It is the one on the page."""
    open: bool
    """One may open it."""
    cases: tuple[Case, ...]


async def read_participant(session: ReadSession, view: View, person: Person, now: datetime) -> dict[str, Any]:
    """Return the conversations of the participant, the one on the page first, then the latest."""
    chats = await _chats(session, view)
    ids = [chat.id for chat in chats]
    others = [each for each in ids if each != view.conversation.id]
    may = await openable(session, person, others) if others else frozenset()
    cases = await _cases(session, ids, may | {view.conversation.id})
    shown = [
        Chat(
            id=chat.id,
            channel=chat.channel,
            opened_at=chat.opened_at,
            last_inbound_at=chat.last_inbound_at,
            here=chat.id == view.conversation.id,
            open=chat.id in may,
            cases=tuple(case for case in cases if case.conversation_id == chat.id),
        )
        for chat in chats
    ]
    return {"chats": sorted(shown, key=lambda chat: not chat.here)}


async def _chats(session: ReadSession, view: View) -> Sequence[Conversation]:
    participant = view.identity.participant_id if view.identity else None
    if participant is None:
        return [view.conversation]
    query = (
        select(Conversation)
        .join(ChannelIdentity, ChannelIdentity.id == Conversation.identity_id)
        .where(ChannelIdentity.participant_id == participant)
        .order_by(Conversation.last_inbound_at.desc().nulls_last())
        .limit(MOST)
    )
    found = list(await session.scalars(query))
    there = any(chat.id == view.conversation.id for chat in found)
    return found if there else [view.conversation, *found]


async def _cases(session: ReadSession, ids: Sequence[UUID], may: frozenset[UUID]) -> list[Case]:
    rated = and_(Rating.ticket_id == Ticket.id, Rating.times == Ticket.reopened)
    query = (
        select(Ticket, Rating.score)
        .outerjoin(Rating, rated)
        .where(Ticket.conversation_id.in_(ids))
        .order_by(Ticket.opened_at.desc())
        .limit(MOST)
    )
    return [_case(ticket, score, may) for ticket, score in await session.execute(query)]


def _case(ticket: Ticket, score: int | None, may: frozenset[UUID]) -> Case:
    return Case(
        number=ticket.number,
        conversation_id=ticket.conversation_id,
        intent=ticket.intent,
        status=ticket.status,
        opened_at=ticket.opened_at,
        resolved_at=ticket.resolved_at,
        reopened=ticket.reopened,
        resolution=ticket.resolution if ticket.conversation_id in may else None,
        rating=score,
    )
