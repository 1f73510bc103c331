"""What processes that ended left in their hands: conversations are free at once, sends are judged by what they may do.

A send without a mark may have arrived. WhatsApp tells by a status whether it did, so there it is `unknown` until then.
Telegram never tells: the message is sent again, at most a few times, and counted; a reply twice is better than none.
"""

from sqlalchemy import CursorResult, text

from bot.marking import ASK_AFTER_SECONDS
from records.database import Database
from records.processes import ended_here, running_here

GRACE = "10 seconds"
"""After a lease: a process on another host may be about to write its marks, the database being back just now."""
LIVING_GRACE = "120 seconds"
"""The same for a process of this host that still runs: its marks come unless it hangs."""
MOST_REPEATS = 3

HOLDERS = text(
    """
    SELECT held_by FROM lanes WHERE due_at IS NOT NULL AND held_until > clock_timestamp()
    UNION SELECT held_by FROM outbox WHERE status = 'sending' AND held_by IS NOT NULL
    """
)
FREE = text(
    """
    UPDATE lanes SET held_until = clock_timestamp(), due_at = clock_timestamp()
    WHERE due_at IS NOT NULL AND held_by = ANY(:ended) AND held_until > clock_timestamp()
    """
)
JUDGE = text(
    """
    WITH left_over AS (
        SELECT id, channel, channel = 'whatsapp' OR (channel = 'telegram' AND repeats >= :most) AS unsure FROM outbox
        WHERE status = 'sending' AND (
            held_by = ANY(:ended)
            OR held_until < clock_timestamp()
               - CAST(CASE WHEN held_by = ANY(:running) THEN :living ELSE :grace END AS interval))
        FOR UPDATE SKIP LOCKED
    )
    UPDATE outbox SET
        status = CASE WHEN unsure THEN 'unknown' ELSE 'due' END,
        repeats = repeats + CAST(NOT unsure AND outbox.channel = 'telegram' AS int),
        due_at = clock_timestamp() + CASE WHEN unsure THEN :ask_after ELSE 0 END * interval '1 second',
        error = 'proses pengirim berhenti di tengah', held_by = NULL, held_until = NULL
    FROM left_over WHERE outbox.id = left_over.id
    """
)


async def take_up_what_was_left(database: Database) -> int:
    """Free the conversations and judge the sends of processes that ended; returns how many those are."""
    async with database.write() as session:
        holders = [name for name in await session.scalars(HOLDERS) if name]
        ended = ended_here(holders)
        freed = await session.execute(FREE, {"ended": ended}) if ended else None
        judged = await session.execute(
            JUDGE,
            {
                "ended": ended,
                "running": running_here(holders),
                "grace": GRACE,
                "living": LIVING_GRACE,
                "most": MOST_REPEATS,
                "ask_after": ASK_AFTER_SECONDS,
            },
        )
    return sum(done.rowcount for done in (freed, judged) if isinstance(done, CursorResult))
