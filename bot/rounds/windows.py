"""What waits for a closed window of WhatsApp goes out once it is open again, whoever was too late to see it open."""

from sqlalchemy import CursorResult, text

from bot.claiming import WINDOW_TRIES
from records.clock import Clock
from records.database import Database

OPEN = text(
    """
    UPDATE outbox SET status = 'due', due_at = clock_timestamp(), error = NULL
    FROM conversations c
    WHERE outbox.status = 'waiting' AND c.id = outbox.conversation_id AND c.window_until > :now
      AND outbox.attempts < :tries
    """
)


async def free_what_waited(database: Database, clock: Clock) -> int:
    """Free the messages whose window is open; returns how many."""
    async with database.write() as session:
        freed = await session.execute(OPEN, {"now": clock(), "tries": WINDOW_TRIES})
    return freed.rowcount if isinstance(freed, CursorResult) else 0
