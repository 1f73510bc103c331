"""How do complaints go from day to day, as people in Jakarta count days?"""

from records.database import ReadSession
from trends.bars import Bar, counted
from trends.within import Within, wib_day


async def complaints_by_day(session: ReadSession, within: Within) -> list[Bar]:
    """Return complaints by WIB day, every day of the range in order, quiet days with zero."""
    found = {bar.key: bar for bar in await counted(session, within, wib_day)}
    return [found.get(day.isoformat(), Bar(day.isoformat(), 0, 0)) for day in within.days]
