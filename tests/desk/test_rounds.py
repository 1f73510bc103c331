"""What the desk does by itself: one desk goes round, another takes over, and what fails is seen and stops nothing."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from fastapi import FastAPI
from sqlalchemy import text

from desk.office import Office
from desk.rounds.round import Round
from desk.rounds.watch import READING, ROUNDS_LOCK, Watch
from records.database import Database
from records.troubles import DESK_ROUND_DONE, DESK_ROUND_FAILED

SOON = timedelta(milliseconds=20)
HOLDER = text(
    "SELECT l.pid FROM pg_locks l JOIN pg_database d ON d.oid = l.database"
    " WHERE l.locktype = 'advisory' AND l.objid = :lock AND l.granted AND d.datname = current_database()"
)
NOTED = text("SELECT name, scope, count FROM troubles ORDER BY name")


class Counting:
    """A round that counts how often it went, and fails while it is told to."""

    def __init__(self) -> None:
        self.went = 0
        self.fails = False

    async def run(self, office: Office) -> int:
        self.went += 1
        if self.fails:
            raise ValueError("rusak")
        return 1


@pytest.fixture
def office(app: FastAPI) -> Office:
    office: Office = app.state.office
    return office


@asynccontextmanager
async def desks(office: Office, *counting: Counting) -> AsyncIterator[list[Watch]]:
    """One desk for each round, all wanting to go round."""
    watches = [
        Watch(office, [Round(f"hitung {number}", SOON, it.run)], standby=SOON, beat=SOON)
        for number, it in enumerate(counting)
    ]
    tasks = [asyncio.create_task(watch.run()) for watch in watches]
    try:
        yield watches
    finally:
        for watch in watches:
            watch.stop()
        await asyncio.gather(*tasks)


async def until(wanted: Callable[[], object]) -> None:
    async with asyncio.timeout(20):
        while not wanted():  # noqa: ASYNC110
            await asyncio.sleep(0.02)


async def test_one_desk_goes_round_and_another_takes_over_when_it_is_killed(office: Office, database: Database) -> None:
    first, second = Counting(), Counting()
    async with desks(office, first, second):
        await until(lambda: first.went + second.went >= 3)
        assert 0 in (first.went, second.went)
        killed = await holder(database)
        assert killed
        async with database.write() as session:
            assert await session.scalar(text("SELECT pg_terminate_backend(:pid)"), {"pid": killed})
        # whichever of the two is quicker: the lock is free again and somebody goes on
        went = first.went + second.went
        await until(lambda: first.went + second.went > went + 3)
        async with asyncio.timeout(20):
            while await holder(database) in (None, killed):  # noqa: ASYNC110
                await asyncio.sleep(0.02)


async def test_a_desk_that_stops_leaves_the_rounds_to_the_next(office: Office, database: Database) -> None:
    first, second = Counting(), Counting()
    async with desks(office, second) as _:
        await until(lambda: second.went)
        async with desks(office, first):
            assert first.went == 0
            went = second.went
            await until(lambda: second.went > went)
            assert first.went == 0
    async with desks(office, first):
        await until(lambda: first.went)
        # that it is alive is written down beside its first round
        async with asyncio.timeout(20):
            while await alive(database) != 1:  # noqa: ASYNC110
                await asyncio.sleep(0.02)
    assert await alive(database) == 0


async def test_a_round_that_fails_stops_no_other_and_is_written_down(office: Office, database: Database) -> None:
    broken, well = Counting(), Counting()
    broken.fails = True
    watch = Watch(office, [Round("rusak", SOON, broken.run), Round("sehat", SOON, well.run)], standby=SOON, beat=SOON)
    going = asyncio.create_task(watch.run())
    try:
        await until(lambda: broken.went >= 2 and well.went >= 2)
        assert {name: scope for name, scope, _ in await noted(database)} == {
            DESK_ROUND_FAILED: "rusak",
            DESK_ROUND_DONE: "sehat",
        }
        broken.fails = False
        went = broken.went
        await until(lambda: broken.went > went + 2)
        assert (DESK_ROUND_DONE, "rusak", 1) in await noted(database)
    finally:
        watch.stop()
        await going


async def holder(database: Database) -> int | None:
    """The backend that holds the rounds in this database, if one does."""
    async with database.read() as session:
        pid: int | None = await session.scalar(HOLDER, {"lock": ROUNDS_LOCK})
    return pid


async def alive(database: Database) -> int:
    """How many desks say that they go round."""
    async with database.read() as session:
        return await session.scalar(text("SELECT count(*) FROM readings WHERE name = :n"), {"n": READING}) or 0


async def noted(database: Database) -> list[tuple[str, str, int]]:
    async with database.read() as session:
        return [(name, scope, count) for name, scope, count in await session.execute(NOTED)]
