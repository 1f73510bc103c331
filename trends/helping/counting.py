"""Counting what is new for the figures of the service, and counting everything anew.

One at a time counts (a lock in the database decides); what is shown is up to the last time, and says so.
"""

from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from records.clock import Clock
from records.database import Database, ReadSession
from records.privacy.columns import GONE
from trends.helping import acts_counted, answers_counted, cases_counted

LOCK = text("SELECT pg_try_advisory_xact_lock(7_240_925)")
CASES = "cases"
MOST_BATCHES = 40
"""In one go; the next goes on."""
MANY_ANSWERS = 300_000
ALL_AT_ONCE = 5_000

CUT_OFF = """
    CREATE TEMP TABLE cut_off ON COMMIT DROP AS SELECT * FROM {facts} f
    WHERE NOT EXISTS (SELECT FROM {rows} r WHERE r.id = f.{key} {still})
"""
REMEMBER = text(
    """
    CREATE TEMP TABLE had_returned ON COMMIT DROP AS SELECT turn_id, intent FROM answer_facts WHERE returned
    """
)
RECALL = text(
    """
    UPDATE answer_facts f SET returned = true FROM had_returned h
    WHERE h.turn_id = f.turn_id AND h.intent = f.intent AND f.returned = false AND EXISTS (SELECT FROM cut_off)
    """
)
"""The message they came back with may be what was deleted: where anything was, what was known stays known."""
ALL_TICKETS = text("SELECT id FROM tickets ORDER BY opened_at, id")
"""By their days, so that the cases of a day lie together and are read together."""


async def fold(database: Database, clock: Clock) -> int:
    """Count what is new; returns how many steps there were."""
    now, done = clock(), 0
    for _ in range(MOST_BATCHES):
        async with database.write() as session:
            if not await session.scalar(LOCK):
                return done
            more = await _step(session, now)
        done += more
        if not more:
            break
    return done


async def _step(session: AsyncSession, now: datetime) -> bool:
    cases = await cases_counted.fold_news(session)
    await acts_counted.fold_new(session)
    collecting = await answers_counted.collect(session, now)
    # people who came back are looked for in what was collected before
    settling = not collecting and await answers_counted.settle(session, now)
    corrected = await answers_counted.corrected(session)
    await answers_counted.reached(session, CASES, now)
    return bool(cases or collecting or settling or corrected)


async def as_of(session: ReadSession) -> datetime | None:
    """Return up to when was counted; none where nothing ever was."""
    return await answers_counted.progress(session, CASES)


async def rebuild(database: Database, clock: Clock) -> None:
    """Count everything that still has its rows anew; what was cut off from deleted rows stays as it was counted."""
    now = clock()
    async with database.write() as session:
        await session.execute(text("SELECT pg_advisory_xact_lock(7_240_925)"))
        await _answers(session, now)
        await _cases(session)
        await acts_counted.rebuild(session)
        await answers_counted.reached(session, CASES, now)


async def _answers(session: AsyncSession, now: datetime) -> None:
    await session.execute(REMEMBER)
    await _empty(session, "answer_facts", "turns", "turn_id", ("answer_counts", "answer_seconds"))
    await session.execute(text("DELETE FROM figure_progress"))
    await session.execute(text("DELETE FROM answer_news"))
    while await answers_counted.collect(session, now, MANY_ANSWERS):
        pass
    while await answers_counted.settle(session, now, MANY_ANSWERS):
        pass
    await session.execute(RECALL)


async def _cases(session: AsyncSession) -> None:
    # an erased case cannot be counted anew: what it was stands in its row alone
    still = f"AND r.summary <> '{GONE}'"
    await _empty(session, "case_facts", "tickets", "ticket_id", ("case_months", "case_times"), still)
    await session.execute(text("DELETE FROM case_news"))
    houses = cases_counted.Houses(session)
    tickets = await session.stream_scalars(ALL_TICKETS, execution_options={"yield_per": ALL_AT_ONCE})
    async for some in tickets.partitions():
        await cases_counted.count(session, list(some), houses)


async def _empty(
    session: AsyncSession, facts: str, rows: str, key: str, counts: tuple[str, ...], still: str = ""
) -> None:
    """Empty rows and counts but for those whose origin is gone; the triggers count these again."""
    await session.execute(text("DROP TABLE IF EXISTS cut_off"))
    await session.execute(text(CUT_OFF.format(facts=facts, rows=rows, key=key, still=still)))
    for table in (facts, *counts):
        await session.execute(text(f"DELETE FROM {table}"))  # noqa: S608 (names of our own tables)
    await session.execute(text(f"INSERT INTO {facts} SELECT * FROM cut_off"))  # noqa: S608
