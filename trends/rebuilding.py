"""Counting everything anew: month by month, the newest first, each in one transaction, so it can be broken off.

A month is counted from its facts and from what is kept of those whose rows are gone, so days without a row stay as they
were. Messages that have no fact yet get one; `afresh` asks the programme's tables again about everybody who is known.
"""

from collections.abc import Callable
from datetime import date, timedelta

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from records.clock import Clock
from records.database import Database
from trends.adding import COLUMNS, PLACED, code, days, marked, months
from trends.changes import CELL, CHANGES, COMPLAINT, kind_of
from trends.counting import FOLD_LOCK

type Progress = Callable[[date, int, int], None]
"""Told the month that is done, how many are, and of how many."""

SPAN = text("""
    SELECT date_trunc('month', min(first))::date AS first, date_trunc('month', max(last))::date AS last FROM (
        SELECT (min(created_at) AT TIME ZONE 'Asia/Jakarta')::date AS first,
               (max(created_at) AT TIME ZONE 'Asia/Jakarta')::date AS last FROM turns
        UNION ALL SELECT (min(at) AT TIME ZONE 'Asia/Jakarta')::date, (max(at) AT TIME ZONE 'Asia/Jakarta')::date
                  FROM trend_facts
        UNION ALL SELECT min(day), max(day) FROM trend_hours
        UNION ALL SELECT min(day), max(day) FROM trend_kept
    ) AS spans
""")
OF_THE_MONTH = "created_at >= :begins AND created_at < :ends"
DONE = text("UPDATE trend_state SET rebuilding = NULL, rebuilt_at = :now, folded_at = :now")
FORGET = text(
    "DELETE FROM trend_facts WHERE day BETWEEN :first AND :last AND wave IS NOT NULL "
    "AND EXISTS (SELECT FROM turns WHERE id = turn_id)"
)
OLD_NEWS = text(f"DELETE FROM trend_news USING turns WHERE turns.id = turn_id AND was IS NULL AND {OF_THE_MONTH}")  # noqa: S608

_CODED = ", ".join(f"COALESCE({by}_keys.code, {code(by, f'changes.{by}')})" for by in CELL)
_JOINED = " ".join(
    f"LEFT JOIN trend_keys {by}_keys ON {by}_keys.dimension = '{by}' AND {by}_keys.key = changes.{by}" for by in CELL
)
FACTS = text(f"""
    WITH told AS MATERIALIZED (
        SELECT turns.id AS turn_id, NULL::jsonb AS was FROM turns LEFT JOIN trend_facts f ON f.turn_id = turns.id
        LEFT JOIN trend_keys intents ON intents.code = f.intent
        LEFT JOIN trend_keys platforms ON platforms.code = f.platform
        WHERE {OF_THE_MONTH} AND (f.turn_id IS NULL OR f.wave IS NOT NULL AND (intents.key, platforms.key) <>
            (COALESCE(corrected_intent, turns.intent, '-'), COALESCE(turns.platform, '-')))
    ), known AS MATERIALIZED (SELECT f.* FROM trend_facts f JOIN told USING (turn_id)), {CHANGES}
    INSERT INTO trend_facts (turn_id, conversation_id, at, day, hour, {", ".join(CELL)})
    SELECT turn_id, conversation_id, at, day, hour, {_CODED} FROM changes {_JOINED} ORDER BY at
    ON CONFLICT (turn_id) DO UPDATE SET intent = EXCLUDED.intent, platform = EXCLUDED.platform
""")  # noqa: S608 (the words are our own)
"""Facts for messages without one, and for those that were corrected and not folded."""

CLEAR = tuple(
    text(f"DELETE FROM {table} WHERE {column} BETWEEN :first AND :last")  # noqa: S608
    for table, column in (("trend_hours", "day"), ("trend_days", "day"), ("trend_months", "month"))
)
HOURS = text(f"""
    INSERT INTO trend_hours ({", ".join(COLUMNS)}, messages)
    SELECT {", ".join(COLUMNS)}, sum(messages) FROM (
        SELECT {", ".join(COLUMNS)}, 1 AS messages FROM trend_facts
        WHERE day BETWEEN :first AND :last AND wave IS NOT NULL
        UNION ALL
        SELECT {", ".join(COLUMNS)}, messages FROM trend_kept WHERE day BETWEEN :first AND :last
    ) AS counted GROUP BY {", ".join(COLUMNS)} ORDER BY {", ".join(COLUMNS)}
""")  # noqa: S608
_CELLS = f"""
    coded AS MATERIALIZED (
        SELECT trend_hours.*, kinds.code AS kind, kinds.key = '{COMPLAINT}' AS complaint
        FROM trend_hours JOIN trend_keys intents ON intents.code = intent
        JOIN trend_keys kinds ON kinds.dimension = 'kind' AND kinds.key = {kind_of("intents.key")}
        WHERE day BETWEEN :first AND :last
    ), placed AS MATERIALIZED ({PLACED}), marked AS MATERIALIZED ({marked()})
"""  # noqa: S608
SUMS = (
    text(f"WITH {_CELLS} INSERT INTO trend_days (day, key, messages) {days()}"),
    text(f"WITH {_CELLS} INSERT INTO trend_months (filter, month, key, messages) {months()}"),
)


async def rebuild(
    database: Database, clock: Clock, *, afresh: bool = False, resume: bool = False, progress: Progress | None = None
) -> int:
    """Count every month anew and return how many that were; with `resume`, only those a broken-off run left."""
    async with database.write() as session:
        first, last = (await session.execute(SPAN)).one()
        reached = await session.scalar(text("SELECT rebuilding FROM trend_state")) if resume else None
    wanted = _months(first, last) if first else []
    left = [month for month in wanted if reached is None or month < reached]
    for month in left:
        async with database.write() as session:
            await _month(session, month, afresh=afresh)
            await session.execute(text("UPDATE trend_state SET rebuilding = :month"), {"month": month})
        if progress:
            progress(month, len(wanted) - len(left) + left.index(month) + 1, len(wanted))
    async with database.write() as session:
        await session.execute(DONE, {"now": clock()})
    return len(left)


async def _month(session: AsyncSession, month: date, *, afresh: bool) -> None:
    # who folds meanwhile would count what is counted here
    await session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": FOLD_LOCK})
    last = _next(month) - timedelta(days=1)
    given = {"first": month, "last": last}
    ends = {"begins": f"{month} 00:00+07", "ends": f"{_next(month)} 00:00+07"}
    # news first: what comes after it was taken is news again
    await session.execute(OLD_NEWS, ends)
    if afresh:
        await session.execute(FORGET, given)
    await session.execute(FACTS, ends)
    for statement in (*CLEAR, HOURS, *SUMS):
        await session.execute(statement, given)


def _months(first: date, last: date) -> list[date]:
    found = [first]
    while found[-1] < last:
        found.append(_next(found[-1]))
    return found[::-1]


def _next(month: date) -> date:
    return (month + timedelta(days=32)).replace(day=1)
