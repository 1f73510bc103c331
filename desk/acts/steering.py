"""Who decides what becomes of a case, and how every such decision is written down.

Whoever holds a case decides; while nobody holds it, anybody who may open it; a lead always.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from desk.acts.case import Case, locked_case
from desk.refusals import AlreadyResolved, HeldByOther, LeadOnly
from desk.rights import LEADING
from records import audit
from records.bell import DESK, Bell
from records.models import Staff

SYSTEM = "system"


async def open_case(session: AsyncSession, ticket_id: UUID, *, by: Staff | None, at: datetime) -> Case:
    """Return the case, locked, while it is not resolved; raises NoSuchCase, NeedsPermit or AlreadyResolved."""
    case = await locked_case(session, ticket_id, by=by, at=at)
    if case.ticket.status == "resolved":
        raise AlreadyResolved
    return case


async def steered_case(session: AsyncSession, ticket_id: UUID, *, by: Staff, at: datetime) -> Case:
    """Return the open case if this person decides about it; raises HeldByOther and what `open_case` raises."""
    case = await open_case(session, ticket_id, by=by, at=at)
    await must_steer(session, case, by)
    return case


async def must_steer(session: AsyncSession, case: Case, by: Staff) -> None:
    """Raise HeldByOther when a colleague holds the case and this is no lead."""
    holder_id = case.ticket.staff_id
    if case.ticket.status != "claimed" or holder_id in (None, by.id) or by.role in LEADING:
        return
    holder = await session.get(Staff, holder_id)
    raise HeldByOther(holder.name if holder else "petugas lain")


def must_lead(staff: Staff) -> None:
    """Raise LeadOnly unless this is a lead or an administrator."""
    if staff.role not in LEADING:
        raise LeadOnly


async def write_down(
    session: AsyncSession,
    bell: Bell,
    case: Case,
    action: str,
    *,
    by: Staff | None,
    at: datetime,
    detail: dict[str, Any] | None = None,
) -> None:
    """Write the act into the audit trail and ring for every open page that shows the case; `by` None: the house."""
    await audit.record(
        session,
        at=at,
        actor=by.username if by else SYSTEM,
        action=action,
        object=f"ticket:{case.ticket.number}",
        detail=detail or {},
    )
    for conversation in (case.conversation, *case.joined):
        await bell.ring(session, DESK, str(conversation.id))
