"""Adding up the cells of `trend_hours` for any filters: three passes that the database can share among its processors.

Each pass adds up a few dimensions together, so that millions of cells become some thousand sums by fast hashing; only
those are then parted by each dimension.
"""

from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache

from sqlalchemy import TextClause, text

from records.database import ReadSession
from trends.changes import COMPLAINT, kind_of

ABOUT = ("intent", "platform", "channel", "outcome", "partner")
WHOSE = ("wave", "institution", "province")

READY = text("""
    SELECT set_config('jit', 'off', true), set_config('work_mem', '64MB', true),
           set_config('plan_cache_mode', 'force_custom_plan', true)
""")
"""A plan for just this range; compiling takes longer than reading, and one plan for all ranges reads by the index."""
LEFT_OUT = text(f"""
    SELECT COALESCE(array_agg(code), '{{}}') FROM trend_keys
    WHERE dimension = 'intent' AND {kind_of("key")} <> '{COMPLAINT}'
""")  # noqa: S608 (the words are our own)


@dataclass(frozen=True)
class Part:
    """How many messages have one value of one dimension; or were on one day, in one hour of the week."""

    dimension: str
    key: str
    messages: int


async def cells(session: ReadSession, first: date, last: date, filters: dict[str, int]) -> AsyncIterator[Part]:
    """Yield the sums of a range and filters, given by code: like those of a month, with whole dates for days."""
    await session.execute(READY)
    left_out = await session.scalar(LEFT_OUT)
    given = {"first": first, "last": last, "left_out": left_out, **filters}
    for statement in _statements(_where(filters)):
        for row in await session.execute(statement, given):
            yield Part(row.dimension, row.key, row.messages)


def _where(filters: Iterable[str]) -> str:
    return " AND ".join(["day BETWEEN :first AND :last", *(f"{it} = :{it}" for it in filters)])


@cache
def _statements(condition: str) -> tuple[TextClause, ...]:
    complaint = f"{condition} AND intent <> ALL(CAST(:left_out AS smallint[]))"
    return tuple(map(text, (_about(condition), _whose(complaint), _times(complaint))))


def _about(condition: str) -> str:
    return f"""
        WITH sums AS MATERIALIZED (
            SELECT {", ".join(ABOUT)}, sum(messages) AS messages FROM trend_hours WHERE {condition}
            GROUP BY {", ".join(ABOUT)}
        ), kinds AS MATERIALIZED (
            SELECT sums.*, {kind_of("k.key")} AS kind FROM sums JOIN trend_keys k ON k.code = sums.intent
        )
        SELECT dimension, key, sum(messages)::int AS messages FROM kinds, unnest(ARRAY[{", ".join(ABOUT)}]) AS part
        JOIN trend_keys ON code = part WHERE kind = '{COMPLAINT}' GROUP BY dimension, key
        UNION ALL SELECT 'kind', kind, sum(messages)::int FROM kinds GROUP BY kind
    """  # noqa: S608


def _whose(condition: str) -> str:
    return f"""
        WITH sums AS MATERIALIZED (
            SELECT {", ".join(WHOSE)}, sum(messages) AS messages FROM trend_hours WHERE {condition}
            GROUP BY {", ".join(WHOSE)}
        ), parts AS (
            SELECT part, sum(messages)::int AS messages
            FROM sums, unnest(ARRAY[{", ".join(WHOSE)}]) AS part GROUP BY part
        )
        SELECT dimension, key, messages FROM parts JOIN trend_keys ON code = part
    """  # noqa: S608


def _times(condition: str) -> str:
    return f"""
        WITH sums AS MATERIALIZED (
            SELECT day, hour, sum(messages)::int AS messages FROM trend_hours WHERE {condition} GROUP BY day, hour
        )
        SELECT 'day' AS dimension, day::text AS key, sum(messages)::int AS messages FROM sums GROUP BY day
        UNION ALL SELECT 'weekhour', ((extract(isodow FROM day) - 1) * 24 + hour)::int::text AS weekhour,
                         sum(messages)::int FROM sums GROUP BY weekhour
    """  # noqa: S608
