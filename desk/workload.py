"""Who holds how much: load, who is there, what waits longest and whose promise is in danger; and who was given what."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from desk.presence import online
from desk.queue.promise import in_danger
from desk.rights import HANDLING
from records import audit
from records.bell import DESK, Bell
from records.database import ReadSession
from records.models import Assignment, Rating, Staff, Team, TeamMember, Ticket
from records.promises import read_rules

LATELY = timedelta(days=30)
SHOWN = 20


@dataclass(frozen=True)
class Nothing:
    """The hands of who holds no case."""

    held: int = 0
    urgent: int = 0
    waiting: int = 0


NOTHING = Nothing()


@dataclass(frozen=True)
class PersonLoad:
    """One colleague."""

    staff: Staff
    held: int
    urgent: int
    waiting: int
    """Cases in hand whose participants wait."""
    here: bool


@dataclass(frozen=True)
class TeamLoad:
    """One team."""

    team: Team
    open: int
    unassigned: int
    endangered: int
    oldest: datetime | None
    rating: float | None
    rated: int
    works_now: bool
    back_at: datetime
    people: tuple[PersonLoad, ...]


@dataclass(frozen=True)
class GivenLine:
    """One case the house gave out."""

    number: str
    conversation_id: UUID
    name: str
    reason: str
    at: datetime


async def teams(session: ReadSession, now: datetime, real_now: datetime) -> list[TeamLoad]:
    """Return every team with its people, the cases counted where they belong."""
    here = await online(session, real_now)
    cases = {row.team_id: row for row in await session.execute(_by_team(now))}
    held = {row.staff_id: row for row in await session.execute(_by_person())}
    rated = {row.team_id: row for row in await session.execute(_ratings(now))}
    members = await session.execute(
        select(TeamMember.team_id, Staff)
        .join(Staff, Staff.id == TeamMember.staff_id)
        .where(Staff.active, Staff.role.in_(HANDLING))
        .order_by(Staff.name)
    )
    people: dict[UUID, list[PersonLoad]] = {}
    for team_id, staff in members:
        of = held.get(staff.id) or NOTHING
        people.setdefault(team_id, []).append(PersonLoad(staff, of.held, of.urgent, of.waiting, staff.id in here))
    shown = []
    for team in await session.scalars(select(Team).order_by(Team.name)):
        case, rating = cases.get(team.id), rated.get(team.id)
        working = (await read_rules(session, team=team.id)).working
        shown.append(
            TeamLoad(
                team=team,
                open=case.open if case else 0,
                unassigned=case.unassigned if case else 0,
                endangered=case.endangered if case else 0,
                oldest=case.oldest if case else None,
                rating=float(rating.average) if rating else None,
                rated=rating.rated if rating else 0,
                works_now=working.worked_at(now),
                back_at=working.opening(now),
                people=tuple(people.get(team.id, ())),
            )
        )
    return shown


def _by_team(now: datetime) -> Select[UUID, int, int, int, datetime | None]:
    return (
        select(
            Ticket.team_id,
            func.count().label("open"),
            func.count().filter(Ticket.status == "open").label("unassigned"),
            func.count().filter(in_danger(now)).label("endangered"),
            func.min(Ticket.waiting_since).filter(Ticket.snoozed_until.is_(None)).label("oldest"),
        )
        .where(Ticket.status != "resolved")
        .group_by(Ticket.team_id)
    )


def _by_person() -> Select[UUID | None, int, int, int]:
    return (
        select(
            Ticket.staff_id,
            func.count().label("held"),
            func.count().filter(Ticket.priority == "urgent").label("urgent"),
            func.count().filter(Ticket.waiting_since.is_not(None)).label("waiting"),
        )
        .where(Ticket.status == "claimed", Ticket.snoozed_until.is_(None))
        .group_by(Ticket.staff_id)
    )


def _ratings(now: datetime) -> Select[UUID, Any, int]:
    lately = Rating.at > now - LATELY
    return (
        select(Rating.team_id, func.avg(Rating.score).label("average"), func.count().label("rated"))
        .where(lately)
        .group_by(Rating.team_id)
    )


async def given_lately(session: ReadSession) -> list[GivenLine]:
    """Return what the house gave out last, newest first."""
    rows = await session.execute(
        select(Ticket.number, Ticket.conversation_id, Staff.name, Assignment.reason, Assignment.at)
        .join(Ticket, Ticket.id == Assignment.ticket_id)
        .join(Staff, Staff.id == Assignment.staff_id)
        .order_by(Assignment.at.desc(), Assignment.id)
        .limit(SHOWN)
    )
    return [GivenLine(*row) for row in rows]


async def set_away(session: AsyncSession, bell: Bell, *, staff_id: UUID, away: bool, at: datetime) -> None:
    """Say that somebody is away or back; nothing changes where that is so already."""
    staff = await session.get_one(Staff, staff_id, with_for_update=True)
    if (staff.away_since is not None) == away:
        return
    staff.away_since = at if away else None
    action = "away" if away else "back"
    await audit.record(session, at=at, actor=staff.username, action=action, object=f"staff:{staff.username}")
    await bell.ring(session, DESK)
