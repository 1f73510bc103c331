"""Release: a case goes back to the queue. The conversation stays with people: the bot does not begin to talk again."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from desk.case import locked_case, set_owner, set_ticket
from desk.refusals import AlreadyResolved, NotHeldByYou
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
    """Put the case back; an administrator may put back anybody's. Raises NotHeldByYou, AlreadyResolved, NoSuchCase."""
    case = await locked_case(session, ticket_id)
    if case.ticket.status == "resolved":
        raise AlreadyResolved
    if case.ticket.status != "claimed" or (case.ticket.staff_id != staff.id and staff.role != "admin"):
        raise NotHeldByYou
    await set_ticket(session, case.ticket, status="open", staff_id=None)
    await set_owner(session, case, owner="human", staff=None, by=staff, reason=reason, at=at)
    await audit.record(
        session, at=at, actor=staff.username, action="release", object=f"ticket:{case.ticket.number}", detail={}
    )
    await bell.ring(session, DESK, str(case.conversation.id))


async def release_all(session: AsyncSession, bell: Bell, *, of: Staff, by: Staff, at: datetime) -> int:
    """Put back every case somebody holds, for when they leave; returns how many."""
    held = list(await session.scalars(select(Ticket.id).where(Ticket.staff_id == of.id, Ticket.status == "claimed")))
    for ticket_id in held:
        await release(session, bell, ticket_id=ticket_id, staff=by, at=at, reason=f"akun {of.username} dinonaktifkan")
    return len(held)
