"""Whether a reply came that nobody can tell of: the person is asked once, and may have it again by a tap or a word.

Never asked where a later message says that the conversation went on, or where a person of the staff holds it: they see
in the desk what is unknown.
"""

from typing import Any
from uuid import uuid5

from sqlalchemy import text

from bot import wording
from bot.notices import Notice, tell
from records.clock import Clock
from records.database import Database

MOST = 100
TOKEN = "ulang:"  # noqa: S105 - how a button's token begins; what it opens is looked up in the chat's own rows

UNKNOWN = text(
    """
    SELECT o.id, o.conversation_id, o.channel, c.owner_version,
           c.owner = 'bot' AND c.unreachable IS NULL AND o.author IN ('bot', 'system') AND o.channel <> 'web'
           AND (c.window_until IS NULL OR c.window_until > :now) AND o.priority = 0 AND m.kind <> 'asked_again'
           AND NOT EXISTS (SELECT 1 FROM outbox n WHERE n.conversation_id = o.conversation_id
                           AND n.position > o.position AND n.status <> 'withheld') AS worth_asking
    FROM outbox o JOIN conversations c ON c.id = o.conversation_id JOIN messages m ON m.id = o.message_id
    WHERE o.status = 'unknown' AND o.due_at <= clock_timestamp()
    ORDER BY o.due_at LIMIT :most FOR UPDATE OF o SKIP LOCKED
    """
)
DONE = text(
    """
    UPDATE outbox SET due_at = clock_timestamp() + interval '100 years',
           asked_again_at = CASE WHEN id = ANY(:asked) THEN clock_timestamp() END
    WHERE id = ANY(:seen)
    """
)


async def ask_whether_it_came(database: Database, clock: Clock) -> int:
    """Ask about every reply that stayed unknown; returns how many."""
    now = clock()
    async with database.write() as session:
        rows = (await session.execute(UNKNOWN, {"most": MOST, "now": now})).mappings().all()
        asked = [row for row in rows if row["worth_asking"]]
        told = await tell(session, [_question(row) for row in asked], now)
        if rows:
            await session.execute(DONE, {"seen": [row["id"] for row in rows], "asked": [row["id"] for row in asked]})
        return told


def _question(row: Any) -> Notice:
    button = {"title": wording.SEND_AGAIN, "token": f"{TOKEN}{row['id']}"}
    return Notice(
        *(uuid5(row["id"], "asked again"), row["conversation_id"], row["channel"], row["owner_version"]),
        *(wording.DID_IT_COME, "asked_again", (button,)),
    )
