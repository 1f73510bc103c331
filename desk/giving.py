"""Giving a case to somebody without their asking: by the house, with a reason that stands in the case."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy import case as sql_case
from sqlalchemy.ext.asyncio import AsyncSession

from desk.acts.case import locked_case, set_owner, set_ticket
from desk.acts.steering import write_down
from desk.assignment import WEIGHTS, Colleague, Waiting
from desk.notices import GIVEN, RETURNED, give_notice
from desk.presence import is_online
from desk.rights import AGENT, HANDLING
from records.bell import Bell
from records.database import ReadSession
from records.models import Assignment, Conversation, HandOver, Staff, StaffNotice, Team, TeamMember, Ticket

BATCH = 50
NOT_BACK_FOR = timedelta(hours=4)
"""So long a case that came back is offered to others first."""
SAME_HOLDER = "menangani laporan ini sebelumnya"


async def give(session: AsyncSession, bell: Bell, *, ticket_id: UUID, to: UUID, reason: str, at: datetime) -> bool:
    """Give the case to this colleague if nobody has it yet; False when somebody was quicker."""
    case = await locked_case(session, ticket_id, by=None, at=at)
    staff = await session.get(Staff, to)
    if case.ticket.status != "open" or staff is None or not staff.active or staff.away_since:
        return False
    await set_ticket(session, case.ticket, status="claimed", staff_id=to, previous_staff_id=None)
    said = f"diberikan ke {staff.name} karena {reason}"
    await set_owner(session, case, owner="human", staff=staff, by=None, reason=said, at=at)
    session.add(Assignment(ticket_id=ticket_id, staff_id=to, at=at, reason=reason))
    await give_notice(session, bell, case, GIVEN, to=[to], by=None, at=at, said=f"Diberikan karena {reason}.")
    detail = {"to": staff.username, "owner_version": case.conversation.owner_version}
    await write_down(session, bell, case, "assign", by=None, at=at, detail=detail)
    return True


async def teams_that_give(session: ReadSession) -> list[UUID]:
    """Return the teams whose cases are given out."""
    return list(await session.scalars(select(Team.id).where(Team.gives_cases).order_by(Team.name)))


async def colleagues(session: ReadSession, real_now: datetime, team: UUID | None = None) -> list[Colleague]:
    """Return who may be given cases now: agents of the team; without a team, everybody who handles cases."""
    held = (
        select(
            Ticket.staff_id,
            func.count().label("held"),
            func.sum(sql_case(WEIGHTS, value=Ticket.priority)).label("load"),
        )
        .where(Ticket.status == "claimed", Ticket.snoozed_until.is_(None))
        .group_by(Ticket.staff_id)
        .subquery()
    )
    last = select(func.max(Assignment.at)).where(Assignment.staff_id == Staff.id).scalar_subquery()
    wanted = select(Staff, func.coalesce(held.c.held, 0), func.coalesce(held.c.load, 0), last).outerjoin(
        held, held.c.staff_id == Staff.id
    )
    if team is None:
        wanted = wanted.where(Staff.role.in_(HANDLING))
    else:
        wanted = wanted.join(TeamMember, TeamMember.staff_id == Staff.id).where(
            TeamMember.team_id == team, Staff.role == AGENT
        )
    rows = await session.execute(wanted.where(Staff.active, Staff.away_since.is_(None), is_online(real_now)))
    return [
        Colleague(staff.id, staff.name, staff.capacity, held, load, frozenset(staff.skills), given)
        for staff, held, load, given in rows
    ]


async def waiting(session: ReadSession, team: UUID, now: datetime) -> list[Waiting]:
    """Return the team's cases nobody holds, the promise that ends first comes first."""
    found = (
        select(Ticket.id, Ticket.queue, Ticket.priority)
        .where(Ticket.team_id == team, Ticket.status == "open", Ticket.snoozed_until.is_(None), ~_left_to_the_bot())
        .order_by(Ticket.promised_at, Ticket.number)
        .limit(BATCH)
    )
    rows = (await session.execute(found)).all()
    back = await _came_back(session, [row.id for row in rows], now)
    return [Waiting(row.id, row.queue, row.priority, frozenset(back.get(row.id, ()))) for row in rows]


async def reopened(session: ReadSession) -> list[tuple[UUID, UUID]]:
    """Return cases that go back to whom they were with, if they are there."""
    found = select(Ticket.id, Ticket.previous_staff_id).where(
        Ticket.status == "open",
        Ticket.previous_staff_id.is_not(None),
        Ticket.snoozed_until.is_(None),
        ~_left_to_the_bot(),
    )
    rows = await session.execute(found.order_by(Ticket.promised_at).limit(BATCH))
    return [(ticket_id, staff_id) for ticket_id, staff_id in rows if staff_id]


def _left_to_the_bot() -> ColumnElement[bool]:
    """Whether somebody handed the case's conversation to the bot and it still is: giving would silence the bot.

    What the bot itself opened is its own until it is claimed, too, but nobody decided that.
    """
    return (
        select(HandOver.id)
        .join(Conversation, Conversation.id == HandOver.conversation_id)
        .where(
            HandOver.ticket_id == Ticket.id,
            HandOver.conversation_id == Ticket.conversation_id,
            HandOver.version == Conversation.owner_version,
            HandOver.to_owner == "bot",
            HandOver.staff_id.is_not(None),
        )
        .correlate(Ticket)
        .exists()
    )


async def _came_back(session: ReadSession, tickets: Sequence[UUID], now: datetime) -> dict[UUID, set[UUID]]:
    found = select(StaffNotice.ticket_id, StaffNotice.staff_id).where(
        StaffNotice.ticket_id.in_(tickets), StaffNotice.kind == RETURNED, StaffNotice.at > now - NOT_BACK_FOR
    )
    back: dict[UUID, set[UUID]] = {}
    for ticket_id, staff_id in await session.execute(found) if tickets else ():
        if ticket_id:
            back.setdefault(ticket_id, set()).add(staff_id)
    return back
