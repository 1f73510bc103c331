"""Every figure of one range and its filters at once, from the counts that fit it best, and kept for the session.

Whole months come from `trend_months` and days at the edges from `trend_days`, as long as there is at most one filter;
else, and for days at the edges of one filter, the cells of `trend_hours` are added up. What is not folded yet is added,
unless it is a lot: then figures are as of the last fold.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy import text

from records.database import ReadSession
from trends.adding import FILTERS
from trends.cells import cells
from trends.changes import COMPLAINT
from trends.pending import Change, pending
from trends.within import NONE, Within

KEPT = "trend_sums"
TRIES = 5
VERSION = text("SELECT xmin::text FROM trend_state")
"""Another one after every fold: what was waiting and what is counted must be of one moment, or be read again."""

CODES = text("""
    SELECT dimension, code FROM trend_keys
    JOIN unnest(CAST(:dimensions AS text[]), CAST(:keys AS text[])) AS it (dimension, key) USING (dimension, key)
""")
MONTHS = text("""
    WITH found AS MATERIALIZED (
        SELECT m.month, m.key, m.messages FROM trend_months m
        WHERE m.filter = COALESCE(CAST(:filter AS smallint), (SELECT code FROM trend_keys WHERE dimension = 'all'))
          AND m.month BETWEEN :first AND :last AND m.messages <> 0
    )
    SELECT k.dimension, k.key, found.messages FROM (
        SELECT key, sum(messages)::int AS messages FROM found GROUP BY key
    ) AS found JOIN trend_keys k ON k.code = found.key WHERE k.dimension <> 'date'
    UNION ALL
    SELECT 'day', (found.month + k.key::int - 1)::text, found.messages
    FROM found JOIN trend_keys k ON k.code = found.key WHERE k.dimension = 'date'
""")
DAYS = text(f"""
    WITH found AS MATERIALIZED (
        SELECT d.day, d.key, d.messages FROM trend_days d WHERE d.day BETWEEN :first AND :last AND d.messages <> 0
    )
    SELECT k.dimension, k.key, found.messages FROM (
        SELECT key, sum(messages)::int AS messages FROM found GROUP BY key
    ) AS found JOIN trend_keys k ON k.code = found.key WHERE k.dimension <> 'hour'
    UNION ALL
    SELECT 'weekhour', ((extract(isodow FROM found.day) - 1) * 24 + k.key::int)::int::text AS weekhour,
           sum(found.messages)::int
    FROM found JOIN trend_keys k ON k.code = found.key WHERE k.dimension = 'hour' GROUP BY weekhour
    UNION ALL
    SELECT 'day', found.day::text, found.messages
    FROM found JOIN trend_keys k ON k.code = found.key WHERE k.dimension = 'kind' AND k.key = '{COMPLAINT}'
""")  # noqa: S608 (the words are our own)


@dataclass
class Sums:
    """How many messages there are by kind, and how many complaints by each value of each dimension."""

    kinds: Counter[str] = field(default_factory=Counter)
    by: dict[str, Counter[str]] = field(default_factory=dict)
    days: Counter[date] = field(default_factory=Counter)
    hours: Counter[tuple[int, int]] = field(default_factory=Counter)
    """By weekday (0 is Monday) and hour."""
    changes: tuple[Change, ...] = ()
    """What was not folded yet, and is added."""

    @property
    def complaints(self) -> int:
        """All complaints."""
        return self.kinds[COMPLAINT]

    def keys(self, dimension: str) -> Mapping[str, int]:
        """Return the complaints of every value that has any."""
        return {key: messages for key, messages in self.by.get(dimension, Counter()).items() if messages}

    def add(self, dimension: str, key: str, messages: int) -> None:
        """Count so many more of one value."""
        self.by.setdefault(dimension, Counter())[key] += messages


@dataclass(frozen=True)
class Parts:
    """A range as whole months and the days before and after them."""

    months: tuple[date, date] | None
    edges: tuple[tuple[date, date], ...]

    @classmethod
    def of(cls, first: date, last: date) -> "Parts":
        """Part a range."""
        start = first if first.day == 1 else _next_month(first)
        end = _next_month(last) if (last + timedelta(days=1)).day == 1 else last.replace(day=1)
        if start >= end:
            return cls(None, ((first, last),))
        day = timedelta(days=1)
        edges = ((first, start - day), (end, last))
        return cls((start, (end - day).replace(day=1)), tuple(it for it in edges if it[0] <= it[1]))


async def sums(session: ReadSession, within: Within) -> Sums:
    """Return every figure of the range and filters; asked again in the same transaction, the same."""
    kept: dict[Within, Sums] = session.info.setdefault(KEPT, {})
    if within not in kept:
        kept[within] = await _sums(session, within)
    return kept[within]


async def _sums(session: ReadSession, within: Within) -> Sums:
    for _ in range(TRIES):
        version, changes = await pending(session)
        found, codes = Sums(changes=changes), await codes_of(session, within)
        if codes is not None:
            await _counted(session, within, codes, found)
        if await session.scalar(VERSION) == version:
            break
    for change in changes:
        _change(found, within, change)
    return found


async def codes_of(session: ReadSession, within: Within) -> dict[str, int] | None:
    """Return the codes of the filters; none where one of them has never been counted."""
    wanted = within.filters
    if not wanted:
        return {}
    rows = await session.execute(CODES, {"dimensions": list(wanted), "keys": list(wanted.values())})
    codes = {row.dimension: row.code for row in rows}
    return codes if len(codes) == len(wanted) else None


async def _counted(session: ReadSession, within: Within, codes: dict[str, int], found: Sums) -> None:
    if len(codes) > 1:
        await _cells(session, within.first, within.last, codes, found)
        return
    parts = Parts.of(within.first, within.last)
    if parts.months:
        span = dict(zip(("first", "last"), parts.months, strict=True))
        for row in await session.execute(MONTHS, {"filter": next(iter(codes.values()), None), **span}):
            _count(found, row.dimension, row.key, row.messages)
    for first, last in parts.edges:
        if codes:
            await _cells(session, first, last, codes, found)
            continue
        for row in await session.execute(DAYS, {"first": first, "last": last}):
            _count(found, row.dimension, row.key, row.messages)


async def _cells(session: ReadSession, first: date, last: date, codes: dict[str, int], found: Sums) -> None:
    async for part in cells(session, first, last, codes):
        _count(found, part.dimension, part.key, part.messages)


def _count(found: Sums, dimension: str, key: str, messages: int) -> None:
    if dimension == "kind":
        found.kinds[key] += messages
    elif dimension == "day":
        found.days[date.fromisoformat(key)] += messages
    elif dimension == "weekhour":
        found.hours[divmod(int(key), 24)] += messages
    else:
        found.add(dimension, key, messages)


def _change(found: Sums, within: Within, change: Change) -> None:
    if not within.first <= change.day <= within.last:
        return
    for cell, kind, sign in change.moves():
        if any(cell[by] != key for by, key in within.filters.items()):
            continue
        found.kinds[kind] += sign
        if kind == COMPLAINT:
            found.days[change.day] += sign
            found.hours[change.day.weekday(), change.hour] += sign
            for by in (*FILTERS, "outcome"):
                found.add(by, cell[by] or NONE, sign)


def _next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)
