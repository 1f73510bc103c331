"""Health, readiness and figures tell the truth, also when the truth is that nothing is known."""

import asyncio
import re
import time
from pathlib import Path

import httpx
import pytest
from sqlalchemy import text

from bot.watch.observed import ObservedInbox
from bot.webhooks import telegram_arrival
from records.clock import Clock
from records.database import Database
from records.sealed import Seal
from tests.bot.corridor import Corridor, update
from tests.bot.watch.conftest import TOKEN, Knock, MakeRoom

PROPER = {"Authorization": f"Bearer {TOKEN}"}
OPERATING = (Path(__file__).resolve().parents[3] / "docs" / "operating.md").read_text()
SECRET = {"X-Telegram-Bot-Api-Secret-Token": "s3cret"}


def figure(said: str, name: str) -> float:
    """The value of one line of the figures."""
    return next(float(line.rpartition(" ")[2]) for line in said.splitlines() if line.startswith(name + " "))


async def figures(door: httpx.AsyncClient) -> str:
    answer = await door.get("/metrics", headers=PROPER)
    assert answer.status_code == 200
    return answer.text


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer salah"}, {"Authorization": "Bearer "}])
async def test_the_figures_are_for_whoever_has_the_token(
    knock: Knock, make_room: MakeRoom, headers: dict[str, str]
) -> None:
    answer = await knock(make_room()).get("/metrics", headers=headers)
    assert (answer.status_code, answer.text) == (401, "unauthorized")


async def test_the_figures_say_what_waits_since_when_and_what_was_answered_at_the_doors(
    knock: Knock, make_room: MakeRoom, corridor: Corridor, database: Database
) -> None:
    door = knock(make_room())
    for headers in (SECRET, SECRET, {}):
        await door.post("/telegram/webhook", content=update(1, "halo"), headers=headers)
    await door.post("/telegram/webhook", content=b"{", headers=SECRET)
    await corridor.rest()
    async with database.write() as session:
        await session.execute(
            text("UPDATE inbox SET status = 'pending', stored_at = now() - interval '90 seconds' WHERE kind = 'text'")
        )
        await session.execute(text("UPDATE outbox SET status = 'unknown', created_at = now() - interval '70 seconds'"))
    said = await figures(door)
    assert figure(said, "helpdesk_inbox_pending") == 1
    assert 85 < figure(said, "helpdesk_inbox_oldest_seconds") < 200
    assert figure(said, "helpdesk_outbox_unknown") == 1
    assert figure(said, 'helpdesk_outbox_troubled_24h{channel="telegram",status="unknown"}') == 1
    assert figure(said, 'helpdesk_webhooks_total{answer="stored",channel="telegram"}') == 2
    assert figure(said, 'helpdesk_webhooks_total{answer="forged",channel="telegram"}') == 1
    assert figure(said, 'helpdesk_webhooks_total{answer="unreadable",channel="telegram"}') == 1
    assert "Siti" not in said
    assert not re.search(r'="[^"]*\d{4}', said)


async def test_a_process_is_ready_only_while_it_can_take_a_message(knock: Knock, make_room: MakeRoom) -> None:
    room = make_room()
    door = knock(room)
    answer = await door.get("/ready")
    assert (answer.status_code, answer.json()["reasons"]) == (200, [])
    assert answer.json()["rasa"] == "0 of 1 answer"

    room.vitals.longest_commit = lambda: 9.0
    answer = await door.get("/ready")
    assert (answer.status_code, answer.json()["reasons"]) == (503, ["an event has waited 9 s to be committed"])

    room.vitals.longest_commit = lambda: 0.0
    room.vitals.ended_tasks = lambda: ["inbox"]
    assert (await door.get("/ready")).json()["reasons"] == ["task ended: inbox"]

    room.vitals.ended_tasks, room.vitals.draining = list, True
    answer = await door.get("/ready")
    assert (answer.status_code, answer.json()["reasons"]) == (503, ["this process is about to end"])
    assert (await door.get("/health")).status_code == 200


async def test_records_that_may_only_be_read_are_not_ready(
    knock: Knock, make_room: MakeRoom, database: Database
) -> None:
    async with database.write() as session:
        name = await session.scalar(text("SELECT current_database()"))
        await session.execute(text(f'ALTER DATABASE "{name}" SET default_transaction_read_only = on'))
    await database.engine.dispose()
    door = knock(make_room())
    answer = await door.get("/ready")
    assert (answer.status_code, answer.json()["database"]) == (503, False)
    assert answer.json()["reasons"] == ["the records cannot be written to: read-only"]


async def test_records_that_were_put_back_by_hand_are_not_ready_and_the_way_out_is_named(
    knock: Knock, make_room: MakeRoom
) -> None:
    room = make_room()
    room.vitals.records_are_older = lambda: True
    answer = await knock(room).get("/ready")
    assert answer.status_code == 503
    assert ["helpdesk restore --adopt" in reason for reason in answer.json()["reasons"]] == [True]


@pytest.mark.parametrize(("version", "ready"), [("0010", False), ("9999", True)])
async def test_tables_that_are_behind_are_not_ready_and_those_ahead_are(
    knock: Knock, make_room: MakeRoom, database: Database, version: str, ready: bool
) -> None:
    async with database.write() as session:
        await session.execute(text("UPDATE alembic_version SET version_num = :version"), {"version": version})
    answer = (await knock(make_room()).get("/ready")).json()
    assert answer["ready"] is ready
    assert answer["reasons"] == ([] if ready else ["the tables are of version 0010; migrations are missing"])


async def test_figures_of_records_that_are_away_are_left_out_and_not_frozen(knock: Knock, make_room: MakeRoom) -> None:
    nowhere = Database("postgresql+psycopg://nobody@127.0.0.1:1/nothing")
    door = knock(make_room(over=nowhere))
    said = await figures(door)
    assert figure(said, "helpdesk_database_up") == 0
    assert "helpdesk_inbox_pending" not in said
    answer = await door.get("/ready")
    assert (answer.status_code, answer.json()["database"]) == (503, False)
    assert (await door.get("/health")).json() == {"status": "ok"}
    await nowhere.close()


async def test_what_comes_twice_is_counted_and_stored_once(
    make_room: MakeRoom, corridor: Corridor, database: Database, clock: Clock, data_key: str
) -> None:
    room = make_room()
    inbox = room.over(ObservedInbox(database, Seal(data_key), clock, asyncio.Event()))
    writing = asyncio.create_task(inbox.run())
    siti, budi = telegram_arrival(update(1, "halo")), telegram_arrival(update(2, "hai", chat=7002))
    await inbox.store([siti, budi])
    await inbox.store([siti, siti, telegram_arrival(update(3, "lagi"))])
    writing.cancel()
    await asyncio.gather(writing, return_exceptions=True)
    said = (await room.metrics.text()).decode()
    assert figure(said, 'helpdesk_events_repeated_total{channel="telegram"}') == 2
    assert await corridor.count("inbox") == 3
    assert inbox.longest_wait == 0


async def test_every_figure_is_explained_to_whoever_operates(make_room: MakeRoom) -> None:
    said = (await make_room().metrics.text()).decode()
    names = {line.split()[2].removesuffix("_created") for line in said.splitlines() if line.startswith("# HELP")}
    assert len(names) > 20
    assert [name for name in sorted(names) if f"`{name}" not in OPERATING] == []


class CountingDatabase(Database):
    """Counts how often it is read."""

    reads = 0

    def read(self):  # type: ignore[no-untyped-def]
        self.reads += 1
        return super().read()


async def test_figures_are_read_once_for_everybody_within_a_second(
    knock: Knock, make_room: MakeRoom, database: Database
) -> None:
    counting = CountingDatabase(database.url)
    door = knock(make_room(over=counting))
    began = time.monotonic()
    said = await asyncio.gather(*(figures(door) for _ in range(20)))
    assert {figure(one, "helpdesk_database_up") for one in said} == {1}
    assert counting.reads <= 1 + (time.monotonic() - began)
    await counting.close()
