"""What need not be said again: an album is answered once, a group is told once in a while where the bot helps.

The pictures of an album arrive one by one. One that has words is answered by its words; the others are answered once,
all together, after the last has had time to come.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from sqlalchemy import text

from bot.events import InboundEvent, Unreadable
from bot.heard import Heard
from bot.lanes import Job
from records.database import Database
from records.sealed import SealBroken

GROUP_QUIET = timedelta(hours=6)
SETTLED = timedelta(seconds=1.5)
"""Real time after which no further picture of an album is waited for."""
MOST_PICTURES = 20

LATELY = text(
    "SELECT 1 FROM messages WHERE conversation_id = :conversation AND direction = 'out' AND created_at > :since LIMIT 1"
)
SAID = text("SELECT 1 FROM messages WHERE id = :id")
WAITING = text(
    """
    SELECT id, sealed_event, clock_timestamp() - stored_at AS age FROM inbox
    WHERE conversation_id = :conversation AND status = 'pending' ORDER BY order_key DESC, id DESC LIMIT :most
    """
)


class NotYet(Exception):
    """More that belongs to this event may be on its way: look again after the pause."""

    def __init__(self, pause: timedelta) -> None:
        super().__init__(f"{pause.total_seconds():.1f} s")
        self.pause = pause


@dataclass(frozen=True)
class Once:
    """How an event that need not be answered by itself is answered."""

    silent: bool = False
    reply_id: UUID | None = None
    """The id of the answer that stands for all of them."""


class SaidBefore:
    """Looks at what was said in a conversation, and at what of it still waits."""

    def __init__(self, database: Database, open_event: Callable[[str, bytes], InboundEvent]) -> None:
        self._database, self._open = database, open_event

    async def lately(self, conversation: UUID, now: datetime, within: timedelta = GROUP_QUIET) -> bool:
        """Say whether anything was said in this conversation within the time."""
        async with self._database.read() as session:
            found = await session.scalar(LATELY, {"conversation": conversation, "since": now - within})
        return found is not None

    async def of_album(self, job: Job, heard: Heard) -> Once:
        """Say how a picture is answered; raises NotYet while others of its album may still come."""
        album = heard.event.album
        if album is None:
            return Once()
        reply_id = uuid5(job.conversation, f"album:{album}")
        async with self._database.read() as session:
            answered = await session.scalar(SAID, {"id": reply_id}) is not None
            given = {"conversation": job.conversation, "most": MOST_PICTURES}
            waiting = [] if answered else list(await session.execute(WAITING, given))
        if not heard.blank:
            return Once(reply_id=None if answered else reply_id)
        if answered or any(id_ != job.inbox_id and self._has_words(job, sealed, album) for id_, sealed, _ in waiting):
            return Once(silent=True)
        youngest = min((age for _, _, age in waiting), default=SETTLED)
        if youngest < SETTLED:
            raise NotYet(SETTLED - youngest)
        return Once(reply_id=reply_id)

    def _has_words(self, job: Job, sealed: bytes | None, album: str) -> bool:
        try:
            event = self._open(job.channel, bytes(sealed or b""))
        except (Unreadable, SealBroken):
            return False
        return event.album == album and bool(event.text.strip())
