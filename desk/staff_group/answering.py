"""What a press is answered with, and whose topic it was in."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from records.models import GroupTopic, Ticket


@dataclass(frozen=True)
class Answer:
    """What is shown to who pressed."""

    text: str
    alert: bool = False
    """Has to be read and closed; else it goes by itself."""
    silence: UUID | None = None
    """The conversation in which the bot must first have said its last."""


async def case_of(
    session: AsyncSession, chat_id: int, *, thread_id: int | None, card_id: int | None = None
) -> tuple[GroupTopic, Ticket] | None:
    """Return the topic and the case, or None where this is no topic of ours."""
    ways = [GroupTopic.thread_id == thread_id] if thread_id else []
    ways += [GroupTopic.card_id == card_id] if card_id else []
    if not ways:
        return None
    query = select(GroupTopic, Ticket).join(Ticket, Ticket.id == GroupTopic.ticket_id)
    row = (
        await session.execute(query.where(GroupTopic.chat_id == chat_id, GroupTopic.status == "live", or_(*ways)))
    ).first()
    return (row[0], row[1]) if row else None
