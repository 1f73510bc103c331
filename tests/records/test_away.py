"""A database that is away is told apart from one that refuses what was asked: only the second is the event's fault."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from records.database import Database, is_away


async def trouble(database: Database, statement: str) -> DBAPIError:
    with pytest.raises(DBAPIError) as raised:
        async with database.write() as session:
            await session.execute(text(statement))
    return raised.value


@pytest.mark.parametrize(
    "refused", ["SELECT 1 / 0", "SELECT nothing", "SELECT 'x'::int", "INSERT INTO lanes VALUES (NULL)"]
)
async def test_what_the_database_refuses_is_not_the_hours_fault(database: Database, refused: str) -> None:
    assert is_away(await trouble(database, refused)) is False


@pytest.mark.parametrize(
    "hour", ["SET LOCAL statement_timeout = 1; SELECT pg_sleep(5)", "SELECT pg_terminate_backend(pg_backend_pid())"]
)
async def test_what_ends_a_statement_from_outside_is_the_hours_fault(database: Database, hour: str) -> None:
    assert is_away(await trouble(database, hour)) is True


async def test_a_server_that_is_not_there_is_away(database: Database) -> None:
    nobody = Database(database.url.partition("?")[0] + "?host=/nowhere")
    assert is_away(await trouble(nobody, "SELECT 1")) is True
    await nobody.close()


async def test_text_no_database_can_hold_is_not_the_hours_fault(database: Database) -> None:
    with pytest.raises(DBAPIError) as raised:
        async with database.write() as session:
            await session.execute(text("SELECT CAST(:words AS text)"), {"words": "a\x00b"})
    assert is_away(raised.value) is False
