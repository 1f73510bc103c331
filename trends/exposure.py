"""How much of a range has passed, held against the range before: today is not over yet, and a Sunday is no Monday."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from statistics import fmean

from records.clock import wib
from trends.heat import Cell
from trends.within import Within

A_WEEK = 7
ENOUGH_DAYS = 14
"""So many days must be known before weekdays can be told apart."""


def exposure_of(within: Within, now: datetime, passed: float, history: Mapping[date, int]) -> float:
    """Return how many complaints this range had time for, with 1 for as many as the range before.

    `passed` is the share of today that is over. Weekdays are weighed, by their `history`, only where the two ranges may
    have different ones.
    """
    today = wib(now).date()
    weights = _weekdays(history) if len(within.days) < A_WEEK else [1.0] * A_WEEK

    def room(day: date) -> float:
        gone = 1.0 if day < today else passed if day == today else 0.0
        return weights[day.weekday()] * gone

    before = sum(room(day) for day in within.before().days)
    return sum(room(day) for day in within.days) / before if before else 0.0


def passed_of(now: datetime, cells: Sequence[Cell]) -> float:
    """Return the share of a usual day's complaints that came by this time of day; by the clock where none are known."""
    local = wib(now)
    hours = [sum(cell.messages for cell in cells if cell.hour == hour) for hour in range(24)]
    if not sum(hours):
        hours = [1] * 24
    return (sum(hours[: local.hour]) + hours[local.hour] * local.minute / 60) / sum(hours)


def reach(within: Within, days: int) -> Within:
    """Return the range with the one before and at least so many days in front of its last."""
    first = min(within.before().first, within.last - timedelta(days=days - 1))
    return Within(first, within.last, **within.filters)


def _weekdays(history: Mapping[date, int]) -> list[float]:
    """How many complaints a Monday has, a Tuesday, …; all alike where too few days are known."""
    if len(history) < ENOUGH_DAYS or not any(history.values()):
        return [1.0] * A_WEEK
    usual = fmean(history.values())
    seen = [[count for day, count in history.items() if day.weekday() == weekday] for weekday in range(A_WEEK)]
    return [max(fmean(counts), usual / A_WEEK) for counts in seen]
