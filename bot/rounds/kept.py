"""Nobody waits unheard: whose message is still not answered after 25 seconds is told once that it is kept.

Also where no worker gets as far as finding out that it cannot answer: all hands busy, a long queue, Rasa away.
"""

from datetime import timedelta
from uuid import UUID, uuid5

from sqlalchemy import text

from bot import wording
from bot.notices import Notice, tell
from bot.turn import TURNS
from records.clock import Clock
from records.database import Database

WAITED = timedelta(seconds=25)
MOST = 500
KIND = "waiting"

UNHEARD = text(
    """
    WITH oldest AS (
        SELECT DISTINCT ON (conversation_id) id, conversation_id, kind, received_at, stored_at FROM inbox
        WHERE status = 'pending' ORDER BY conversation_id, order_key, id
    )
    SELECT oldest.id AS inbox, c.id AS conversation, c.channel, c.owner_version
    FROM oldest JOIN conversations c ON c.id = oldest.conversation_id
    WHERE oldest.stored_at < clock_timestamp() - CAST(:waited AS interval)
      AND c.owner = 'bot' AND c.unreachable IS NULL
      AND oldest.kind NOT IN ('edited', 'left', 'moved', 'service', 'group')
      AND NOT EXISTS (
        SELECT 1 FROM messages m
        WHERE m.conversation_id = c.id AND m.kind = :kind AND m.created_at >= oldest.received_at)
    ORDER BY oldest.stored_at LIMIT :most
    """
)


def notice_of(inbox_id: int, conversation: UUID, channel: str, owner_version: int) -> Notice:
    """Return what is told about an event that waits."""
    key = uuid5(TURNS, f"notice:{inbox_id}")
    return Notice(key, conversation, channel, owner_version, wording.WAITING, KIND)


async def tell_who_waits(database: Database, clock: Clock, *, waited: timedelta = WAITED) -> int:
    """Tell everybody who waits too long; returns how many."""
    async with database.write() as session:
        rows = await session.execute(UNHEARD, {"waited": waited, "kind": KIND, "most": MOST})
        notices = [notice_of(row.inbox, row.conversation, row.channel, row.owner_version) for row in rows]
        return await tell(session, notices, clock())
