"""What was joined to a case by merging: the other cases, and their conversations that go with it from then on.

A conversation goes with the case as long as nothing newer was opened in it: who holds the case holds it too.
"""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from records.database import ReadSession
from records.models import Conversation, Ticket

FRESH = {"populate_existing": True}
WITH_IT = text(
    """
    SELECT DISTINCT m.conversation_id FROM tickets AS m
    WHERE m.id = ANY(:merged) AND m.conversation_id <> :own AND NOT EXISTS (
        SELECT FROM tickets AS other WHERE other.conversation_id = m.conversation_id AND other.id <> ALL(:merged)
        AND (other.status <> 'resolved' OR other.opened_at > m.opened_at)
    )
    """
)


async def merged_ids(session: AsyncSession | ReadSession, ticket_id: UUID) -> list[UUID]:
    """Return every case that was merged into this one."""
    return list(await session.scalars(select(Ticket.id).where(Ticket.merged_into_id == ticket_id)))


async def joined_channels(session: ReadSession, ticket: Ticket | None) -> list[str]:
    """Return the channels of the conversations that go with this case."""
    if ticket is None or ticket.status != "claimed":
        return []
    with_it = await _with_it(session, ticket)
    channels = select(Conversation.channel).where(Conversation.id.in_(with_it)).order_by(Conversation.channel)
    return list(await session.scalars(channels.distinct()))


async def joined_conversations(session: AsyncSession, ticket: Ticket) -> Sequence[Conversation]:
    """Return the conversations that go with this case, locked, always in the same order."""
    with_it = await _with_it(session, ticket)
    if not with_it:
        return ()
    found = select(Conversation).where(Conversation.id.in_(with_it)).order_by(Conversation.id)
    return list(await session.scalars(found.with_for_update(key_share=True), execution_options=FRESH))


async def _with_it(session: AsyncSession | ReadSession, ticket: Ticket) -> list[UUID]:
    merged = await merged_ids(session, ticket.id)
    if not merged:
        return []
    return list(await session.scalars(WITH_IT, {"merged": merged, "own": ticket.conversation_id}))
