"""Where do participants write?"""

from records.database import ReadSession
from trends.bars import Bar, counted
from trends.within import Within


async def complaints_by_channel(session: ReadSession, within: Within) -> list[Bar]:
    """Return complaints by channel, most messages first."""
    return await counted(session, within, "channel")
