"""Alarms: who, or whose data, was tried too often and is locked for an hour. Seen once, by somebody who says so."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from desk.refusals import NoSuchCase
from records import audit
from records.database import ReadSession
from records.models import Alarm, Staff

SHOWN = 100


@dataclass(frozen=True)
class Raised:
    """One alarm, and who has seen it."""

    alarm: Alarm
    seen_by: str | None


async def unseen(session: ReadSession) -> int:
    """Return how many alarms nobody has seen."""
    return int(await session.scalar(select(func.count(Alarm.id)).where(Alarm.seen_by.is_(None))) or 0)


async def raised(session: ReadSession) -> list[Raised]:
    """Return the newest alarms, those not seen first."""
    rows = await session.execute(
        select(Alarm, Staff.name)
        .outerjoin(Staff, Staff.id == Alarm.seen_by)
        .order_by(Alarm.seen_by.is_not(None), Alarm.at.desc(), Alarm.id.desc())
        .limit(SHOWN)
    )
    return [Raised(alarm, name) for alarm, name in rows]


async def see(session: AsyncSession, *, alarm_id: int, staff: Staff, at: datetime) -> None:
    """Write down that somebody has seen an alarm; the first one counts."""
    alarm = await session.scalar(select(Alarm).where(Alarm.id == alarm_id).with_for_update())
    if alarm is None:
        raise NoSuchCase
    if alarm.seen_by is not None:
        return
    alarm.seen_by, alarm.seen_at = staff.id, at
    await audit.record(session, at=at, actor=staff.username, action="alarm_seen", object=f"alarm:{alarm.id}")
