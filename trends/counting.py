"""How new messages come into the counts, and how new the counts are.

Folding takes what triggers of `turns` wrote into `trend_news` and adds to the counts exactly what is different now, in
one transaction: what was taken is counted, or neither. One folds at a time; who comes second has nothing to do.
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from records.clock import Clock
from records.database import Database, ReadSession
from records.models import TrendDay, TrendFact, TrendNews, TrendState
from trends.adding import COLUMNS, PLACED, add, code, days, marked, months
from trends.changes import CELL, CHANGES, COMPLAINT, MOVED, kind_of

FOLD_LOCK = 7_240_907
BATCH = 5_000
CHEAP = 200
"""So many news are folded while a page is opened; more are left to the round."""

_CODES = ", ".join(f"{code(name, name)} AS {name}" for name in CELL)
_CODED = ", ".join(code(name, name) for name in CELL)
_CODED_GONE = f"SELECT day, hour, {_CODED}, count(*) FROM changes WHERE gone GROUP BY day, hour, {', '.join(CELL)}"  # noqa: S608

FOLD = text(f"""
    WITH batch AS MATERIALIZED (
        DELETE FROM trend_news WHERE id IN (SELECT id FROM trend_news ORDER BY id LIMIT :batch) RETURNING turn_id, was
    ), told AS MATERIALIZED (
        SELECT turn_id, (array_agg(was) FILTER (WHERE was IS NOT NULL))[1] AS was FROM batch GROUP BY turn_id
    ), known AS MATERIALIZED (
        SELECT f.* FROM trend_facts f JOIN told USING (turn_id) ORDER BY turn_id FOR UPDATE OF f
    ), {CHANGES}, {MOVED}, coded AS MATERIALIZED (
        SELECT day, hour, {_CODES}, messages, {code("kind", kind_of("intent"))} AS kind,
               {kind_of("intent")} = '{COMPLAINT}' AS complaint
        FROM net
    ), placed AS MATERIALIZED ({PLACED}), marked AS MATERIALIZED ({marked()}), facts AS (
        INSERT INTO trend_facts (turn_id, conversation_id, at, day, hour, {", ".join(CELL)})
        SELECT turn_id, conversation_id, at, day, hour, {_CODED} FROM changes WHERE NOT gone ORDER BY turn_id
        ON CONFLICT (turn_id) DO UPDATE SET intent = EXCLUDED.intent, platform = EXCLUDED.platform
        WHERE (trend_facts.intent, trend_facts.platform) <> (EXCLUDED.intent, EXCLUDED.platform)
    ), gone AS (
        DELETE FROM trend_facts f USING told WHERE f.turn_id = told.turn_id AND told.was IS NOT NULL
    ), kept AS ({add("trend_kept", _CODED_GONE)}), by_hour AS (
        {add("trend_hours", f"SELECT {', '.join(COLUMNS)}, messages FROM coded ORDER BY {', '.join(COLUMNS)}")}
    ), by_day AS ({add("trend_days", days())}), by_month AS ({add("trend_months", months())})
    SELECT count(*) FROM batch
""")  # noqa: S608 (the words are our own)


@dataclass(frozen=True)
class Standing:
    """How far the counts are."""

    folded_at: datetime | None
    rebuilt_at: datetime | None
    backlog: int
    """News that is not folded yet."""
    oldest_day: date | None
    """The first day of which messages still have their rows; older ones are counts alone."""
    first_day: date | None
    """The first day the counts know."""
    rebuilding: date | None
    """The month a rebuild that was broken off had reached."""


async def fold(database: Database, clock: Clock, *, batch: int = BATCH, most: int | None = None) -> int:
    """Count what is new, batch by batch, and return how many news that was; with `most`, nothing beyond so many."""
    folded = 0
    while most is None or folded < most:
        async with database.write() as session:
            if not await _alone(session):
                return folded
            taken = int((await session.scalar(FOLD, {"batch": batch})) or 0)
            if taken or not folded:
                await session.execute(text("UPDATE trend_state SET folded_at = :now"), {"now": clock()})
        folded += taken
        if taken < batch:
            break
    return folded


async def freshen(database: Database, clock: Clock) -> None:
    """Count what is new before somebody looks, where that takes no time."""
    async with database.read() as session:
        waiting = await backlog(session, CHEAP + 1)
    if 0 < waiting <= CHEAP:
        await fold(database, clock, most=1)


async def backlog(session: ReadSession, most: int) -> int:
    """Return how many news are not folded yet, or `most` where there are more."""
    some = select(TrendNews.id).limit(most).subquery()
    return await session.scalar(select(func.count()).select_from(some)) or 0


async def as_of(session: ReadSession) -> datetime | None:
    """Return when new messages were last counted; none where nothing was ever counted."""
    return await session.scalar(select(TrendState.folded_at))


async def known_since(session: ReadSession) -> date | None:
    """Return the first WIB day the counts know; none where they know none."""
    return await session.scalar(select(func.min(TrendDay.day)))


async def standing(session: ReadSession) -> Standing:
    """Return how far the counts are."""
    state = await session.get(TrendState, 1)
    waiting = await session.scalar(select(func.count()).select_from(TrendNews)) or 0
    oldest = await session.scalar(select(TrendFact.day).order_by(TrendFact.at).limit(1))
    folded_at, rebuilt_at, rebuilding = (state.folded_at, state.rebuilt_at, state.rebuilding) if state else (None,) * 3
    return Standing(folded_at, rebuilt_at, waiting, oldest, await known_since(session), rebuilding)


async def _alone(session: AsyncSession) -> bool:
    # for the transaction: whoever dies gives it back
    return bool(await session.scalar(text("SELECT pg_try_advisory_xact_lock(:lock)"), {"lock": FOLD_LOCK}))
