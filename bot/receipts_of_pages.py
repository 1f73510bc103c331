"""What a page says it has got and shown: the same receipts a provider would give, so staff see delivered and read.

Only forward, only of what the page's own chat was given, and a number that was never given says nothing.
"""

from uuid import UUID

from bot.channels import pulled
from bot.events import DeliveryStatus
from bot.statuses import RANKS, apply_statuses
from records.bell import DESK, Bell
from records.clock import Clock
from records.database import Database

BEHIND = """
    SELECT o.id FROM pulled_entries e JOIN outbox o ON o.message_id = e.message_id
    WHERE e.conversation_id = %(conversation)s AND e.number BETWEEN %(upto)s - 100 AND %(upto)s
      AND o.conversation_id = e.conversation_id AND o.status = ANY(%(lower)s::text[])
"""
"""A page gets at most a hundred at once, and says so with its next question."""


class Receipts:
    """Notes what pages have got."""

    def __init__(self, database: Database, bell: Bell, clock: Clock) -> None:
        self._database, self._bell, self._clock = database, bell, clock

    async def take(self, conversation: UUID, *, got: int, read: int) -> None:
        """Move the messages up to these numbers forward."""
        statuses = [
            *await self._behind(conversation, got, "delivered"),
            *await self._behind(conversation, read, "read"),
        ]
        if not statuses:
            return
        async with self._database.write() as session:
            await apply_statuses(session, statuses, self._clock())
            await self._bell.ring(session, DESK, str(conversation))

    async def _behind(self, conversation: UUID, upto: int, status: str) -> list[DeliveryStatus]:
        lower = [rank for rank in RANKS[RANKS.index("sent") : RANKS.index(status)] if rank != "refused"]
        given = {"conversation": conversation, "upto": upto, "lower": lower}
        rows = await self._database.at_once.rows(BEHIND, given) if upto else []
        return [DeliveryStatus(pulled.WEB, "", str(row["id"]), str(row["id"]), status, None, b"") for row in rows]
