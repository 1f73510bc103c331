"""Sending to a chat that fetches: in one transaction the row becomes visible and whoever waits for it is rung.

The fence is asked once more in the same statement, so a bot's words that were claimed before a person took over are not
shown after it. Doing it again is harmless.
"""

from uuid import UUID

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from bot.events import InboundEvent
from bot.sending import OutboundMessage, RetryLater
from bot.waiting import PULLED, TYPING, Waiting, word_of
from records.bell import Bell
from records.database import Database

SHOW = text(
    """
    UPDATE outbox SET status = CASE WHEN outbox.status = 'sending' THEN 'sent' ELSE outbox.status END
    FROM conversations c
    WHERE outbox.id = :id AND c.id = outbox.conversation_id
      AND outbox.status IN ('sending', 'sent', 'delivered', 'read')
      AND (outbox.author <> 'bot' OR c.owner_version <= outbox.owner_version)
    RETURNING outbox.id
    """
)


class Showing:
    """The sending half of one pulled channel."""

    def __init__(self, channel: str, database: Database, bell: Bell, waiting: Waiting) -> None:
        self._channel, self._database, self._bell, self._waiting = channel, database, bell, waiting

    async def send(self, message: OutboundMessage) -> str:
        """Show it and return our own id; raises RetryLater."""
        try:
            async with self._database.write() as session:
                shown = (await session.execute(SHOW, {"id": UUID(message.outbox_id)})).first()
                await self._bell.ring(session, PULLED, word_of(self._channel, message.chat))
        except (SQLAlchemyError, OSError, TimeoutError) as problem:
            raise RetryLater(1, f"belum tampil: {type(problem).__name__}") from problem
        if shown is None:
            raise RetryLater(1, "tidak boleh tampil lagi")
        return message.outbox_id

    async def typing(self, event: InboundEvent) -> None:
        """Have it shown that an answer is on its way."""
        await self._waiting.announce(self._channel, event.chat, TYPING)
