"""Single statements past SQLAlchemy: committed by themselves, and with SQLAlchemy's errors."""

import asyncio

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, OperationalError

from records.database import Database

ADD = "INSERT INTO identities (id, channel, external_id) VALUES (gen_random_uuid(), 'uji', %(who)s)"
COUNT = "SELECT count(*) AS number FROM identities WHERE channel = 'uji'"
PID = "SELECT pg_backend_pid() AS pid"
UNDER_WAY = "SELECT count(*) FROM pg_stat_activity WHERE pid = :pid AND state = 'active' AND query ~ 'pg_sleep'"


async def test_a_statement_is_committed_when_it_returns(database: Database) -> None:
    assert await database.at_once.rows(ADD, {"who": "a"}) == []
    async with database.read() as session:
        assert await session.scalar(text(COUNT)) == 1


async def test_a_refused_statement_is_a_database_error_and_the_connection_stays(database: Database) -> None:
    before = await database.at_once.rows(PID, {})
    await database.at_once.rows(ADD, {"who": "a"})
    with pytest.raises(DBAPIError) as refused:
        await database.at_once.rows(ADD, {"who": "a"})
    assert not refused.value.connection_invalidated
    assert "'a'" not in str(refused.value.statement)
    assert await database.at_once.rows(PID, {}) == before


async def test_a_connection_that_died_idle_costs_nobody_an_error(database: Database) -> None:
    ((row),) = await database.at_once.rows(PID, {})
    async with database.write() as session:
        await session.execute(text("SELECT pg_terminate_backend(:pid, 60000)"), row)
    assert await database.at_once.rows(PID, {}) != [row]


async def test_a_connection_that_dies_under_a_statement_is_said_and_replaced(database: Database) -> None:
    ((row),) = await database.at_once.rows(PID, {})
    running = asyncio.create_task(database.at_once.rows("SELECT pg_sleep(60)", {}))
    under_way = 0
    while not under_way:
        async with database.read() as session:
            under_way = await session.scalar(text(UNDER_WAY), row) or 0
    async with database.write() as session:
        await session.execute(text("SELECT pg_terminate_backend(:pid)"), row)
    with pytest.raises(OperationalError) as died:
        await running
    assert died.value.connection_invalidated
    assert await database.at_once.rows(PID, {}) != [row]


async def test_a_statement_within_a_transaction_shares_its_fate(database: Database) -> None:
    async def add_and_fail() -> None:
        async with database.write() as session:
            await database.at_once.rows_within(session, ADD, {"who": "a"})
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await add_and_fail()
    async with database.write() as session:
        await database.at_once.rows_within(session, ADD, {"who": "b"})
        assert await database.at_once.rows(COUNT, {}) == [{"number": 0}]
    assert await database.at_once.rows(COUNT, {}) == [{"number": 1}]


async def test_a_statement_given_up_half_way_leaves_nothing_for_the_next(database: Database) -> None:
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.1):
            await database.at_once.rows("SELECT pg_sleep(5), 'late' AS word", {})
    assert await database.at_once.rows("SELECT 'mine' AS word", {}) == [{"word": "mine"}]


async def test_a_server_that_is_not_there_is_said_at_once(database: Database) -> None:
    away = Database("postgresql+psycopg://postgres@/nothing?host=/nowhere")
    with pytest.raises(OperationalError):
        async with asyncio.timeout(15):
            await away.at_once.rows(PID, {})


async def test_more_statements_than_connections_wait_their_turn(database: Database) -> None:
    few = Database(database.url, pool_size=2)
    answers = await asyncio.gather(*(few.at_once.rows(PID, {}) for _ in range(10)))
    assert len({rows[0]["pid"] for rows in answers}) <= 2
    await few.close()
