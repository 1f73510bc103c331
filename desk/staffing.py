"""A colleague's role, teams, capacity, skills. A new role signs them out; a team they leave keeps its cases."""

import re
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from desk.acts.release import release_all
from desk.people import alone, found, good_name, good_role
from desk.refusals import NotWellSaid
from desk.rights import HANDLING
from desk.sessions import close_all
from desk.sign_in.second_factor import remove_factor
from desk.wording import QUEUES
from records import audit
from records.bell import DESK, Bell
from records.models import Staff, Team, TeamMember

EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
LARGEST_CAPACITY = 100


@dataclass(frozen=True)
class Place:
    """Somebody's place at the desk, as a form says it."""

    name: str
    role: str
    teams: frozenset[UUID]
    capacity: int
    skills: tuple[str, ...]
    email: str | None


def place(*, name: str, role: str, teams: frozenset[UUID], capacity: int, skills: list[str], email: str) -> Place:
    """Return the place that was asked for; raises NotWellSaid."""
    if not 0 <= capacity <= LARGEST_CAPACITY:
        raise NotWellSaid(f"Kapasitas 0 sampai {LARGEST_CAPACITY} tiket.")
    email = email.strip().lower()
    if email and not EMAIL.fullmatch(email):
        raise NotWellSaid("Tulis alamat e-mail yang lengkap, atau kosongkan.")
    known = tuple(queue for queue in QUEUES if queue in skills)
    return Place(good_name(name), good_role(role), teams, capacity, known, email or None)


async def change_staff(
    session: AsyncSession, bell: Bell, *, staff_id: UUID, to: Place, by: Staff, at: datetime
) -> Staff:
    """Give somebody this place, from their next request on; raises NotWellSaid or NoSuchCase."""
    await alone(session)
    staff = await found(session, staff_id)
    if staff.id == by.id and to.role != staff.role:
        raise NotWellSaid("Anda tidak bisa mengubah peran sendiri; minta administrator lain.")
    if to.email and await session.scalar(select(Staff.id).where(Staff.email == to.email, Staff.id != staff.id)):
        raise NotWellSaid("E-mail itu sudah dipakai petugas lain.")
    before = staff.role
    left = await set_teams(session, staff, to.teams)
    staff.name, staff.role, staff.email = to.name, to.role, to.email
    staff.capacity, staff.skills = to.capacity, list(to.skills)
    await session.flush()
    if to.role != before:
        await close_all(session, staff.id)
    released = await _let_go(session, bell, staff, left, by=by, at=at)
    detail = {"role": [before, to.role], "left": len(left), "capacity": to.capacity, "released": released}
    await audit.record(
        session, at=at, actor=by.username, action="staff_changed", object=f"staff:{staff.username}", detail=detail
    )
    await bell.ring(session, DESK)
    return staff


async def set_teams(session: AsyncSession, staff: Staff, teams: frozenset[UUID]) -> frozenset[UUID]:
    """Put somebody into these teams alone; returns those they left."""
    mine = select(TeamMember.team_id).where(TeamMember.staff_id == staff.id)
    before = frozenset(await session.scalars(mine))
    wanted = frozenset(await session.scalars(select(Team.id).where(Team.id.in_(teams))))
    left = before - wanted
    await session.execute(delete(TeamMember).where(TeamMember.staff_id == staff.id, TeamMember.team_id.in_(left)))
    session.add_all([TeamMember(team_id=team, staff_id=staff.id) for team in wanted - before])
    return left


async def leave_team(
    session: AsyncSession, bell: Bell, *, staff: Staff, team_id: UUID, by: Staff, at: datetime
) -> None:
    """Take somebody out of a team; their cases of that team go back to the queue."""
    await session.execute(delete(TeamMember).where(TeamMember.staff_id == staff.id, TeamMember.team_id == team_id))
    await _let_go(session, bell, staff, frozenset({team_id}), by=by, at=at)


async def reset_factor(session: AsyncSession, *, staff_id: UUID, by: Staff, at: datetime) -> Staff:
    """Take somebody's second factor off, for who lost it, and sign them out; raises NoSuchCase."""
    staff = await found(session, staff_id)
    await remove_factor(session, staff, at=at, by=by.username)
    await close_all(session, staff.id)
    return staff


async def _let_go(
    session: AsyncSession, bell: Bell, staff: Staff, left: frozenset[UUID], *, by: Staff, at: datetime
) -> int:
    if staff.role not in HANDLING:
        reason = f"{staff.username} tidak lagi menangani tiket"
        return await release_all(session, bell, of=staff, by=by, at=at, reason=reason)
    reason = f"{staff.username} pindah tim"
    return await release_all(session, bell, of=staff, by=by, at=at, reason=reason, in_teams=left) if left else 0
