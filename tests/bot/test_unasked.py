"""What a turn could not ask is counted with the turn, or not at all."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.unasked import count, unasked
from records.clock import Clock
from records.database import Database
from tests.bot.corridor import A_TICKET, Corridor, ScriptedRasa, says, update
from tests.conftest import OPENING

AWAY = {"label": "payment/status", "value": "belum bisa dicek", "source": "API program", "failed": "tidak menjawab"}
THERE = {"label": "Pembelian", "value": "Kelas Kopi", "source": "tabel program", "failed": None}
OLD_SHAPE = {"label": "Kartu", "value": "aktif", "source": "tabel program"}
type Make = Callable[..., Corridor]


def finding(*evidence: dict[str, Any]) -> dict[str, Any]:
    return {"check": "purchase", "verdict": "unknown", "summary": "x", "evidence": list(evidence)}


@pytest.fixture
def make(database: Database, clock: Clock, data_key: str) -> Make:
    def made(*findings: dict[str, Any], **more: Any) -> Corridor:
        answer = says("siap", findings=list(findings), **more)
        return Corridor(database, clock, data_key, rasa=ScriptedRasa(lambda _: dict(answer)))

    return made


async def failures(database: Database) -> list[tuple[Any, ...]]:
    rows = await database.at_once.rows("SELECT * FROM source_failures ORDER BY minute, source, question", {})
    return [(row["minute"], row["source"], row["question"], row["reason"], row["count"]) for row in rows]


async def test_a_failure_is_counted_by_the_minute_however_often_it_comes(make: Make, database: Database) -> None:
    async with make(finding(AWAY, THERE, OLD_SHAPE), finding(AWAY)) as corridor:
        await corridor.hear(*[update(n, f"pesan {n}", chat=8000 + n) for n in range(1, 6)])
    assert await failures(database) == [(OPENING, "API program", "payment/status", "tidak menjawab", 5)]
    assert corridor.telegram.words == ["siap"] * 5


async def test_a_turn_that_opens_a_ticket_counts_too(make: Make, database: Database) -> None:
    async with make(finding(AWAY), proposals=[A_TICKET]) as corridor:
        await corridor.hear(update(1, "kode ga ada"))
    assert [row[-1] for row in await failures(database)] == [1]


async def test_the_same_message_twice_is_counted_once(make: Make, database: Database) -> None:
    async with make(finding(AWAY)) as corridor:
        await corridor.hear(*[update(1, "kode ga ada")] * 10)
    assert [row[-1] for row in await failures(database)] == [1]


async def test_a_turn_whose_sources_answered_writes_nothing(make: Make, database: Database) -> None:
    async with make(finding(THERE, OLD_SHAPE)) as corridor:
        await corridor.hear(update(1, "halo"))
    assert await failures(database) == []


async def test_turns_that_count_the_same_rows_crosswise_do_not_stand_in_each_other_s_way(database: Database) -> None:
    many = [{**AWAY, "label": f"pertanyaan {n}"} for n in range(20)]

    async def turn(evidence: list[dict[str, Any]], now: datetime) -> None:
        async with database.write() as session:
            await count(session, [finding(*evidence)], now)
            await asyncio.sleep(0.001)

    moments = (OPENING, OPENING + timedelta(seconds=59))
    await asyncio.gather(*(turn(many[:: (-1) ** n], moments[n % 2]) for n in range(8)))
    rows = await failures(database)
    assert len(rows) == 20
    assert {row[-1] for row in rows} == {8}


def test_a_source_s_words_are_kept_short() -> None:
    ((source, _, reason),) = unasked([finding({**AWAY, "source": "s" * 999, "failed": "x" * 999})])
    assert (len(source), len(reason)) == (200, 200)
