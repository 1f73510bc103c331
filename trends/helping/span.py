"""A range in the pieces its counts stand in: whole months, and the days at its edges; and what they cannot tell."""

from calendar import monthrange
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from records.clock import midnight
from trends.within import Within

TOLD = ("intent", "platform", "channel")
"""Filters that answers and cases are counted by."""
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Pieces:
    """Whole months by their first days, and the days that are left."""

    months: list[date] = field(default_factory=list)
    days: list[date] = field(default_factory=list)


def pieces(within: Within) -> Pieces:
    """Return the range as months and days; together they are every day of it, once."""
    found, day = Pieces(), within.first
    while day <= within.last:
        end = day.replace(day=monthrange(day.year, day.month)[1])
        if day.day == 1 and end <= within.last:
            found.months.append(day)
            day = end + DAY
        else:
            found.days.append(day)
            day += DAY
    return found


def untold(within: Within) -> list[str]:
    """Return the filters that answers and cases are not counted by: with one of these, no figure can be known."""
    return [by for by in within.filters if by not in TOLD]


def moments(within: Within) -> tuple[datetime, datetime]:
    """Return when the range begins, and when it is over."""
    return midnight(within.first), midnight(within.last, after=True)
