"""Who is signed in: the browser holds a random token, the database only its hash; deleting the row signs it out."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from records.database import ReadSession
from records.models import Staff, StaffSession


@dataclass(frozen=True)
class Person:
    """The signed-in member of staff behind a request."""

    id: UUID
    username: str
    name: str
    role: str
    csrf_token: str
    token_hash: str


async def open_session(session: AsyncSession, staff: Staff, *, now: datetime, life: timedelta) -> str:
    """Sign this person in and return the token for their browser; ended sign-ins are swept away."""
    token = secrets.token_urlsafe(32)
    await session.execute(delete(StaffSession).where(StaffSession.expires_at <= now))
    session.add(
        StaffSession(
            token_hash=hashed(token),
            staff_id=staff.id,
            csrf_token=secrets.token_urlsafe(24),
            created_at=now,
            expires_at=now + life,
        )
    )
    return token


async def find_person(session: ReadSession, token: str | None, *, now: datetime) -> Person | None:
    """Return who holds this token, unless it has ended or they were deactivated."""
    if not token:
        return None
    row = (
        await session.execute(
            select(Staff, StaffSession)
            .join(StaffSession, StaffSession.staff_id == Staff.id)
            .where(StaffSession.token_hash == hashed(token), StaffSession.expires_at > now, Staff.active)
        )
    ).first()
    if row is None:
        return None
    staff, opened = row
    return Person(staff.id, staff.username, staff.name, staff.role, opened.csrf_token, opened.token_hash)


async def close_session(session: AsyncSession, token_hash: str) -> None:
    """Sign one browser out."""
    await session.execute(delete(StaffSession).where(StaffSession.token_hash == token_hash))


async def close_all(session: AsyncSession, staff_id: UUID, *, but: str | None = None) -> None:
    """Sign somebody out everywhere, or everywhere but in one browser."""
    mine = delete(StaffSession).where(StaffSession.staff_id == staff_id)
    await session.execute(mine.where(StaffSession.token_hash != but) if but else mine)


def hashed(token: str) -> str:
    """Return what the database keeps of a token."""
    return hashlib.sha256(token.encode()).hexdigest()
