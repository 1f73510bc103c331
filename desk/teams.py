"""Teams: which queues' new cases each takes, and who is in it. An administrator makes them, a lead tends their own."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from desk.people import alone
from desk.refusals import LeadOnly, NoSuchCase, NotWellSaid
from desk.rights import ADMIN
from desk.staffing import leave_team
from desk.wording import QUEUES
from records import audit
from records.bell import DESK, Bell
from records.database import ReadSession
from records.models import Staff, Team, TeamMember, Ticket

LONGEST_NAME = 60


@dataclass(frozen=True)
class Shown:
    """One team as its page shows it."""

    team: Team
    members: tuple[Staff, ...]
    open_cases: int


async def everything(session: ReadSession) -> list[Shown]:
    """Return every team with its people and how many cases are open there, the first team first."""
    teams = list(await session.scalars(select(Team).order_by(Team.is_default.desc(), Team.name)))
    members = await session.execute(
        select(TeamMember.team_id, Staff)
        .join(Staff, Staff.id == TeamMember.staff_id)
        .where(Staff.active)
        .order_by(Staff.name)
    )
    inside: dict[UUID, list[Staff]] = {}
    for team_id, staff in members:
        inside.setdefault(team_id, []).append(staff)
    cases = select(Ticket.team_id, func.count()).where(Ticket.status != "resolved").group_by(Ticket.team_id)
    waiting = {row[0]: row[1] for row in await session.execute(cases)}
    return [Shown(team, tuple(inside.get(team.id, ())), waiting.get(team.id, 0)) for team in teams]


async def add_team(session: AsyncSession, *, name: str, by: Staff, at: datetime) -> Team:
    """Make a team; raises NotWellSaid."""
    await alone(session)
    team = Team(name=await _good_name(session, name, None), queues=[], is_default=False)
    session.add(team)
    await session.flush()
    await _tell(session, "team_added", team, by=by, at=at)
    return team


async def change_team(
    session: AsyncSession,
    bell: Bell,
    *,
    team_id: UUID,
    name: str,
    queues: list[str],
    members: frozenset[UUID],
    first: bool,
    by: Staff,
    at: datetime,
) -> Team:
    """Name a team, its queues and its people anew; raises NotWellSaid, LeadOnly or NoSuchCase."""
    await alone(session)
    team = await _tended(session, team_id, by)
    team.name = await _good_name(session, name, team)
    team.queues = await _free_queues(session, team, queues)
    if first and by.role == ADMIN and not team.is_default:
        await session.execute(update(Team).where(Team.is_default).values(is_default=False))
        team.is_default = True
    await session.flush()
    joined, left = await _set_members(session, bell, team, members, by=by, at=at)
    await _tell(session, "team_changed", team, by=by, at=at, queues=team.queues, joined=joined, left=left)
    await bell.ring(session, DESK)
    return team


async def remove_team(session: AsyncSession, *, team_id: UUID, by: Staff, at: datetime) -> None:
    """Take a team away that never had a case; raises NotWellSaid or NoSuchCase."""
    await alone(session)
    team = await _tended(session, team_id, by)
    if team.is_default or await session.scalar(select(Ticket.id).where(Ticket.team_id == team.id).limit(1)):
        raise NotWellSaid("Tim yang pernah punya tiket, dan tim pertama, tidak bisa dihapus.")
    await _tell(session, "team_removed", team, by=by, at=at)
    await session.execute(delete(TeamMember).where(TeamMember.team_id == team.id))
    await session.delete(team)


async def _tended(session: AsyncSession, team_id: UUID, by: Staff) -> Team:
    team = await session.get(Team, team_id, with_for_update=True)
    if team is None:
        raise NoSuchCase
    mine = select(TeamMember.staff_id).where(TeamMember.team_id == team_id, TeamMember.staff_id == by.id)
    if by.role != ADMIN and await session.scalar(mine) is None:
        raise LeadOnly
    return team


async def _good_name(session: AsyncSession, name: str, team: Team | None) -> str:
    name = " ".join(name.split())
    if not 1 <= len(name) <= LONGEST_NAME:
        raise NotWellSaid(f"Isi nama tim (paling banyak {LONGEST_NAME} huruf).")
    taken = select(Team.id).where(func.lower(Team.name) == name.lower())
    if await session.scalar(taken.where(Team.id != team.id) if team else taken):
        raise NotWellSaid(f"Sudah ada tim bernama {name}.")
    return name


async def _free_queues(session: AsyncSession, team: Team, queues: list[str]) -> list[str]:
    """A queue is one team's: else it would be chance who gets its cases."""
    wanted = [queue for queue in QUEUES if queue in queues]
    for other in await session.scalars(select(Team).where(Team.id != team.id)):
        if shared := [QUEUES[queue] for queue in wanted if queue in other.queues]:
            raise NotWellSaid(f"Antrean {', '.join(shared)} sudah ditangani tim {other.name}.")
    return wanted


async def _set_members(
    session: AsyncSession, bell: Bell, team: Team, members: frozenset[UUID], *, by: Staff, at: datetime
) -> tuple[list[str], list[str]]:
    before = {
        staff.id: staff
        for staff in await session.scalars(
            select(Staff).join(TeamMember, TeamMember.staff_id == Staff.id).where(TeamMember.team_id == team.id)
        )
    }
    wanted = {staff.id: staff for staff in await session.scalars(select(Staff).where(Staff.id.in_(members)))}
    joined = [staff for each, staff in wanted.items() if each not in before]
    left = [staff for each, staff in before.items() if each not in wanted and staff.active]
    session.add_all([TeamMember(team_id=team.id, staff_id=staff.id) for staff in joined])
    for staff in left:
        await leave_team(session, bell, staff=staff, team_id=team.id, by=by, at=at)
    return [staff.username for staff in joined], [staff.username for staff in left]


async def _tell(session: AsyncSession, action: str, team: Team, *, by: Staff, at: datetime, **detail: object) -> None:
    await audit.record(session, at=at, actor=by.username, action=action, object=f"team:{team.name}", detail={**detail})
