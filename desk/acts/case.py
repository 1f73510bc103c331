"""A case: one ticket with its conversation, read under lock so that an act sees what it changes.

Everybody locks the ticket first and the conversation second, as the bot does when it opens or joins a case, so acts
wait for each other instead of embracing.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from desk.access import check_act
from desk.joined import joined_conversations
from desk.refusals import AlreadyResolved, ChangedMeanwhile, NoSuchCase, NotHeldByYou
from records.models import Conversation, HandOver, Staff, Ticket


@dataclass(frozen=True)
class Case:
    """What an act is about."""

    ticket: Ticket
    conversation: Conversation
    joined: Sequence[Conversation] = field(default=())
    """Conversations of cases merged into this one: they go wherever it goes."""

    def held_by(self, staff: Staff) -> bool:
        """Say whether this person holds both the ticket and the conversation."""
        return (
            self.ticket.status == "claimed"
            and self.ticket.staff_id == staff.id
            and self.conversation.owner == "human"
            and self.conversation.staff_id == staff.id
        )


async def locked_case(session: AsyncSession, ticket_id: UUID, *, by: Staff | None, at: datetime) -> Case:
    """Return the case, nobody else changing it until this transaction ends; raises NoSuchCase or NeedsPermit.

    `by` None is the house itself (a round), which may touch every case.
    """
    case = await _locked(session, ticket_id)
    if by is not None:
        await check_act(session, by, case.ticket, at)
    return case


async def _locked(session: AsyncSession, ticket_id: UUID) -> Case:
    lock = {"key_share": True}
    ticket = await session.get(Ticket, ticket_id, with_for_update=lock, populate_existing=True)
    if ticket is None:
        raise NoSuchCase
    conversation = await session.get_one(
        Conversation, ticket.conversation_id, with_for_update=lock, populate_existing=True
    )
    return Case(ticket, conversation, await joined_conversations(session, ticket))


async def held_case(session: AsyncSession, ticket_id: UUID, staff: Staff) -> Case:
    """Return the case if this person holds it; raises NoSuchCase, AlreadyResolved or NotHeldByYou."""
    case = await _locked(session, ticket_id)
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
    session: AsyncSession, case: Case, *, owner: str, staff: Staff | None, by: Staff | None, reason: str, at: datetime
) -> int:
    """Give the conversation to the bot, a person or the queue, with those joined to it; returns the new version.

    Every one gets its hand-over. Raises ChangedMeanwhile when one is no longer the version that was read.
    """
    for conversation in (case.conversation, *case.joined):
        await hand_over(session, case, conversation, owner=owner, staff=staff, by=by, reason=reason, at=at)
    return case.conversation.owner_version


async def hand_over(
    session: AsyncSession,
    case: Case,
    conversation: Conversation,
    *,
    owner: str,
    staff: Staff | None,
    by: Staff | None,
    reason: str,
    at: datetime,
) -> None:
    """Give one conversation of the case to the bot, a person or the queue and raise its fence; may ChangedMeanwhile."""
    before, version = conversation.owner, conversation.owner_version
    changed = await session.execute(
        update(Conversation)
        .where(Conversation.id == conversation.id, Conversation.owner_version == version)
        .values(owner=owner, owner_version=version + 1, staff_id=staff.id if staff else None)
        .returning(Conversation.owner_version)
        .execution_options(synchronize_session="fetch")
    )
    if changed.first() is None:
        raise ChangedMeanwhile
    session.add(
        HandOver(
            conversation_id=conversation.id,
            ticket_id=case.ticket.id,
            from_owner=before,
            to_owner=owner,
            staff_id=by.id if by else None,
            version=version + 1,
            reason=reason,
            at=at,
        )
    )
