"""Reopening: a case that was resolved goes on, by an agent who takes it up again or by the participant it is about."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from desk.acts.case import Case, locked_case, set_owner, set_ticket
from desk.acts.steering import write_down
from desk.refusals import Refusal
from records.after_closing import reopened
from records.bell import Bell
from records.masking import mask
from records.models import Staff, Ticket
from records.promises import promise


class NotResolved(Refusal):
    """There is nothing to open again."""

    def __init__(self) -> None:
        super().__init__("Tiket ini masih terbuka.")


class GoesOnElsewhere(Refusal):
    """Another case goes on in its place."""

    def __init__(self, number: str) -> None:
        super().__init__(f"Kasus ini berlanjut di {number}. Buka tiket itu.")


async def reopen(
    session: AsyncSession,
    bell: Bell,
    *,
    ticket_id: UUID,
    reason: str,
    staff: Staff | None,
    at: datetime,
    said_at: datetime | None = None,
) -> Case:
    """Open a resolved case again: an agent holds it at once; with no `staff` it goes to the queue for the participant.

    The bot is silent from then on and a new promise runs from `at`; the participant waits since `said_at`. Raises
    NotResolved, GoesOnElsewhere, NoSuchCase, NeedsPermit or ChangedMeanwhile.
    """
    case = await locked_case(session, ticket_id, by=staff, at=at)
    await _must_be_free(session, case)
    ticket = case.ticket
    made = await promise(
        session, intent=ticket.intent, queue=ticket.queue, priority=ticket.priority, team=ticket.team_id, now=at
    )
    await set_ticket(
        session,
        ticket,
        **reopened(ticket, made, said_at or at) | (_by_staff(staff, said_at) if staff else {}),
    )
    words = f": {mask(reason).text}" if reason.strip() else ""
    version = await set_owner(session, case, owner="human", staff=staff, by=staff, reason=f"dibuka lagi{words}", at=at)
    detail = {"times": ticket.reopened, "owner_version": version}
    await write_down(session, bell, case, "reopen", by=staff, at=at, detail=detail)
    return case


def _by_staff(staff: Staff, said_at: datetime | None) -> dict[str, object]:
    """They hold it at once; nobody waits who has said nothing."""
    return {"status": "claimed", "staff_id": staff.id, "waiting_since": said_at, "previous_staff_id": None}


async def _must_be_free(session: AsyncSession, case: Case) -> None:
    if case.ticket.status != "resolved":
        raise NotResolved
    same = Ticket.conversation_id == case.ticket.conversation_id
    goes_on = select(Ticket.number).where(same, Ticket.status != "resolved")
    if case.ticket.merged_into_id:
        goes_on = select(Ticket.number).where(Ticket.id == case.ticket.merged_into_id)
    if number := await session.scalar(goes_on):
        raise GoesOnElsewhere(number)
