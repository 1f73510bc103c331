"""Questions that do not wait for one another go over two connections, and none is lost or asked twice."""

import asyncio

import pytest
from sqlalchemy import text
from sqlalchemy.exc import InternalError

from records.database import Database, ReadSession
from records.lanes import over_two


async def test_a_long_question_is_overtaken_by_all_others(database: Database) -> None:
    asked: list[str] = []
    others_are_answered = asyncio.Event()

    async def long(session: ReadSession) -> int | None:
        asked.append("long")
        async with asyncio.timeout(90):
            await others_are_answered.wait()
        return await session.scalar(text("SELECT pg_backend_pid()"))

    async def short(session: ReadSession) -> int | None:
        asked.append("short")
        return await session.scalar(text("SELECT pg_backend_pid()"))

    async def last(session: ReadSession) -> int | None:
        others_are_answered.set()
        return await short(session)

    answers = await over_two(database, {"long": long, "short": short, "last": last})
    assert asked == ["long", "short", "short"]
    assert answers["short"] == answers["last"] != answers["long"]


async def test_nothing_asked_is_nothing_answered(database: Database) -> None:
    assert await over_two(database, {}) == {}


async def test_a_question_that_fails_fails_the_whole(database: Database) -> None:
    async def writes(session: ReadSession) -> None:
        await session.execute(text("DELETE FROM teams"))

    async def reads(session: ReadSession) -> int | None:
        return await session.scalar(text("SELECT 1"))

    with pytest.raises(InternalError, match="read-only"):
        await over_two(database, {"writes": writes, "reads": reads})


async def test_after_a_failure_nothing_is_asked_and_no_connection_is_in_use(database: Database) -> None:
    asked: list[str] = []

    async def fails(_: ReadSession) -> None:
        raise LookupError

    async def slow(session: ReadSession) -> None:
        await session.execute(text("SELECT pg_sleep(0.3)"))
        asked.append("slow")

    async def later(_: ReadSession) -> None:
        asked.append("later")

    with pytest.raises(LookupError):
        await over_two(database, {"slow": slow, "fails": fails, "later": later})
    assert asked == ["slow"]
    assert database.engine.pool.checkedout() == 0  # type: ignore[attr-defined]
