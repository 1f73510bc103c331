"""Release: a case goes back to the queue. The conversation stays with people: the bot does not begin to talk again."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from desk.acts.case import Case, locked_case, set_owner, set_ticket
from desk.refusals import AlreadyResolved, NotHeldByYou
from desk.rights import LEADING
from records import audit
from records.bell import DESK, Bell
from records.models import Staff, Ticket

RELEASED = "dilepas ke antrean"


async def release(
    session: AsyncSession,
    bell: Bell,
    *,
    ticket_id: UUID,
    staff: Staff,
    at: datetime,
    reason: str = RELEASED,
) -> None:
    """Put the case back; who leads may put back another's. Raises NotHeldByYou, AlreadyResolved or NoSuchCase."""
    case = await locked_case(session, ticket_id, by=staff, at=at)
    if case.ticket.status == "resolved":
        raise AlreadyResolved
    if case.ticket.status != "claimed" or (case.ticket.staff_id != staff.id and staff.role not in LEADING):
        raise NotHeldByYou
    await _put_back(session, bell, case, by=staff, at=at, reason=reason)


async def release_all(
    session: AsyncSession,
    bell: Bell,
    *,
    of: Staff,
    by: Staff,
    at: datetime,
    reason: str,
    in_teams: frozenset[UUID] | None = None,
) -> int:
    """Put back every case somebody holds, or those of some teams that are no longer theirs; returns how many."""
    held = select(Ticket.id).where(Ticket.staff_id == of.id, Ticket.status == "claimed").order_by(Ticket.id)
    if in_teams is not None:
        held = held.where(Ticket.team_id.in_(in_teams))
    # all locks first: the audit's lock, once taken, is kept, and no act that waits for it may hold a case we want
    cases = [await locked_case(session, ticket_id, by=None, at=at) for ticket_id in await session.scalars(held)]
    cases = [case for case in cases if case.ticket.status == "claimed" and case.ticket.staff_id == of.id]
    for case in cases:
        await _put_back(session, bell, case, by=by, at=at, reason=reason)
    return len(cases)


async def _put_back(session: AsyncSession, bell: Bell, case: Case, *, by: Staff, at: datetime, reason: str) -> None:
    await set_ticket(session, case.ticket, status="open", staff_id=None, previous_staff_id=None)
    await set_owner(session, case, owner="human", staff=None, by=by, reason=reason, at=at)
    await audit.record(
        session, at=at, actor=by.username, action="release", object=f"ticket:{case.ticket.number}", detail={}
    )
    await bell.ring(session, DESK, str(case.conversation.id))
