"""A reply that may not have come, sent again because its person says so.

Nothing is repeated on our own account: only what is `unknown`, only of this very conversation, only once a wish.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from bot import wording
from bot.events import Kind
from bot.heard import Heard
from bot.lanes import Job
from bot.outcome import Outcome, fixed
from bot.rounds.asked import TOKEN
from records.database import Database

WISHES = (wording.SEND_AGAIN.casefold(), "ulangi", "kirim lagi")

NEWEST = text(
    """
    SELECT id FROM outbox
    WHERE conversation_id = :conversation AND status = 'unknown' AND asked_again_at IS NOT NULL
    ORDER BY position DESC LIMIT 1
    """
)
AGAIN = text(
    """
    UPDATE outbox SET status = 'due', repeats = repeats + 1, due_at = clock_timestamp(), error = NULL,
           owner_version = :owner_version
    WHERE id = :id AND conversation_id = :conversation AND status = 'unknown'
    """
)


@dataclass(frozen=True)
class SendAgain:
    """The wish, as it is written with its turn."""

    outbox_id: UUID

    async def write(self, session: AsyncSession, job: Job, now: datetime) -> None:
        """Have the message sent again, unless it turned out to have come."""
        given = {"id": self.outbox_id, "conversation": job.conversation, "owner_version": job.owner_version}
        await session.execute(AGAIN, given)


class Repeats:
    """Hears such wishes."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def answer(self, job: Job, heard: Heard) -> Outcome | None:
        """Return what a wish to have a reply again comes to; None for every other message."""
        pressed = heard.event.kind is Kind.BUTTON and (heard.event.token or "").startswith(TOKEN)
        typed = heard.event.kind is Kind.TEXT and heard.masked.text.casefold().strip(" .!") in WISHES
        if not pressed and not typed:
            return None
        async with self._database.read() as session:
            unknown = await session.scalar(NEWEST, {"conversation": job.conversation})
        if unknown is not None:
            return Outcome("repeated", changes=(SendAgain(unknown),))
        return fixed("answered", wording.IT_CAME) if pressed else None
