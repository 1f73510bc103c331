"""How do complaints go from day to day, as people in Jakarta count days?"""

from records.database import ReadSession
from trends.bars import Bar, counted
from trends.within import Within


async def complaints_by_day(session: ReadSession, within: Within) -> list[Bar]:
    """Return complaints by WIB day, every day of the range in order, quiet days with zero."""
    return await counted(session, within, "day")
