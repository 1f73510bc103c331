"""Gives cases out: a reopened one to whom it was with, and in teams that want it every case to who has least to do.

Cases that nobody was there for are given as soon as somebody is: the round looks at the queue, not at events.
"""

from datetime import datetime, timedelta
from uuid import UUID

from desk.assignment import deal
from desk.giving import SAME_HOLDER, colleagues, give, reopened, teams_that_give, waiting
from desk.office import Office
from desk.refusals import Refusal
from desk.rounds.round import Round


async def give_cases(office: Office) -> int:
    """Give out what waits; returns how many cases that was."""
    now = office.clock()
    return await _back(office, now) + await _new(office, now)


async def _back(office: Office, now: datetime) -> int:
    async with office.database.read() as session:
        wanted = await reopened(session)
        there = {it.id for it in await colleagues(session, office.real_clock()) if it.free} if wanted else set()
    given = 0
    for ticket_id, staff_id in wanted:
        if staff_id in there:
            given += await _give(office, ticket_id, staff_id, SAME_HOLDER, now)
    return given


async def _new(office: Office, now: datetime) -> int:
    given = 0
    async with office.database.read() as session:
        teams = await teams_that_give(session)
    for team in teams:
        async with office.database.read() as session:
            cases = await waiting(session, team, now)
            there = await colleagues(session, office.real_clock(), team) if cases else []
        for it in deal(cases, there, now):
            given += await _give(office, it.case.id, it.to.id, it.reason, now)
    return given


async def _give(office: Office, ticket_id: UUID, to: UUID, reason: str, now: datetime) -> bool:
    try:
        async with office.database.write() as session:
            return await give(session, office.bell, ticket_id=ticket_id, to=to, reason=reason, at=now)
    except Refusal:
        # somebody changed the case in between: the next round sees how it stands
        return False


ROUND = Round("giving", timedelta(seconds=2), give_cases)
