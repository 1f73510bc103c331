"""The days that hold the newest complaints: a page of rows is looked for there, and not in the whole year."""

from dataclasses import replace

from records.database import ReadSession
from trends.sums import sums
from trends.within import Within


async def newest_days(session: ReadSession, within: Within, wanted: int) -> Within:
    """Return the part of a range that has, as it was counted, so many of its newest complaints, or all of them."""
    days, found = (await sums(session, within)).days, 0
    for day in reversed(within.days):
        found += days[day]
        if found >= wanted:
            return replace(within, first=day)
    return within
