"""How a figure came to be what it is, day by day: for the small lines beside the big numbers.

Days are kept for the whole alone; of a filtered range only the complaints are known by the day (`trends.sums`).
"""

from collections import Counter
from datetime import date

from sqlalchemy import text

from records.database import ReadSession
from trends.sums import sums
from trends.within import Within

BY_DAY = text("""
    SELECT k.key, d.day, d.messages FROM trend_days d JOIN trend_keys k ON k.code = d.key
    WHERE d.day BETWEEN :first AND :last AND (k.dimension = 'kind' OR (k.dimension = 'outcome' AND k.key = :outcome))
""")


async def by_day(session: ReadSession, within: Within, outcome: str) -> dict[str, list[int]]:
    """Return the counts of every day of the range by kind of message, and of the complaints with one outcome."""
    if within.filters:
        days = (await sums(session, within)).days
        return {"complaint": [days[day] for day in within.days]}
    found: dict[str, Counter[date]] = {}
    for row in await session.execute(BY_DAY, {"first": within.first, "last": within.last, "outcome": outcome}):
        found.setdefault(row.key, Counter())[row.day] += row.messages
    return {kind: [days[day] for day in within.days] for kind, days in found.items()}
