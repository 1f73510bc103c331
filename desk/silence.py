"""Taking over means that the bot says nothing more: what it is just sending is waited for before the agent is told.

From the take-over on nothing new of the bot leaves; what left a moment before may still be on its way. A sender that
was stopped in between gives up by itself after two seconds.
"""

import asyncio
from contextlib import suppress
from uuid import UUID

from sqlalchemy import text

from records.database import Database

PATIENCE_SECONDS = 3.0
LOOK_SECONDS = 0.03

SPEAKING = text(
    "SELECT EXISTS (SELECT 1 FROM outbox WHERE conversation_id = :conversation AND author = 'bot' "
    "AND status = 'sending' AND held_until > clock_timestamp())"
)


async def bot_is_silent(database: Database, conversation: UUID, patience: float = PATIENCE_SECONDS) -> bool:
    """Return once nothing of the bot is being sent in this conversation; False when that took too long."""
    with suppress(TimeoutError):
        async with asyncio.timeout(patience):
            while await _speaks(database, conversation):  # noqa: ASYNC110
                await asyncio.sleep(LOOK_SECONDS)
            return True
    return False


async def _speaks(database: Database, conversation: UUID) -> bool:
    async with database.read() as session:
        return bool(await session.scalar(SPEAKING, {"conversation": conversation}))
