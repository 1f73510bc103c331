"""Priority: how pressing a case is. More pressing brings the promise forward; less never puts it off in silence."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from desk.acts.case import set_ticket
from desk.acts.steering import open_case, write_down
from desk.refusals import NotWellSaid
from records.bell import Bell
from records.models import Staff
from records.promises import promise

PRIORITIES = ("normal", "high", "urgent")
SET, SOONER, AS_PROMISED = "prioritas", "prioritas-lebih-awal", "prioritas-tetap"
"""What became of the promise: nothing to tell, it is earlier now, or it stays although the case presses less."""


async def set_priority(
    session: AsyncSession, bell: Bell, *, ticket_id: UUID, priority: str, staff: Staff, at: datetime
) -> str:
    """Give the case this priority and return SET, SOONER or AS_PROMISED; the promise is never later than it was.

    Raises NotWellSaid, AlreadyResolved, NoSuchCase, NeedsPermit or ChangedMeanwhile.
    """
    if priority not in PRIORITIES:
        raise NotWellSaid("Pilih prioritas: Biasa, Tinggi, atau Mendesak.")
    case = await open_case(session, ticket_id, by=staff, at=at)
    ticket = case.ticket
    before, promised = ticket.priority, ticket.promised_at
    if before == priority:
        return SET
    made = await promise(
        session, intent=ticket.intent, queue=ticket.queue, priority=priority, team=ticket.team_id, now=at
    )
    answered = ticket.first_reply_at is not None
    sooner = promised if answered else min(promised, made.answer_by)
    aim = min(ticket.resolve_by or made.resolve_by, made.resolve_by)
    await set_ticket(session, ticket, priority=priority, promised_at=sooner, resolve_by=aim)
    detail = {"from": before, "to": priority, "promised_at": sooner.isoformat()}
    await write_down(session, bell, case, "priority", by=staff, at=at, detail=detail)
    if sooner < promised:
        return SOONER
    lowered = PRIORITIES.index(priority) < PRIORITIES.index(before)
    return AS_PROMISED if lowered and not answered else SET
