"""What is given out respects what a person decided: whom a reopened case is with, and where the bot answers."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import update

from desk.acts.claim import claim
from desk.acts.release import release
from desk.acts.transfer import transfer
from desk.office import Office
from desk.presence import at_desk
from desk.returning import Held, put_back
from desk.rounds.giving import give_cases
from records.bell import Bell
from records.clock import Clock
from records.database import Database
from records.models import Ticket
from tests.desk.casework import Work
from tests.desk.making import Scene


@pytest.fixture
def work(database: Database, bell: Bell, scene: Scene, clock: Clock) -> Work:
    return Work(database, bell, scene, clock)


@pytest.fixture
def office(app: FastAPI) -> Office:
    office: Office = app.state.office
    return office


async def here(office: Office, work: Work, *names: str) -> None:
    """Have these people's desks open now."""
    for name in names:
        await at_desk(office, work.staff(name))


async def change(work: Work, model: Any, *cases: str, **values: object) -> None:
    """Change these cases; without any, all of this kind."""
    which = [model.id.in_([work.id(case) for case in cases])] if cases else []
    async with work.database.write() as session:
        await session.execute(update(model).where(*which).values(values))


# --- a reopened case


async def test_a_reopened_case_somebody_claimed_and_released_stays_in_the_queue(office: Office, work: Work) -> None:
    await change(work, Ticket, "siti", previous_staff_id=work.staff("joko"))
    await work.do(claim, "sari", "siti")
    await work.do(release, "sari", "siti")
    await here(office, work, "joko")
    assert await give_cases(office) == 0
    assert (await work.ticket("siti")).status == "open"


async def test_a_reopened_case_transferred_to_a_team_waits_for_that_team(office: Office, work: Work) -> None:
    await change(work, Ticket, "siti", previous_staff_id=work.staff("joko"))
    other = await work.team("Lain")
    await work.do(transfer, "sari", "siti", to=other, reason="bukan urusan kami")
    await here(office, work, "joko")
    assert await give_cases(office) == 0
    ticket = await work.ticket("siti")
    assert (ticket.status, ticket.team_id) == ("open", other)


async def _to_a_colleague(work: Work) -> None:
    await work.do(transfer, "sari", "yanto", to=work.staff("joko"), reason="ganti jaga", seen_holder=work.staff("sari"))


async def _released(work: Work) -> None:
    await work.do(release, "sari", "yanto")


async def _come_back(work: Work) -> None:
    ticket = await work.ticket("yanto")
    held = Held(ticket.id, work.staff("sari"), ticket.team_id, "Sari", None, 60, work.now, None, None)
    async with work.database.write() as session:
        assert await put_back(session, work.bell, held, reason="Sari belum membalas", at=work.now)


@pytest.mark.parametrize("leaves", [_to_a_colleague, _released, _come_back])
async def test_whoever_gives_a_case_away_ends_whom_it_was_with(
    work: Work, leaves: Callable[[Work], Awaitable[None]]
) -> None:
    await change(work, Ticket, "yanto", previous_staff_id=work.staff("sari"), waiting_since=work.now)
    await leaves(work)
    assert (await work.ticket("yanto")).previous_staff_id is None
