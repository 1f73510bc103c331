"""Alarms: what is not as it must be, what was, and who tries lookups too often. Seen once, by somebody who says so.

An alarm opens and closes by itself; a lock of lookups ends after its hour. Seeing one changes nothing but that.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from desk.refusals import NoSuchCase
from records import audit
from records.database import ReadSession
from records.models import Alarm, Staff

SHOWN = 100
LOCK = "lookups_locked"
SEVERE = "severe"


@dataclass(frozen=True)
class Raised:
    """One alarm, and who has seen it."""

    alarm: Alarm
    seen_by: str | None

    def lasted(self, real_now: datetime) -> timedelta:
        """Return how long it was or has been open, in real time."""
        return (self.alarm.closed_at or real_now) - self.alarm.opened_at


@dataclass(frozen=True)
class Standing:
    """How many alarms are open, and which of them are severe: what every page shows."""

    open: int
    severe: tuple[tuple[str, str], ...]
    """Name and scope."""


async def standing(session: ReadSession) -> Standing:
    """Return what is open now."""
    rows = (
        await session.execute(
            select(Alarm.name, Alarm.scope, Alarm.severity)
            .where(Alarm.closed_at.is_(None), Alarm.name != LOCK)
            .order_by(Alarm.name, Alarm.scope)
        )
    ).all()
    return Standing(len(rows), tuple((name, scope) for name, scope, severity in rows if severity == SEVERE))


async def unseen(session: ReadSession) -> int:
    """Return how many locks of lookups nobody has seen."""
    waiting = select(func.count(Alarm.id)).where(Alarm.seen_by.is_(None), Alarm.name == LOCK)
    return int(await session.scalar(waiting) or 0)


async def open_now(session: ReadSession) -> list[Raised]:
    """Return what is not as it must be, the severe first."""
    return await _raised(session, Alarm.name != LOCK, Alarm.closed_at.is_(None), severe_first=True)


async def over(session: ReadSession) -> list[Raised]:
    """Return what was, newest first."""
    return await _raised(session, Alarm.name != LOCK, Alarm.closed_at.is_not(None))


async def locks(session: ReadSession) -> list[Raised]:
    """Return the locks of lookups, those not seen first."""
    return await _raised(session, Alarm.name == LOCK)


async def see(session: AsyncSession, *, alarm_id: int, staff: Staff, at: datetime) -> None:
    """Write down that somebody has seen an alarm; the first one counts."""
    alarm = await session.scalar(select(Alarm).where(Alarm.id == alarm_id).with_for_update())
    if alarm is None:
        raise NoSuchCase
    if alarm.seen_by is not None:
        return
    alarm.seen_by, alarm.seen_at = staff.id, at
    await audit.record(session, at=at, actor=staff.username, action="alarm_seen", object=f"alarm:{alarm.id}")


async def _raised(session: ReadSession, *conditions: object, severe_first: bool = False) -> list[Raised]:
    rows = await session.execute(
        select(Alarm, Staff.name)
        .outerjoin(Staff, Staff.id == Alarm.seen_by)
        .where(*conditions)  # type: ignore[arg-type]
        .order_by(
            *((Alarm.severity != SEVERE,) if severe_first else ()),
            *((Alarm.seen_by.is_not(None),) if not severe_first else ()),
            Alarm.at.desc(),
            Alarm.id.desc(),
        )
        .limit(SHOWN)
    )
    return [Raised(alarm, name) for alarm, name in rows]
