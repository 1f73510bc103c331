"""`helpdesk trends status` and `rebuild`: how far the counts are, and all of them made anew from the rows."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text
from typer.testing import CliRunner, Result

from helpdesk.cli import app
from helpdesk.places import Places
from helpdesk.rehearsal_clock import resume
from records.clock import Clock
from records.database import Database
from records.models import AuditEntry
from tests.conftest import OPENING
from tests.trends.conftest import Say, say
from trends.counting import fold

__all__ = ["say"]
COUNTED = "SELECT COALESCE(sum(messages), 0) FROM trend_hours"
TABLES = ("trend_hours", "trend_days", "trend_months")


@pytest.fixture
async def complaints(database_url: str, say: Say, clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> int:
    """Three months with a complaint or two, of which nothing is counted."""
    siti = await say(clock())
    await say(clock() - timedelta(days=1), conversation=siti)
    await say(clock() - timedelta(days=40), "paid_no_code", "tokopedia", "whatsapp")
    await say(clock() - timedelta(days=70), "login_otp")
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("HELPDESK_VAR", str(tmp_path / "var"))
    resume(Places(tmp_path / "var").clock, OPENING)
    return 4


def typed(*words: str) -> Result:
    return CliRunner().invoke(app, words, catch_exceptions=False)


async def run(*words: str) -> Result:
    # the commands run an event loop of their own
    return await asyncio.to_thread(typed, "trends", *words)


async def said(*words: str) -> dict[str, str]:
    """What `helpdesk trends status` says, by its names."""
    done = await run("status", *words)
    assert done.exit_code == 0, done.output
    return {line[:22].strip(): line[23:] for line in done.output.splitlines()}


async def counts(database: Database) -> list[list[tuple[object, ...]]]:
    async with database.read() as session:
        each = [await session.execute(text(f"SELECT * FROM {table} ORDER BY 1, 2, 3")) for table in TABLES]  # noqa: S608
        return [[tuple(row) for row in rows] for rows in each]


async def test_what_waits_is_told_until_it_is_counted(database: Database, complaints: int, clock: Clock) -> None:
    before = await said()
    assert before["counted as of"] == before["made anew"] == "never"
    assert before["waiting to be counted"] == "4 messages"
    assert (before["first day counted"], before["first day with rows"]) == ("none", "none")
    await fold(database, clock)
    after = await said()
    assert after["counted as of"] == "2020-08-24 10:00 WIB"
    assert after["waiting to be counted"] == "0 messages"
    assert after["first day counted"] == after["first day with rows"] == "2020-06-15"
    assert "broken off at" not in after


async def test_counts_made_anew_are_what_counting_made_and_stand_in_the_audit(
    database: Database, complaints: int, clock: Clock
) -> None:
    await fold(database, clock)
    right = await counts(database)
    async with database.write() as session:
        await session.execute(text("UPDATE trend_hours SET messages = messages + 7"))
        await session.execute(text("DELETE FROM trend_days"))
    done = await run("rebuild")
    assert done.exit_code == 0, done.output
    assert "Counted 3 months anew." in done.output
    assert await counts(database) == right
    async with database.read() as session:
        assert await session.scalar(text(COUNTED)) == complaints
        (entry,) = await session.scalars(select(AuditEntry).where(AuditEntry.action == "trends_rebuilt"))
    assert (entry.actor, entry.detail) == ("system", {"months": 3, "afresh": False})
    assert (await said())["made anew"].startswith("2020-08-24 10:0")


async def test_a_rebuild_that_was_broken_off_is_told_and_goes_on_with_what_is_left(
    database: Database, complaints: int, clock: Clock
) -> None:
    await fold(database, clock)
    async with database.write() as session:
        await session.execute(text("UPDATE trend_state SET rebuilding = '2020-08-01'"))
    assert (await said())["broken off at"] == "2020-08 (go on: helpdesk trends rebuild --resume)"
    assert "Counted 2 months anew." in (await run("rebuild", "--resume")).output
    assert "broken off at" not in await said()


async def test_without_records_neither_says_anything_but_that(complaints: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql+psycopg://nobody@127.0.0.1:1/none")
    for what in ("status", "rebuild"):
        done = await run(what)
        assert (done.exit_code, "The database does not answer" in done.output) == (1, True)
