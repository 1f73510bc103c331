"""How long until a person answered a case, and until it was closed: median and p90, exact to the minute.

Over whole months the counts by the minute (within the first hour) and by the hour (later) tell in which hour the one
in the middle lies; only the cases of that hour are then looked at. A year of a million cases costs no more than that.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Integer, String, and_, case, cast, func, literal, select, tuple_, union_all

from records.database import ReadSession
from records.models import CaseFact, CaseTime
from trends.helping.cases import filtered, raw_key_of
from trends.helping.middle import ALL, Ranked, given_rows, middles, those_wanted
from trends.helping.quantiles import MEDIAN, P90, Times
from trends.helping.span import Pieces, pieces, untold
from trends.within import Within

MEASURES = ("answer_minutes", "answer_worked", "resolve_minutes", "resolve_worked")
HOUR = 60
FIRST_HOURS = 59
"""A bucket beyond the minutes of the first hour, less this, is its hour."""


@dataclass(frozen=True)
class Sought:
    """Somebody in the middle: of which measure, key and share, in which bucket, which in its order, and of how many."""

    measure: str
    key: str
    percent: int
    bucket: int
    rank: int
    number: int

    @property
    def of(self) -> tuple[str, str, int]:
        """What they stand in the middle of."""
        return self.measure, self.key, self.percent

    @property
    def begins(self) -> int:
        """The bucket's first minute."""
        return self.bucket if self.bucket < HOUR else (self.bucket - FIRST_HOURS) * HOUR


async def case_times(session: ReadSession, within: Within, by: str = ALL) -> dict[str, dict[str, Times]] | None:
    """Return the times by measure and key (all together under ""), None where a filter does not let them be known."""
    if untold(within):
        return None
    sought = await _sought(session, within, by)
    minutes = await _minutes(session, within, by, [one for one in sought if one.bucket >= HOUR])
    taken = {one.of: minutes.get(one.of, one.bucket) for one in sought}
    found: dict[str, dict[str, Times]] = {measure: {} for measure in MEASURES}
    for one in sought:
        of = one.measure, one.key
        found[one.measure][one.key] = Times(one.number, taken[*of, MEDIAN], taken[*of, P90])
    return found


async def _sought(session: ReadSession, within: Within, by: str) -> list[Sought]:
    """Who stands in the middle of each key, and of all keys together, and in which bucket."""
    cut, dimension = pieces(within), _dimension(within, by)
    parts = []
    if cut.months and dimension is not None:
        parts.append(_of_months(within, by, dimension, cut.months))
    days = _days(within, cut, dimension)
    if days is not None:
        parts.append(_of_days(within, by, days))
    rows = await session.execute(middles(union_all(*parts).subquery(), (MEDIAN, P90), together=bool(by)))
    return [Sought(*row) for row in rows]


def _dimension(within: Within, by: str) -> str | None:
    """Return by what the months are counted that this asks for; None where it asks for more than one thing at once."""
    asked = {*within.filters, *([by] if by else [])}
    return next(iter(asked), ALL) if len(asked) <= 1 else None


def _days(within: Within, cut: Pieces, dimension: str | None) -> Any:
    """Return which cases are looked at one by one."""
    if dimension is None:
        return CaseFact.day.between(within.first, within.last)
    return CaseFact.day.in_(cut.days) if cut.days else None


def _of_months(within: Within, by: str, dimension: str, months: list[date]) -> Any:
    it = CaseTime
    said = it.key if by else literal(ALL)
    found = select(it.measure.label("measure"), said.label("key"), it.bucket.label("bucket"), it.number.label("number"))
    found = found.where(it.measure.in_(MEASURES), it.dimension == dimension, it.month.in_(months))
    key = within.filters.get(dimension)
    return found.where(it.key == key) if key else found


def _of_days(within: Within, by: str, days: Any) -> Any:
    """Each case is looked at once, whatever was timed of it: a way of grouping a measure."""
    it = CaseFact
    timed = [func.time_bucket(getattr(it, measure)).label(measure) for measure in MEASURES]
    cases = select(_raw_key(by).label("key"), *timed).where(days, *filtered(it, within)).subquery().c
    buckets = [cases[measure] for measure in MEASURES]
    ways = func.grouping_sets(*(tuple_(cases.key, bucket) for bucket in buckets))
    # a bit for every measure that is not this way's
    bits = func.grouping(*buckets)
    each = select(cases.key, *buckets, func.count().label("number"), bits.label("bits")).group_by(ways).subquery().c
    measure = case(
        {15 - (8 >> place): literal(measure) for place, measure in enumerate(MEASURES)},
        value=each.bits,
    )
    bucket = func.coalesce(*(each[measure] for measure in MEASURES))
    found = select(measure.label("measure"), cast(each.key, String).label("key"), bucket.label("bucket"), each.number)
    return found.where(bucket.is_not(None))


async def _minutes(
    session: ReadSession, within: Within, by: str, sought: list[Sought]
) -> dict[tuple[str, str, int], int]:
    """Return how long exactly those took who are sought in hours."""
    parts = []
    for measure in MEASURES:
        # each hour is looked at once, whoever's it is: several teams often have theirs in the same
        hours = sorted({one.begins for one in sought if one.measure == measure})
        parts += [_of_hours(within, measure, by, hours)] if hours else []
    if not parts:
        return {}
    ranked = [Ranked(*one.of, one.begins, one.rank) for one in sought]
    rows = await session.execute(those_wanted(union_all(*parts).subquery(), ranked))
    return {(measure, key, percent): minute for measure, key, percent, minute in rows}


def _of_hours(within: Within, measure: str, by: str, hours: list[int]) -> Any:
    """Hour by hour, each by the index of the measure: taken together, the planner reads all cases of the range."""
    it, minutes = CaseFact, getattr(CaseFact, measure)
    wanted = given_rows(("begins",), (Integer,), [(hour,) for hour in hours])
    here = and_(minutes >= wanted.c.begins, minutes < wanted.c.begins + HOUR, minutes >= HOUR)
    each = (
        select(_raw_key(by).label("key"), minutes.label("minute"), func.count().label("number"))
        .where(here, it.day.between(within.first, within.last), *filtered(it, within))
        .group_by("key", "minute")
        .lateral()
    )
    key, of = cast(each.c.key, String).label("key"), literal(measure).label("measure")
    return select(of, key, wanted.c.begins.label("begins"), each.c.minute, each.c.number).join_from(
        wanted, each, literal(True)
    )


def _raw_key(by: str) -> Any:
    """A column as it is: made text once a group, not once a case."""
    return raw_key_of(CaseFact, by) if by else literal(ALL)
