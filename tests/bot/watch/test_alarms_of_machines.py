"""Alarms of machines: processes that die or stand still, files, disks, a database that was away, many watchers."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

import httpx
import orjson
import psycopg
import pytest
from sqlalchemy import text

from records.database import Database
from tests.bot.corridor import Corridor, update
from tests.bot.watch.conftest import MakeRoom, alarms
from tests.bot.watch.test_alarms import change, closes, open_alarms, opens

A_PROCESS = """
import asyncio, sys
from bot.watch.processes import say_alive
from records.database import Database
from records.models import Reading
async def main():
    database = Database(sys.argv[1])
    while True:
        async with database.write() as session:
            await say_alive(session, "lain:1:1", "work")
        print("hidup", flush=True)
        await asyncio.sleep(0.1)
asyncio.run(main())
"""


@pytest.fixture
async def other(database: Database) -> AsyncIterator[asyncio.subprocess.Process]:
    """Another process of the bot, which says that it lives ten times a second."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", A_PROCESS, database.url, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout
    await process.stdout.readline()
    yield process
    if process.returncode is None:
        process.kill()
    await process.wait()
    process._transport.close()  # type: ignore[attr-defined]


async def test_a_killed_process_is_an_alarm_for_a_while(
    make_room: MakeRoom, database: Database, other: asyncio.subprocess.Process
) -> None:
    silent, dead_for = timedelta(minutes=2), timedelta(minutes=10)
    room = make_room(alarms(alarm_silent=silent, alarm_dead_for=dead_for))
    await room.watcher.look()
    assert await open_alarms(database) == set()
    other.kill()
    await other.wait()
    await change(database, "UPDATE processes SET seen_at = seen_at - interval '3 minutes' WHERE name = 'lain:1:1'")
    assert (await opens(room, database, "process_dead", "lain:1:1"))["detail"] == "work"
    await change(database, "UPDATE processes SET seen_at = seen_at - interval '10 minutes' WHERE name = 'lain:1:1'")
    await closes(room, database, "process_dead", "lain:1:1")


async def test_a_process_that_stood_still_is_an_alarm_until_it_goes_on(
    make_room: MakeRoom, database: Database, other: asyncio.subprocess.Process
) -> None:
    room = make_room(alarms(alarm_silent=timedelta(seconds=2)))
    os.kill(other.pid, signal.SIGSTOP)
    await opens(room, database, "process_dead", "lain:1:1")
    os.kill(other.pid, signal.SIGCONT)
    await closes(room, database, "process_dead", "lain:1:1")


async def test_a_process_that_says_goodbye_is_no_alarm(make_room: MakeRoom, database: Database) -> None:
    ended = make_room()
    running = asyncio.create_task(ended.watcher.run())
    async with asyncio.timeout(60):
        while len(await goodbyes(database)) != 1:  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    [goodbye] = await goodbyes(database)
    assert goodbye is not None
    await change(database, "UPDATE processes SET name = 'lain:2:2', seen_at = now() - interval '1 minute'")
    await make_room().watcher.look()
    assert await open_alarms(database) == set()


async def goodbyes(database: Database) -> list[datetime | None]:
    """When each process that ever said that it lives said goodbye."""
    async with database.read() as session:
        return list(await session.scalars(text("SELECT stopped_at FROM processes")))


async def test_an_infected_file_is_an_alarm_for_a_day(
    make_room: MakeRoom, corridor: Corridor, database: Database
) -> None:
    room = make_room()
    await change(
        database,
        "INSERT INTO media (id, channel, kind, received_at, give_up_at, status, reason)"
        " VALUES (gen_random_uuid(), 'telegram', 'document', now(), now(), 'refused', 'infected')",
    )
    await opens(room, database, "media_infected")
    await change(database, "UPDATE media SET created_at = created_at - interval '25 hours'")
    await closes(room, database, "media_infected")


async def test_a_full_disk_is_an_alarm_until_there_is_room(make_room: MakeRoom, database: Database) -> None:
    here = os.uname().nodename
    row = await opens(make_room(alarms(alarm_disk_free=10**18)), database, "disk_low", here)
    assert row["severity"] == "severe"
    assert row["detail"].endswith("GB tersisa")
    await closes(make_room(), database, "disk_low", here)


async def test_a_full_disk_of_one_machine_stays_an_alarm_while_another_machine_looks(
    make_room: MakeRoom, database: Database
) -> None:
    room = make_room(alarms(alarm_disk_free=1000))
    await change(
        database,
        "INSERT INTO readings (name, at, taken_by, value) VALUES ('disk lain', now(), 'lain:1:1', '{\"free\": 10}')",
    )
    for _ in range(3):
        await room.watcher.look()
    assert await open_alarms(database) == {("disk_low", "lain")}


async def test_a_database_that_was_away_is_written_down_when_it_is_back(
    make_room: MakeRoom, database: Database, postgres: Any
) -> None:
    heard: list[dict[str, Any]] = []

    def take(request: httpx.Request) -> httpx.Response:
        heard.append(orjson.loads(request.content))
        return httpx.Response(200)

    line = httpx.AsyncClient(transport=httpx.MockTransport(take))
    room = make_room(alarms(alarm_webhook_url="https://alarm.example/"), line=line)
    await room.watcher.look()
    async with database.read() as session:
        name = await session.scalar(text("SELECT current_database()"))
    admin = f"host={postgres.socket_folder.resolve()} user=postgres dbname=postgres"
    with psycopg.connect(admin, autocommit=True) as hand:
        hand.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
        hand.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
        await room.watcher.look()
        assert room.watcher.away is not None
        assert b"helpdesk_database_up 0.0" in await room.metrics.text()
        hand.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')
    await room.watcher.look()
    assert room.watcher.away is None
    async with database.read() as session:
        row = (await session.execute(text("SELECT * FROM alarms WHERE name = 'database_away'"))).mappings().one()
    assert row["closed_at"] > row["opened_at"]
    assert [it["event"] for it in heard if it["name"] == "database_away" and it["id"] is None] == ["opened", "closed"]
    await line.aclose()


async def test_troubles_noticed_while_the_database_was_away_are_counted_when_it_is_back(
    make_room: MakeRoom, database: Database
) -> None:
    nowhere = Database("postgresql+psycopg://nobody@127.0.0.1:1/nothing")
    away = make_room(over=nowhere)
    for _ in range(10):
        away.count_webhook("telegram", "forged")
    await away.watcher.look()
    back = make_room()
    back.troubles.give_back(away.troubles.take())
    await opens(back, database, "webhook_forged", "telegram")
    await nowhere.close()


async def test_of_many_watchers_one_opens_an_alarm_and_it_is_told_once(
    make_room: MakeRoom, corridor: Corridor, database: Database
) -> None:
    heard: list[dict[str, Any]] = []
    answers = [500, 503]

    def take(request: httpx.Request) -> httpx.Response:
        if answers:
            return httpx.Response(answers.pop())
        heard.append(orjson.loads(request.content))
        return httpx.Response(204)

    corridor.rasa.answer = lambda asked: 500
    await corridor.hear(update(1, "halo, saya Siti"))
    async with httpx.AsyncClient(transport=httpx.MockTransport(take)) as line:
        limits = alarms(alarm_webhook_url="https://alarm.example/")
        rooms = [make_room(limits, line=line) for _ in range(4)]
        for _ in range(4):
            await asyncio.gather(*(room.watcher.look() for room in rooms))
        assert [(it["event"], it["name"]) for it in heard] == [("opened", "events_parked")]
        await change(database, "UPDATE inbox SET status = 'ignored' WHERE status = 'parked'")
        for _ in range(3):
            await asyncio.gather(*(room.watcher.look() for room in rooms))
    assert [(it["event"], it["id"]) for it in heard] == [("opened", heard[0]["id"]), ("closed", heard[0]["id"])]
    assert "Siti" not in str(heard)
    assert await corridor.count("alarms") == 1


async def test_what_comes_back_is_a_new_alarm_that_nobody_has_seen(
    make_room: MakeRoom, corridor: Corridor, database: Database
) -> None:
    corridor.rasa.answer = lambda asked: 500
    await corridor.hear(update(1, "halo"))
    room = make_room()
    first = await opens(room, database, "events_parked")
    await change(database, "UPDATE inbox SET status = 'ignored'")
    await closes(room, database, "events_parked")
    await corridor.hear(update(2, "halo"))
    assert (await opens(room, database, "events_parked"))["id"] != first["id"]
