"""Who is looking at which conversation now, who is typing in it, and who is at the desk at all.

Machinery on real time: an open page says every 20 seconds that it is there; who says nothing for 45 is gone.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from desk.looking import View
from desk.office import Office
from desk.sessions import Person
from records.bell import DESK
from records.database import ReadSession
from records.models import Staff, StaffPresence

GONE = timedelta(seconds=45)
TYPING = timedelta(seconds=8)
"""Typing is said every three seconds; after this it has ended, whether or not that was said."""
KEPT = timedelta(hours=1)

SEEN = """
    WITH before AS (
        SELECT seen_at, typing_at FROM staff_presence
        WHERE staff_id = %(staff)s AND conversation_id IS NOT DISTINCT FROM %(conversation)s::uuid
    ), kept AS (
        INSERT INTO staff_presence (staff_id, conversation_id, seen_at, typing_at)
        VALUES (%(staff)s, %(conversation)s::uuid, %(now)s, %(typing)s::timestamptz)
        ON CONFLICT (staff_id, conversation_id) DO UPDATE SET seen_at = EXCLUDED.seen_at, typing_at = EXCLUDED.typing_at
        RETURNING 1
    )
    SELECT COALESCE((SELECT seen_at FROM before) > %(gone)s, false) AS was_here,
           COALESCE((SELECT typing_at FROM before) > %(silent)s, false) AS was_typing
    FROM kept
"""
LEFT = """
    DELETE FROM staff_presence WHERE staff_id = %(staff)s AND conversation_id = %(conversation)s::uuid
    RETURNING seen_at > %(gone)s AS was_here
"""


@dataclass(frozen=True)
class Present:
    """A colleague who has the conversation open."""

    name: str
    typing: bool


async def looking(office: Office, staff_id: UUID, conversation_id: UUID, *, typing: bool) -> None:
    """Write down that somebody has this conversation open; colleagues are told only when that is news."""
    now = office.real_clock()
    given = _given(staff_id, conversation_id, now) | {"typing": now if typing else None}
    [before] = await office.database.at_once.rows(SEEN, given)
    if not before["was_here"] or before["was_typing"] != typing:
        await _tell(office, conversation_id)


async def left(office: Office, staff_id: UUID, conversation_id: UUID) -> None:
    """Write down that somebody closed the conversation."""
    rows = await office.database.at_once.rows(LEFT, _given(staff_id, conversation_id, office.real_clock()))
    if any(row["was_here"] for row in rows):
        await _tell(office, conversation_id)


async def at_desk(office: Office, staff_id: UUID) -> None:
    """Write down that somebody has the desk open, whatever page."""
    await office.database.at_once.rows(SEEN, _given(staff_id, None, office.real_clock()) | {"typing": None})


async def present(session: ReadSession, conversation_id: UUID, but: UUID, now: datetime) -> list[Present]:
    """Return who else has the conversation open, who types first."""
    rows = await session.execute(
        select(Staff.name, StaffPresence.typing_at)
        .join(Staff, Staff.id == StaffPresence.staff_id)
        .where(
            StaffPresence.conversation_id == conversation_id,
            StaffPresence.staff_id != but,
            StaffPresence.seen_at > now - GONE,
        )
        .order_by(Staff.name)
    )
    there = [Present(name, typed is not None and typed > now - TYPING) for name, typed in rows]
    return sorted(there, key=lambda one: not one.typing)


def is_online(now: datetime) -> ColumnElement[bool]:
    """Return the condition on staff who have the desk open; `now` is real time."""
    return (
        select(StaffPresence.id).where(StaffPresence.staff_id == Staff.id, StaffPresence.seen_at > now - GONE).exists()
    )


async def online(session: ReadSession | AsyncSession, now: datetime) -> set[UUID]:
    """Return who has the desk open; `now` is real time."""
    return set(await session.scalars(select(StaffPresence.staff_id).where(StaffPresence.seen_at > now - GONE)))


async def forget(office: Office) -> int:
    """Sweep away who is long gone; returns how many rows that was."""
    async with office.database.write() as session:
        old = StaffPresence.seen_at < office.real_clock() - KEPT
        gone = await session.execute(delete(StaffPresence).where(old).returning(StaffPresence.id))
        return len(gone.all())


def _given(staff_id: UUID, conversation_id: UUID | None, now: datetime) -> dict[str, object]:
    return {
        "staff": staff_id,
        "conversation": conversation_id,
        "now": now,
        "gone": now - GONE,
        "silent": now - TYPING,
    }


async def _tell(office: Office, conversation_id: UUID) -> None:
    async with office.database.write() as session:
        await office.bell.ring(session, DESK, f"hadir {conversation_id}")


async def read_presence(
    office: Office, session: ReadSession, view: View, person: Person, now: datetime
) -> dict[str, Any]:
    """Return who else has this conversation open, for its page."""
    here = view.conversation.id
    return {"there": await present(session, here, person.id, office.real_clock())}
