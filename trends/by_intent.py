"""What are participants complaining about?"""

from records.database import ReadSession
from trends.bars import Bar, counted
from trends.within import Within


async def complaints_by_intent(session: ReadSession, within: Within) -> list[Bar]:
    """Return complaints by what was meant first in the message, as corrected by agents, most messages first."""
    return await counted(session, within, "intent")
