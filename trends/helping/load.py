"""Who carries how much: cases taken, answers written, cases resolved in the range, and cases in hand now."""

from collections import defaultdict
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select

from records.database import ReadSession
from records.models import AgentDay, Staff, Team, Ticket
from trends.within import Within

ACTS = ("taken", "replied", "resolved")
GONE = "(tidak ada lagi)"


@dataclass(frozen=True)
class Load:
    """One person in one team."""

    staff_id: UUID
    name: str
    team_id: UUID
    team: str
    taken: int
    replied: int
    resolved: int
    open_now: int
    """Cases in hand at this moment, whatever the range."""


async def loads(session: ReadSession, within: Within) -> list[Load]:
    """Return everybody who did anything with a case in the range or holds one now, who resolved most first."""
    acts = await session.execute(
        select(AgentDay.staff_id, AgentDay.team_id, AgentDay.what, func.sum(AgentDay.number))
        .where(AgentDay.day.between(within.first, within.last))
        .group_by(AgentDay.staff_id, AgentDay.team_id, AgentDay.what)
    )
    did: dict[tuple[UUID, UUID], dict[str, int]] = defaultdict(dict)
    for staff, team, what, number in acts:
        did[staff, team][what] = int(number)
    for holder, team, number in await session.execute(
        select(Ticket.staff_id, Ticket.team_id, func.count())
        .where(Ticket.status == "claimed", Ticket.staff_id.is_not(None))
        .group_by(Ticket.staff_id, Ticket.team_id)
    ):
        if holder:
            did[holder, team]["open_now"] = int(number)
    names = {row.id: row.name for row in await session.execute(select(Staff.id, Staff.name))}
    teams = {row.id: row.name for row in await session.execute(select(Team.id, Team.name))}
    found = [
        Load(
            staff,
            names.get(staff, GONE),
            team,
            teams.get(team, GONE),
            *(of.get(what, 0) for what in (*ACTS, "open_now")),
        )
        for (staff, team), of in did.items()
    ]
    return sorted(found, key=lambda one: (-one.resolved, -one.replied, one.name, one.team))
