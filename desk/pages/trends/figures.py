"""The figures of the overview: every dimension as bars, the days as columns, the hours of the week as a field."""

from desk.pages.trends.days import DAY, by_day
from desk.pages.trends.hours import HOUR, by_hour
from desk.pages.trends.parts import by_part
from desk.pages.trends.seen import PARTS, Seen
from desk.pictures.figure import Figure

BY = (DAY, *PARTS, HOUR)
"""In the order they stand on the page."""


def figure_of(by: str, seen: Seen) -> Figure:
    """Return one figure."""
    if by == DAY:
        return by_day(seen)
    return by_hour(seen) if by == HOUR else by_part(by, seen)
