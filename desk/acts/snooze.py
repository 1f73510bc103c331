"""Snooze: a case is put out of sight until a time people say, or until the participant writes, whichever comes first.

It comes back where it was, to whom it was, with its old promise. A round wakes it (`desk/rounds/waking.py`).
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from desk.acts.case import locked_case, set_ticket
from desk.acts.steering import steered_case, write_down
from desk.notices import WOKEN, give_notice
from desk.refusals import NotWellSaid
from desk.wording import clock_time
from records.bell import Bell
from records.clock import WIB, wib
from records.database import ReadSession
from records.models import Staff, Ticket

LONGEST = timedelta(days=30)
MORNING, AFTERNOON = time(8), time(16)
WORTH_WHILE = timedelta(minutes=30)
"""A part of the day that begins sooner than this is not offered any more."""


@dataclass(frozen=True)
class Choice:
    """A moment as people say it."""

    key: str
    said: str
    until: datetime


def choices(now: datetime) -> tuple[Choice, ...]:
    """Return what is offered now, soonest first."""
    today = wib(now).date()
    monday = today + timedelta(days=7 - today.weekday())
    offered = [
        Choice("1-jam", "1 jam", now + timedelta(hours=1)),
        Choice("3-jam", "3 jam", now + timedelta(hours=3)),
        Choice("sore", "Nanti sore 16.00", datetime.combine(today, AFTERNOON, WIB)),
        Choice("besok", "Besok pagi 08.00", datetime.combine(today + timedelta(days=1), MORNING, WIB)),
        Choice("senin", "Senin 08.00", datetime.combine(monday, MORNING, WIB)),
    ]
    fit = [it for it in offered if it.until - now >= WORTH_WHILE]
    return tuple(sorted(fit, key=lambda it: it.until))


def until_when(said: str, now: datetime) -> datetime:
    """Return the moment a form names: the key of a choice, or a local time as 2020-08-25T13:30; raises NotWellSaid."""
    if chosen := next((it for it in choices(now) if it.key == said), None):
        return chosen.until
    try:
        moment = datetime.fromisoformat(said)
    except ValueError:
        raise NotWellSaid("Pilih sampai kapan tiket ini ditunda.") from None
    until = moment if moment.tzinfo else moment.replace(tzinfo=WIB)
    if until <= now:
        raise NotWellSaid(f"Waktu itu sudah lewat; sekarang {clock_time(now)} WIB.")
    if until - now > LONGEST:
        raise NotWellSaid(f"Paling lama {LONGEST.days} hari.")
    return until


async def snooze(
    session: AsyncSession, bell: Bell, *, ticket_id: UUID, until: datetime, staff: Staff, at: datetime
) -> None:
    """Put the case off; raises HeldByOther, AlreadyResolved, NoSuchCase, NeedsPermit or ChangedMeanwhile."""
    case = await steered_case(session, ticket_id, by=staff, at=at)
    await set_ticket(session, case.ticket, snoozed_until=until)
    await write_down(session, bell, case, "snooze", by=staff, at=at, detail={"until": until.isoformat()})


async def wake(session: AsyncSession, bell: Bell, *, ticket_id: UUID, at: datetime, staff: Staff | None = None) -> bool:
    """Bring a case back before its time (`staff`), or because its time has come; False when it is awake already."""
    if staff is None:
        case = await locked_case(session, ticket_id, by=None, at=at)
    else:
        case = await steered_case(session, ticket_id, by=staff, at=at)
    until = case.ticket.snoozed_until
    if until is None or (staff is None and until > at):
        return False
    await set_ticket(session, case.ticket, snoozed_until=None)
    if staff is None and case.ticket.staff_id:
        await give_notice(session, bell, case, WOKEN, to=[case.ticket.staff_id], by=None, at=at)
    await write_down(session, bell, case, "wake", by=staff, at=at)
    return True


async def asleep_too_long(session: ReadSession, now: datetime, limit: int) -> list[UUID]:
    """Return cases whose time has come, the longest ago first."""
    found = select(Ticket.id).where(Ticket.snoozed_until <= now, Ticket.status != "resolved")
    return list(await session.scalars(found.order_by(Ticket.snoozed_until).limit(limit)))
