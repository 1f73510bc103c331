"""What goes with words that are sent: the age of their sources is looked up, and their draft is done with."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from desk.answering.drafts import forget_draft
from desk.answering.sources import FINDING, Source, dated, named
from desk.evidence import read_packet
from records.models import Staff, Ticket


async def sources_of(session: AsyncSession, ticket_id: UUID, words: Sequence[str]) -> tuple[Source, ...]:
    """Return the sources a reply's form names, with their age."""
    sources = named(words)
    if not any(source.kind == FINDING for source in sources):
        return dated(sources, ())
    ticket = await session.get_one(Ticket, ticket_id)
    packet = await read_packet(session, ticket.conversation_id, ticket)
    return dated(sources, packet.every)


async def written(session: AsyncSession, staff: Staff, ticket_id: UUID, act: str) -> None:
    """Forget the draft of words that have gone their way."""
    ticket = await session.get_one(Ticket, ticket_id)
    await forget_draft(session, staff.id, ticket.conversation_id, act)
