"""Which messages make a figure? The rows behind any bar, newest first, masked as everything staff read."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select

from records.database import ReadSession
from records.models import ChannelIdentity, Conversation, Message, Ticket, Turn
from trends.newest import newest_days
from trends.within import Within, counted_intent


@dataclass(frozen=True)
class ComplaintRow:
    """One complaint as it was written."""

    turn_id: UUID
    conversation_id: UUID
    at: datetime
    name: str | None
    channel: str
    platform: str | None
    intent: str
    """What it is counted as."""
    read_as: str | None
    """What the model read."""
    confidence: float | None
    outcome: str
    ticket: str | None
    said: str | None


async def complaint_rows(
    session: ReadSession, within: Within, *, limit: int = 100, offset: int = 0
) -> list[ComplaintRow]:
    """Return the complaints of the range and filters, newest first."""
    narrow = await newest_days(session, within, offset + limit)
    rows = await _page(session, narrow.complaints(), limit, offset)
    # some of those that were counted may be gone: then the page goes further back
    return rows if len(rows) == limit or narrow == within else await _page(session, within.complaints(), limit, offset)


async def _page(session: ReadSession, where: ColumnElement[bool], limit: int, offset: int) -> list[ComplaintRow]:
    found = await session.execute(told(where).limit(limit).offset(offset))
    return [ComplaintRow(*tuple(row)) for row in found]


def told(where: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    """Return the statement whose rows are ComplaintRows, newest first: for a list and for an export."""
    return (
        select(
            Turn.id,
            Turn.conversation_id,
            Turn.created_at,
            ChannelIdentity.display_name,
            Turn.channel,
            Turn.platform,
            counted_intent,
            Turn.intent,
            Turn.confidence,
            Turn.outcome,
            Ticket.number,
            Message.text,
        )
        .join(Conversation, Conversation.id == Turn.conversation_id)
        .outerjoin(ChannelIdentity, ChannelIdentity.id == Conversation.identity_id)
        .outerjoin(Ticket, Ticket.opened_by_turn == Turn.id)
        .outerjoin(Message, Message.inbox_id == Turn.inbox_id)
        .where(where)
        .order_by(Turn.created_at.desc(), Turn.id)
    )


async def count_rows(session: ReadSession, within: Within) -> int:
    """Return how many rows there are in all."""
    return await session.scalar(select(func.count()).select_from(Turn).where(within.complaints())) or 0
