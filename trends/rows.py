"""Which messages make a figure? The rows behind any bar, newest first, masked as everything staff read."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from records.database import ReadSession
from records.models import ChannelIdentity, Conversation, Message, Ticket, Turn
from trends.within import Within


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
    confidence: float | None
    outcome: str
    ticket: str | None
    said: str | None


async def complaint_rows(
    session: ReadSession, within: Within, *, limit: int = 100, offset: int = 0
) -> list[ComplaintRow]:
    """Return the complaints of the range and filters, newest first."""
    found = await session.execute(
        select(
            Turn.id,
            Turn.conversation_id,
            Turn.created_at,
            ChannelIdentity.display_name,
            Turn.channel,
            Turn.platform,
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
        .where(within.complaints())
        .order_by(Turn.created_at.desc(), Turn.id)
        .limit(limit)
        .offset(offset)
    )
    return [ComplaintRow(*tuple(row)) for row in found]


async def count_rows(session: ReadSession, within: Within) -> int:
    """Return how many rows there are in all."""
    return await session.scalar(select(func.count()).select_from(Turn).where(within.complaints())) or 0
