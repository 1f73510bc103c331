"""What waits for a closed window of WhatsApp goes out once it is open again, whoever was too late to see it open.

Open is what the claim takes for open: by the conversation, or by a message of theirs that is not answered yet.
"""

from sqlalchemy import CursorResult, text

from bot.claiming import WINDOW_TRIES
from records.clock import Clock
from records.database import Database

OPEN = text(
    """
    UPDATE outbox SET status = 'due', due_at = clock_timestamp(), error = NULL
    FROM conversations c
    WHERE outbox.status = 'waiting' AND c.id = outbox.conversation_id AND outbox.attempts < :tries
      AND (c.window_until > :now OR EXISTS (
          SELECT 1 FROM inbox i WHERE i.conversation_id = c.id AND i.status = 'pending'
            AND i.received_at > CAST(:now AS timestamptz) - interval '24 hours'))
    """
)


async def free_what_waited(database: Database, clock: Clock) -> int:
    """Free the messages whose window is open; returns how many."""
    async with database.write() as session:
        freed = await session.execute(OPEN, {"now": clock(), "tries": WINDOW_TRIES})
    return freed.rowcount if isinstance(freed, CursorResult) else 0
