"""Who stands in the middle of what was counted, as the database says it: a few rows leave it instead of every count.

The same nearest rank as `trends.helping.quantiles` has, of (measure, key) and of each measure's keys together.
"""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from sqlalchemy import ARRAY, Integer, Select, String, and_, cast, column, func, select, tuple_
from sqlalchemy.sql.selectable import Subquery, TableValuedAlias

ALL = ""
"""Stands for all keys together."""


class Ranked(NamedTuple):
    """One that is looked for: of what, among those of which hour, which in their order."""

    measure: str
    key: str
    percent: int
    begins: int
    rank: int


def middles(counted: Subquery, percents: Sequence[int], *, together: bool) -> Select[*tuple[Any, ...]]:
    """Return measure, key, percent, bucket, rank within it and how many there are, of counts by these and a bucket."""
    every = _summed(counted, together).c
    of = (every.measure, every.key)
    upto = cast(func.sum(every.number).over(partition_by=of, order_by=every.bucket), Integer)
    whole = cast(func.sum(every.number).over(partition_by=of), Integer)
    placed = select(*of, every.bucket, every.number, upto.label("upto"), whole.label("whole")).subquery().c
    wanted = given_rows(("percent",), (Integer,), [(percent,) for percent in percents])
    rank = (placed.whole * wanted.c.percent + 99) // 100
    before = placed.upto - placed.number
    return (
        select(placed.measure, placed.key, wanted.c.percent, placed.bucket, rank - before, placed.whole)
        .select_from(placed.measure.table)
        .join(wanted, and_(before < rank, placed.upto >= rank))
    )


def those_wanted(counted: Subquery, ranked: Sequence[Ranked]) -> Select[*tuple[Any, ...]]:
    """Return measure, key, percent and minute of those looked for, of counts by measure, key, hour and minute."""
    wanted = given_rows(Ranked._fields, (String, String, Integer, Integer, Integer), ranked)
    it, of = counted.c, (wanted.c.measure, wanted.c.key, wanted.c.percent)
    among = and_(wanted.c.measure == it.measure, wanted.c.begins == it.begins, wanted.c.key.in_([it.key, ALL]))
    number = func.sum(it.number)
    upto = func.sum(number).over(partition_by=of, order_by=it.minute)
    placed = (
        select(*of, wanted.c.rank, it.minute, number.label("number"), upto.label("upto"))
        .select_from(counted.join(wanted, among))
        .group_by(*of, wanted.c.rank, it.minute)
        .subquery()
        .c
    )
    here = and_(placed.upto - placed.number < placed.rank, placed.upto >= placed.rank)
    return select(placed.measure, placed.key, placed.percent, placed.minute).where(here)


def given_rows(
    names: Sequence[str], types: Sequence[type[Integer] | type[String]], rows: Iterable[Sequence[Any]]
) -> TableValuedAlias:
    """Return rows to be joined: as arrays, so that the statement is the same one however many they are."""
    columns = zip(*rows, strict=True)
    arrays = (cast(list(values), ARRAY(of)) for of, values in zip(types, columns, strict=True))
    named = (column(name, of) for name, of in zip(names, types, strict=True))
    return func.unnest(*arrays).table_valued(*named).render_derived()


def _summed(counted: Subquery, together: bool) -> Subquery:
    """Add up what was counted in parts; where it is asked for, once more over all keys."""
    it = counted.c
    each, number = (it.measure, it.key, it.bucket), cast(func.sum(it.number), Integer)
    ways = func.grouping_sets(tuple_(*each), tuple_(it.measure, it.bucket)) if together else tuple_(*each)
    key = func.coalesce(it.key, ALL).label("key")
    added = select(it.measure, key, it.bucket, number.label("number"))
    return added.group_by(ways).having(number > 0).subquery()
