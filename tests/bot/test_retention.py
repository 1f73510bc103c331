"""Raw words end when their time is over: by the injected clock, once, resumably, with a proof."""

import asyncio
from contextlib import AbstractAsyncContextManager
from datetime import datetime, timedelta

import pytest
from pydantic import SecretStr
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from bot.keeping import Keeper
from records.database import Database
from records.models import RetentionRun
from records.privacy import retention
from records.privacy.retention import Limits, sweep
from records.settings import RecordsSettings
from tests.bot.corridor import Corridor, update
from tests.conftest import OPENING

LIMITS = Limits(timedelta(days=30), timedelta(days=8), timedelta(days=30))
WITH_NIK = "nik 3171234507900001 ditolak"


def at(days: float) -> datetime:
    return OPENING + timedelta(days=days)


@pytest.fixture
async def corridor(database: Database, data_key: str) -> Corridor:
    """Siti wrote five messages with a NIK on the opening day; all are answered."""
    async with Corridor(database, lambda: OPENING, data_key) as corridor:
        await corridor.hear(*[update(n, f"{WITH_NIK} {n}") for n in range(5)])
        # the outbox counts real time for what is due, so its age is set by what was sent
    return corridor


async def held(corridor: Corridor) -> tuple[int, int, int]:
    return (
        await corridor.count("messages WHERE sealed_text IS NOT NULL"),
        await corridor.count("inbox WHERE sealed_event IS NOT NULL"),
        await corridor.count("outbox WHERE payload <> '{}'"),
    )


@pytest.mark.parametrize(
    ("days", "left"),
    [(7.9, (5, 5, 5)), (8.1, (5, 0, 5)), (29.9, (5, 0, 5)), (30.1, (0, 0, 0))],
)
async def test_each_kind_ends_on_its_day(
    corridor: Corridor, database: Database, days: float, left: tuple[int, int, int]
) -> None:
    await sweep(database, lambda: at(days), LIMITS, by="uji")
    assert await held(corridor) == left
    assert await corridor.count("messages WHERE text LIKE 'nik [NIK] ditolak%' AND direction = 'in'") == 5
    assert await corridor.count("inbox WHERE external_id LIKE 'update:%'") == 5


async def test_a_dry_run_counts_the_same_and_changes_nothing(corridor: Corridor, database: Database) -> None:
    dry = await sweep(database, lambda: at(31), LIMITS, by="uji", dry=True)
    assert await held(corridor) == (5, 5, 5)
    wet = await sweep(database, lambda: at(31), LIMITS, by="uji")
    assert dict(dry.counts) == dict(wet.counts)
    assert wet.counts["messages.sealed_text"] == 5


async def test_a_second_run_finds_nothing_and_both_leave_their_proof(corridor: Corridor, database: Database) -> None:
    for _ in range(2):
        await sweep(database, lambda: at(31), LIMITS, by="uji")
    async with database.read() as session:
        first, second = await session.scalars(select(RetentionRun).order_by(RetentionRun.id))
    assert (first.counts["inbox.sealed_event"], second.counts["inbox.sealed_event"]) == (5, 0)
    assert second.oldest_left["inbox.sealed_event"] is None
    assert first.limits == {"raw_words": 30.0, "events": 8.0, "media": 30.0}


class Broken(Exception):
    """The process died."""


class BreakingDatabase(Database):
    """Dies at its third transaction."""

    transactions = 0

    def write(self) -> AbstractAsyncContextManager[AsyncSession]:
        self.transactions += 1
        if self.transactions == 3:
            raise Broken
        return super().write()


async def test_a_run_broken_off_goes_on_where_it_stopped(corridor: Corridor, database: Database) -> None:
    breaking = BreakingDatabase(database.url, pool_size=2)
    with pytest.raises(Broken):
        await sweep(breaking, lambda: at(31), LIMITS, by="uji", batch=2)
    await breaking.close()
    assert (await held(corridor))[0] == 1
    await sweep(database, lambda: at(31), LIMITS, by="uji", batch=2)
    assert await held(corridor) == (0, 0, 0)


async def test_what_still_waits_is_never_emptied(database: Database, data_key: str) -> None:
    corridor = Corridor(database, lambda: OPENING, data_key)
    inbox = asyncio.create_task(corridor.inbox.run())
    from bot.webhooks import telegram_arrival

    await corridor.inbox.store([telegram_arrival(update(1, WITH_NIK))])
    inbox.cancel()
    await sweep(database, lambda: at(400), LIMITS, by="uji")
    assert await corridor.count("inbox WHERE sealed_event IS NOT NULL") == 1


async def test_two_keepers_sweep_once_an_hour(corridor: Corridor, database: Database, data_key: str) -> None:
    now = at(31)
    settings = RecordsSettings(database_url=database.url, helpdesk_data_key=SecretStr(data_key))
    keepers = [Keeper(database, lambda: now, settings) for _ in range(2)]
    await asyncio.gather(*(keeper.look() for keeper in keepers))
    async with database.read() as session:
        runs = list(await session.scalars(select(RetentionRun)))
    assert sum(run.counts["messages.sealed_text"] for run in runs) == 5
    before = len(runs)
    await keepers[0].look()
    assert await corridor.count("retention_runs") == before
    now += timedelta(hours=1)
    await keepers[0].look()
    assert await corridor.count("retention_runs") == before + 1


async def test_the_index_is_used_to_find_what_is_old(database: Database) -> None:
    async with database.read() as session:
        await session.execute(text("SET LOCAL enable_seqscan = off"))
        for rule in retention.RULES[:2]:
            plan = await session.execute(
                text(f"EXPLAIN SELECT id FROM {rule.table} WHERE {rule.held} AND {rule.since} < now()")  # noqa: S608
            )
            assert "_sealed" in " ".join(plan.scalars())
