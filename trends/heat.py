"""When do participants complain? Complaints by weekday and hour, as people in Jakarta read the clock."""

from dataclasses import dataclass

from records.database import ReadSession
from trends.sums import sums
from trends.within import Within


@dataclass(frozen=True)
class Cell:
    """One hour of one weekday and the complaints written in it over the whole range."""

    weekday: int
    """0 is Monday."""
    hour: int
    messages: int


async def heat(session: ReadSession, within: Within) -> list[Cell]:
    """Return all 168 hours of a week, Monday first, quiet ones with zero; they add up to all complaints."""
    hours = (await sums(session, within)).hours
    return [Cell(weekday, hour, hours[weekday, hour]) for weekday in range(7) for hour in range(24)]
