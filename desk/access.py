"""Who may open which case: the one rule for pages, acts, lists and the second door.

Agents and leads see the cases of their teams, and whoever holds a case sees it. All else opens with a permit
(`desk.permits`): a reason, half an hour, audited. Lists may name a case one may not open, never its words.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, or_, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from desk.refusals import NeedsPermit, NoSuchCase
from desk.rights import AGENT, HANDLING, LEAD
from desk.sessions import Person
from records.models import Conversation, LookPermit, Staff, TeamMember, Ticket

ASSIGNED, TEAM, PERMIT = "assigned", "team", "permit"
"""Why somebody may look, as the audit says it."""
IN_TEAMS = frozenset({AGENT, LEAD})


@dataclass(frozen=True)
class Owned:
    """What decides about a case, of a ticket that need not be read whole."""

    team_id: UUID
    staff_id: UUID | None
    status: str


def visible(person: Person) -> ColumnElement[bool]:
    """Return the condition on tickets whose conversations this person may open now."""
    ways: list[ColumnElement[bool]] = [false()]
    if person.permits:
        ways.append(Ticket.conversation_id.in_(person.permits))
    if person.role in HANDLING:
        ways.append(and_(Ticket.status == "claimed", Ticket.staff_id == person.id))
    if person.role in IN_TEAMS and person.teams:
        ways.append(Ticket.team_id.in_(person.teams))
    return or_(*ways)


def why_open(person: Person, conversation_id: UUID, case: Ticket | Owned | None) -> str | None:
    """Return why this person may open the conversation whose open or latest case this is; None: they may not."""
    if case is not None and person.role in HANDLING:
        if case.status == "claimed" and case.staff_id == person.id:
            return ASSIGNED
        if person.role in IN_TEAMS and case.team_id in person.teams:
            return TEAM
    return PERMIT if conversation_id in person.permits else None


def check_open(person: Person, conversation_id: UUID, case: Ticket | Owned | None) -> str:
    """Return why this person may open the conversation; raises NeedsPermit."""
    why = why_open(person, conversation_id, case)
    if why is None:
        raise NeedsPermit(conversation_id)
    return why


async def check_case(session: AsyncSession, person: Person, ticket: Ticket) -> str:
    """Return why this person may open the case; raises NeedsPermit."""
    return check_open(person, ticket.conversation_id, ticket)


async def check_conversation(session: AsyncSession, person: Person, conversation_id: UUID) -> str:
    """Return why this person may open the conversation; raises NeedsPermit or NoSuchCase."""
    current = (
        select(Ticket.team_id, Ticket.staff_id, Ticket.status)
        .where(Ticket.conversation_id == conversation_id)
        .order_by(Ticket.status == "resolved", Ticket.opened_at.desc())
        .limit(1)
    )
    row = (await session.execute(current)).first()
    if row is None and await session.get(Conversation, conversation_id) is None:
        raise NoSuchCase
    return check_open(person, conversation_id, Owned(*row) if row else None)


async def current_cases(session: AsyncSession, conversations: Collection[UUID]) -> dict[UUID, Owned]:
    """Return what decides about each of these conversations, where there is a case."""
    rows = await session.execute(
        select(Ticket.conversation_id, Ticket.team_id, Ticket.staff_id, Ticket.status)
        .where(Ticket.conversation_id.in_(conversations))
        .ext(distinct_on(Ticket.conversation_id))
        .order_by(Ticket.conversation_id, Ticket.status == "resolved", Ticket.opened_at.desc())
    )
    return {row.conversation_id: Owned(row.team_id, row.staff_id, row.status) for row in rows}


async def check_act(session: AsyncSession, staff: Staff, ticket: Ticket, at: datetime) -> None:
    """See to it that this member of staff may act on the case; raises NeedsPermit."""
    if not staff.active or staff.role not in HANDLING:
        raise NeedsPermit(ticket.conversation_id)
    if ticket.status == "claimed" and ticket.staff_id == staff.id:
        return
    if staff.role in IN_TEAMS and await _in_team(session, staff, ticket.team_id):
        return
    await check_permit(session, staff, ticket.conversation_id, at)


async def check_permit(session: AsyncSession, staff: Staff, conversation_id: UUID, at: datetime) -> None:
    """See to it that this member of staff has a permit for the conversation now; raises NeedsPermit."""
    permit = select(LookPermit.id).where(
        LookPermit.staff_id == staff.id, LookPermit.conversation_id == conversation_id, LookPermit.until > at
    )
    if await session.scalar(permit.limit(1)) is None:
        raise NeedsPermit(conversation_id)


async def _in_team(session: AsyncSession, staff: Staff, team_id: UUID) -> bool:
    place = select(TeamMember.staff_id).where(TeamMember.team_id == team_id, TeamMember.staff_id == staff.id)
    return await session.scalar(place) is not None


async def openable(session: AsyncSession, person: Person, conversation_ids: Iterable[UUID]) -> frozenset[UUID]:
    """Return which of these conversations this person may open: a list shows words of those alone."""
    wanted = set(conversation_ids)
    cases = await current_cases(session, wanted) if wanted else {}
    return frozenset(each for each in wanted if why_open(person, each, cases.get(each)))
