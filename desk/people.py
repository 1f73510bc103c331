"""The people of the desk: the first administrator, new colleagues, leaving ones, and their passwords."""

import re
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from desk.passwords import Passwords
from desk.refusals import NoSuchCase, NotWellSaid, Refusal
from desk.release import release_all
from desk.sessions import close_all
from desk.wording import ROLES
from records import audit
from records.bell import Bell
from records.database import ReadSession
from records.models import Staff

USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{2,31}")
PEOPLE_LOCK = 7_240_824


class AlreadySetUp(Refusal):
    """The first administrator exists."""

    def __init__(self) -> None:
        super().__init__("Administrator pertama sudah ada. Silakan masuk.")


async def anybody(session: ReadSession) -> bool:
    """Say whether the desk has been set up."""
    return await session.scalar(select(Staff.id).limit(1)) is not None


async def make_first_administrator(
    session: AsyncSession, passwords: Passwords, *, username: str, name: str, password: str, at: datetime
) -> Staff:
    """Make the first administrator, once; raises AlreadySetUp or NotWellSaid."""
    await _alone(session)
    if await session.scalar(select(func.count(Staff.id))):
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
) -> Staff:
    """Add a colleague; raises NotWellSaid for a name that is taken or a value that does not do."""
    await _alone(session)
    return await _add(session, passwords, username, name, role, password, by=by, at=at)


async def set_active(
    session: AsyncSession, bell: Bell, *, staff_id: UUID, active: bool, by: Staff, at: datetime
) -> Staff:
    """Let somebody in again, or sign them out everywhere and put their cases back; nobody can do it to themselves."""
    await _alone(session)
    staff = await _found(session, staff_id)
    if staff.id == by.id:
        raise NotWellSaid("Anda tidak bisa menonaktifkan akun sendiri; minta administrator lain.")
    staff.active = active
    released = 0
    if not active:
        await close_all(session, staff.id)
        released = await release_all(session, bell, of=staff, by=by, at=at)
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
    staff = await _found(session, staff_id)
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
) -> Staff:
    username, name = username.strip().lower(), " ".join(name.split())
    if not USERNAME.fullmatch(username):
        raise NotWellSaid("Nama pengguna 3-32 huruf kecil, angka, titik, garis bawah atau strip.")
    if not 1 <= len(name) <= 80:
        raise NotWellSaid("Isi nama lengkap (paling banyak 80 huruf).")
    if role not in ROLES:
        raise NotWellSaid("Pilih peran: Administrator, Petugas atau PMO.")
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
    await audit.record(
        session, at=at, actor=by, action="staff_added", object=f"staff:{username}", detail={"role": role}
    )
    return staff


async def _alone(session: AsyncSession) -> None:
    await session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": PEOPLE_LOCK})


async def _found(session: AsyncSession, staff_id: UUID) -> Staff:
    staff = await session.get(Staff, staff_id)
    if staff is None:
        raise NoSuchCase
    return staff
