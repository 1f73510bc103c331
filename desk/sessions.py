"""Who is signed in: the browser holds a random token, the database only its hash; deleting the row signs it out."""

import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from records.database import ReadSession
from records.models import LookPermit, Staff, StaffNotice, StaffSession, TeamMember


@dataclass(frozen=True)
class Person:
    """The signed-in member of staff behind a request."""

    id: UUID
    username: str
    name: str
    role: str
    csrf_token: str
    token_hash: str
    via: str = "password"
    strong: bool = False
    """Whether this sign-in showed a second factor."""
    seen_at: datetime | None = None
    teams: frozenset[UUID] = field(default=frozenset())
    permits: frozenset[UUID] = field(default=frozenset())
    """Conversations this sign-in has a permit for now (`desk.permits`)."""
    unseen: int = 0
    """Notices they have not seen (`desk.notices`)."""
    away: bool = False
    """Whether they said that they are not there: nothing is given to them."""


async def open_session(
    session: AsyncSession,
    staff: Staff,
    *,
    now: datetime,
    life: timedelta,
    address: str = "",
    device: str = "",
    via: str = "password",
    strong: bool = False,
) -> str:
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
            last_seen_at=now,
            address=address,
            device=device,
            via=via,
            strong=strong,
        )
    )
    return token


async def find_person(
    session: ReadSession, token: str | None, *, now: datetime, at: datetime | None = None
) -> Person | None:
    """Return who holds this token, unless it has ended or they were deactivated.

    `now` is real time; permits are told only by the domain time `at`.
    """
    return (await find_people(session, [token], now=now, at=at)).get(token) if token else None


async def find_people(
    session: ReadSession, tokens: Collection[str], *, now: datetime, at: datetime | None = None
) -> dict[str, Person]:
    """Return by token who holds it, of many at once: whoever is missing has been signed out."""
    by_hash = {hashed(token): token for token in tokens}
    teams = select(func.array_agg(TeamMember.team_id)).where(TeamMember.staff_id == Staff.id)
    permits = select(func.array_agg(LookPermit.conversation_id)).where(
        LookPermit.session_hash == StaffSession.token_hash, LookPermit.until > at
    )
    waiting = select(func.count()).where(StaffNotice.staff_id == Staff.id, StaffNotice.seen_at.is_(None))
    rows = await session.execute(
        select(
            *(Staff, StaffSession, teams.scalar_subquery(), permits.scalar_subquery()),
            waiting.correlate(Staff).scalar_subquery(),
        )
        .join(StaffSession, StaffSession.staff_id == Staff.id)
        .where(StaffSession.token_hash.in_(by_hash), StaffSession.expires_at > now, Staff.active)
    )
    return {by_hash[opened.token_hash]: _person(staff, opened, *more) for staff, opened, *more in rows}


def _person(
    staff: Staff, opened: StaffSession, teams: list[UUID] | None, permits: list[UUID] | None, unseen: int
) -> Person:
    return Person(
        staff.id,
        staff.username,
        staff.name,
        staff.role,
        opened.csrf_token,
        opened.token_hash,
        opened.via,
        opened.strong,
        opened.last_seen_at,
        frozenset(teams or ()),
        frozenset(permits or ()),
        unseen,
        staff.away_since is not None,
    )


async def close_session(session: AsyncSession, token_hash: str) -> None:
    """Sign one browser out."""
    await session.execute(delete(StaffSession).where(StaffSession.token_hash == token_hash))


async def close_all(session: AsyncSession, staff_id: UUID, *, but: str | None = None) -> None:
    """Sign somebody out everywhere, or everywhere but in one browser."""
    mine = delete(StaffSession).where(StaffSession.staff_id == staff_id)
    await session.execute(mine.where(StaffSession.token_hash != but) if but else mine)


async def own_sessions(session: AsyncSession, staff_id: UUID, now: datetime) -> list[StaffSession]:
    """Return where somebody is signed in, the latest used first."""
    mine = select(StaffSession).where(StaffSession.staff_id == staff_id, StaffSession.expires_at > now)
    return list(await session.scalars(mine.order_by(StaffSession.last_seen_at.desc().nulls_last())))


async def seen(session: AsyncSession, token_hash: str, *, now: datetime) -> None:
    """Note that a sign-in is in use."""
    mine = update(StaffSession).where(StaffSession.token_hash == token_hash)
    await session.execute(mine.values(last_seen_at=now).execution_options(synchronize_session=False))


def hashed(token: str) -> str:
    """Return what the database keeps of a token."""
    return hashlib.sha256(token.encode()).hexdigest()
