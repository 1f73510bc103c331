"""At which platform do complaints arise?"""

from records.database import ReadSession
from trends.bars import Bar, counted
from trends.within import Within


async def complaints_by_platform(session: ReadSession, within: Within) -> list[Bar]:
    """Return complaints by the platform named so far; the key `-` counts those that named none."""
    return await counted(session, within, "platform")
