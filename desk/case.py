"""A case: one ticket with its conversation, read under lock so that an act sees what it changes.

Everybody locks the ticket first and the conversation second, as the bot does when it opens or joins a case, so acts
wait for each other instead of embracing.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from desk.refusals import AlreadyResolved, ChangedMeanwhile, NoSuchCase, NotHeldByYou
from records.models import Conversation, HandOver, Staff, Ticket


@dataclass(frozen=True)
class Case:
    """What an act is about."""

    ticket: Ticket
    conversation: Conversation

    def held_by(self, staff: Staff) -> bool:
        """Say whether this person holds both the ticket and the conversation."""
        return (
            self.ticket.status == "claimed"
            and self.ticket.staff_id == staff.id
            and self.conversation.owner == "human"
            and self.conversation.staff_id == staff.id
        )


async def locked_case(session: AsyncSession, ticket_id: UUID) -> Case:
    """Return the case, nobody else changing it until this transaction ends; raises NoSuchCase."""
    lock = {"key_share": True}
    ticket = await session.get(Ticket, ticket_id, with_for_update=lock, populate_existing=True)
    if ticket is None:
        raise NoSuchCase
    conversation = await session.get_one(
        Conversation, ticket.conversation_id, with_for_update=lock, populate_existing=True
    )
    return Case(ticket, conversation)


async def held_case(session: AsyncSession, ticket_id: UUID, staff: Staff) -> Case:
    """Return the case if this person holds it; raises NoSuchCase, AlreadyResolved or NotHeldByYou."""
    case = await locked_case(session, ticket_id)
    if case.ticket.status == "resolved":
        raise AlreadyResolved
    if not case.held_by(staff):
        raise NotHeldByYou
    return case


async def set_ticket(session: AsyncSession, ticket: Ticket, **values: object) -> None:
    """Change the ticket if it is still the version that was read; raises ChangedMeanwhile."""
    changed = await session.execute(
        update(Ticket)
        .where(Ticket.id == ticket.id, Ticket.version == ticket.version, Ticket.status == ticket.status)
        .values(version=ticket.version + 1, **values)
        .returning(Ticket.version)
        .execution_options(synchronize_session="fetch")
    )
    if changed.first() is None:
        raise ChangedMeanwhile


async def set_owner(
    session: AsyncSession, case: Case, *, owner: str, staff: Staff | None, by: Staff, reason: str, at: datetime
) -> int:
    """Give the conversation to the bot, a person or the queue and write the hand-over; returns the new version.

    Raises ChangedMeanwhile when the conversation is no longer the version that was read.
    """
    before, version = case.conversation.owner, case.conversation.owner_version
    changed = await session.execute(
        update(Conversation)
        .where(Conversation.id == case.conversation.id, Conversation.owner_version == version)
        .values(owner=owner, owner_version=version + 1, staff_id=staff.id if staff else None)
        .returning(Conversation.owner_version)
        .execution_options(synchronize_session="fetch")
    )
    if changed.first() is None:
        raise ChangedMeanwhile
    session.add(
        HandOver(
            conversation_id=case.conversation.id,
            ticket_id=case.ticket.id,
            from_owner=before,
            to_owner=owner,
            staff_id=by.id,
            version=version + 1,
            reason=reason,
            at=at,
        )
    )
    return version + 1
