"""Claim: an agent takes a case from the queue. Two may press at once: one wins, and is named to the other."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from desk.acts.case import Case, locked_case, set_owner, set_ticket
from desk.refusals import AlreadyResolved, TakenByOther
from records import audit
from records.bell import DESK, Bell
from records.failpoints import reach
from records.models import Staff


async def claim(session: AsyncSession, bell: Bell, *, ticket_id: UUID, staff: Staff, at: datetime) -> Case:
    """Take the case; taking one's own again changes nothing. Raises TakenByOther, AlreadyResolved, NoSuchCase."""
    case = await locked_case(session, ticket_id, by=staff, at=at)
    if case.ticket.status == "resolved":
        raise AlreadyResolved
    if case.held_by(staff):
        return case
    if case.ticket.status == "claimed" and case.ticket.staff_id != staff.id:
        raise TakenByOther(await _name(session, case.ticket.staff_id))
    # whom it was with before it was reopened counts no longer, however it goes on from here
    await set_ticket(session, case.ticket, status="claimed", staff_id=staff.id, previous_staff_id=None)
    version = await set_owner(session, case, owner="human", staff=staff, by=staff, reason="diambil dari antrean", at=at)
    await audit.record(
        session,
        at=at,
        actor=staff.username,
        action="claim",
        object=f"ticket:{case.ticket.number}",
        detail={"owner_version": version},
    )
    await bell.ring(session, DESK, str(case.conversation.id))
    await reach("desk take-over")
    return case


async def _name(session: AsyncSession, staff_id: UUID | None) -> str:
    holder = await session.get(Staff, staff_id) if staff_id else None
    return holder.name if holder else "petugas lain"
