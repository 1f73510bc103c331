"""The people of the desk: the first administrator, new colleagues, leaving ones, and their passwords."""

import re
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from desk.acts.release import release_all
from desk.passwords import Passwords
from desk.refusals import NoSuchCase, NotWellSaid, Refusal
from desk.rights import ADMIN
from desk.sessions import close_all
from desk.wording import ROLES
from records import audit
from records.bell import Bell
from records.database import ReadSession
from records.models import Staff, Team, TeamMember

USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{2,31}")
PEOPLE_LOCK = 7_240_828


class AlreadySetUp(Refusal):
    """The first administrator exists."""

    def __init__(self) -> None:
        super().__init__("Administrator pertama sudah ada. Silakan masuk.")


async def set_up(session: ReadSession | AsyncSession) -> bool:
    """Say whether the desk has an administrator; staff that a rehearsed year made up do not set it up."""
    return await session.scalar(select(Staff.id).where(Staff.role == ADMIN).limit(1)) is not None


async def make_first_administrator(
    session: AsyncSession, passwords: Passwords, *, username: str, name: str, password: str, at: datetime
) -> Staff:
    """Make the first administrator, once; raises AlreadySetUp or NotWellSaid."""
    await alone(session)
    if await set_up(session):
        raise AlreadySetUp
    return await _add(session, passwords, username, name, "admin", password, by=username.strip().lower(), at=at)


async def add_staff(
    session: AsyncSession,
    passwords: Passwords,
    *,
    username: str,
    name: str,
    role: str,
    password: str,
    by: str,
    at: datetime,
    teams: frozenset[UUID] = frozenset(),
) -> Staff:
    """Add a colleague, to the first team unless others are named; raises NotWellSaid for what does not do."""
    await alone(session)
    return await _add(session, passwords, username, name, role, password, by=by, at=at, teams=teams)


async def set_active(
    session: AsyncSession, bell: Bell, *, staff_id: UUID, active: bool, by: Staff, at: datetime
) -> Staff:
    """Let somebody in again, or sign them out everywhere and put their cases back; nobody can do it to themselves."""
    await alone(session)
    staff = await found(session, staff_id)
    if staff.id == by.id:
        raise NotWellSaid("Anda tidak bisa menonaktifkan akun sendiri; minta administrator lain.")
    staff.active = active
    released = 0
    if not active:
        await close_all(session, staff.id)
        released = await release_all(
            session, bell, of=staff, by=by, at=at, reason=f"akun {staff.username} dinonaktifkan"
        )
    action = "staff_activated" if active else "staff_deactivated"
    await audit.record(
        session,
        at=at,
        actor=by.username,
        action=action,
        object=f"staff:{staff.username}",
        detail={"released": released},
    )
    return staff


async def set_password(
    session: AsyncSession,
    passwords: Passwords,
    *,
    staff_id: UUID,
    password: str,
    by: str,
    at: datetime,
    keep: str | None = None,
) -> Staff:
    """Give somebody a new password and sign them out, everywhere but in the browser to `keep`."""
    staff = await found(session, staff_id)
    staff.password_hash = await passwords.hashed(password)
    await close_all(session, staff.id, but=keep)
    await audit.record(
        session, at=at, actor=by, action="password_set", object=f"staff:{staff.username}", detail={"own": bool(keep)}
    )
    return staff


async def _add(
    session: AsyncSession,
    passwords: Passwords,
    username: str,
    name: str,
    role: str,
    password: str,
    *,
    by: str,
    at: datetime,
    teams: frozenset[UUID] = frozenset(),
) -> Staff:
    username, name = username.strip().lower(), good_name(name)
    if not USERNAME.fullmatch(username):
        raise NotWellSaid("Nama pengguna 3-32 huruf kecil, angka, titik, garis bawah atau strip.")
    good_role(role)
    if await session.scalar(select(Staff.id).where(Staff.username == username)):
        raise NotWellSaid(f"Nama pengguna {username} sudah dipakai.")
    staff = Staff(
        username=username,
        name=name,
        role=role,
        password_hash=await passwords.hashed(password),
        active=True,
        created_at=at,
    )
    session.add(staff)
    await session.flush()
    known = await session.scalars(select(Team.id).where(Team.id.in_(teams) if teams else Team.is_default))
    session.add_all([TeamMember(team_id=team, staff_id=staff.id) for team in known])
    await audit.record(
        session, at=at, actor=by, action="staff_added", object=f"staff:{username}", detail={"role": role}
    )
    return staff


def good_name(name: str) -> str:
    """Return the name trimmed; raises NotWellSaid."""
    name = " ".join(name.split())
    if not 1 <= len(name) <= 80:
        raise NotWellSaid("Isi nama lengkap (paling banyak 80 huruf).")
    return name


def good_role(role: str) -> str:
    """Return the role; raises NotWellSaid."""
    if role not in ROLES:
        raise NotWellSaid(f"Pilih peran: {', '.join(ROLES.values())}.")
    return role


async def alone(session: AsyncSession) -> None:
    """Change people and teams one after another."""
    await session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": PEOPLE_LOCK})


async def found(session: AsyncSession, staff_id: UUID) -> Staff:
    """Return somebody of the staff; raises NoSuchCase."""
    staff = await session.get(Staff, staff_id)
    if staff is None:
        raise NoSuchCase
    return staff
