"""The rows of files while they are fetched: claimed with a lease and a fence, settled once.

A claim puts `due_at` off by the lease and raises `attempts`; whoever comes back with an older number writes nothing. So
of two fetchers, or of one that died and its successor, one stores the file.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from bot import wording
from bot.media.cleaning import Clean
from bot.media.going_out import held_back, put_out
from records.bell import DESK, OUTBOX, Bell
from records.clock import Clock
from records.database import Database
from records.models import Message, Outbound
from records.sealed import Seal

NOTICES = UUID("3e5b1f0d-1c53-4d8e-8d53-9d6a7d8a9e21")
SPREAD = timedelta(minutes=10)
"""Several files of one kind of trouble within so long are told once."""

CLAIM = """
    WITH due AS (
        SELECT id FROM media
        WHERE status IN ('waiting', 'unscanned') AND (inbox_id IS NOT NULL OR message_id IS NOT NULL)
          AND due_at <= clock_timestamp()
        ORDER BY due_at LIMIT %(room)s FOR UPDATE SKIP LOCKED
    )
    UPDATE media SET attempts = attempts + 1, due_at = clock_timestamp() + %(lease)s
    FROM due WHERE media.id = due.id
    RETURNING media.id, conversation_id, channel, kind, reference, digest, received_at, attempts, sealed_content,
              message_id,
              clock_timestamp() > give_up_at AS over
"""
MINE = "WHERE id = :id AND attempts = :attempt AND status IN ('waiting', 'unscanned')"
KEEP = text(
    f"""
    UPDATE media SET status = 'kept', reason = NULL, type = :type, size = :size, width = :width, height = :height,
           sealed_content = :content, sealed_preview = :preview, settled_at = :now {MINE} RETURNING id
    """  # noqa: S608
)
HOLD = text(
    f"""
    UPDATE media SET status = 'unscanned', sealed_content = :content, reason = :reason,
           due_at = clock_timestamp() + :pause {MINE} RETURNING id
    """  # noqa: S608
)
PUT_OFF = text(
    f"UPDATE media SET reason = :reason, due_at = clock_timestamp() + :pause {MINE} RETURNING id"  # noqa: S608
)
SETTLE = text(
    f"""
    UPDATE media SET status = :status, reason = :reason, sealed_content = NULL, settled_at = :now {MINE} RETURNING id
    """  # noqa: S608
)
CHANNEL = text("SELECT channel, owner_version FROM conversations WHERE id = :conversation")


@dataclass(frozen=True)
class Claimed:
    """A file this process may fetch until its lease runs out."""

    id: UUID
    conversation_id: UUID
    channel: str
    kind: str
    reference: str | None
    digest: str | None
    received_at: datetime
    attempts: int
    sealed_content: bytes | None
    over: bool
    """Its time to be had is over."""
    message_id: UUID | None = None
    """The message of ours that carries it: it goes out, and did not come in."""


class Store:
    """Claims files and writes what became of them; one transaction each."""

    def __init__(self, database: Database, seal: Seal, clock: Clock, bell: Bell) -> None:
        self._database, self._seal, self._clock, self._bell = database, seal, clock, bell

    async def claim(self, room: int, lease: timedelta) -> list[Claimed]:
        """Return up to `room` files that are due, held for the lease."""
        rows = await self._database.at_once.rows(CLAIM, {"room": room, "lease": lease})
        return [Claimed(**row) for row in rows]

    async def keep(self, file: Claimed, clean: Clean) -> bool:
        """Store a file that passed every check; False when it is no longer ours."""
        values = {"type": clean.type, "size": len(clean.content), "width": clean.width, "height": clean.height}
        values |= {"content": self._seal.close_file(clean.content), "now": self._clock()}
        values["preview"] = self._seal.close_file(clean.preview) if clean.preview else None
        return await self._write(file, KEEP, values, out=clean)

    async def hold(self, file: Claimed, content: bytes, reason: str, pause: timedelta) -> bool:
        """Keep what was fetched as it came, shown to nobody, until it can be looked through."""
        return await self._write(
            file, HOLD, {"content": self._seal.close_file(content), "reason": reason, "pause": pause}
        )

    async def put_off(self, file: Claimed, reason: str, pause: timedelta) -> bool:
        """Try again later."""
        return await self._write(file, PUT_OFF, {"reason": reason, "pause": pause})

    async def refuse(self, file: Claimed, reason: str) -> bool:
        """Keep nothing of it, and say so to whoever sent it."""
        return await self._settle(file, "refused", reason)

    async def lose(self, file: Claimed, reason: str) -> bool:
        """It could not be had; the desk may ask for another try."""
        return await self._settle(file, "lost", reason)

    async def _settle(self, file: Claimed, status: str, reason: str) -> bool:
        now = self._clock()
        async with self._database.write() as session:
            given = {"status": status, "reason": reason, "now": now, "id": file.id, "attempt": file.attempts}
            if (await session.execute(SETTLE, given)).first() is None:
                return False
            if file.message_id:
                await held_back(session, file.conversation_id, file.message_id, reason, now)
            else:
                await self._tell(session, file, wording.file_not_kept(status, reason, file.kind), now)
            await self._bell.ring(session, DESK, str(file.conversation_id))
        return True

    async def _write(
        self, file: Claimed, statement: Any, values: dict[str, object], *, out: Clean | None = None
    ) -> bool:
        async with self._database.write() as session:
            given = values | {"id": file.id, "attempt": file.attempts}
            if (await session.execute(statement, given)).first() is None:
                return False
            if out and file.message_id:
                await put_out(session, self._bell, file.id, file.message_id, out, self._clock())
            await self._bell.ring(session, DESK, str(file.conversation_id))
        return True

    async def _tell(self, session: AsyncSession, file: Claimed, words: str | None, now: datetime) -> None:
        """Send one small notice, once for several files that fare alike."""
        if words is None:
            return
        slot = int(file.received_at.timestamp() // SPREAD.total_seconds())
        notice = uuid5(NOTICES, f"{file.conversation_id}:{slot}:{words}")
        message = {
            "id": notice,
            "conversation_id": file.conversation_id,
            "direction": "out",
            "author": "system",
            "text": words,
            "created_at": now,
        }
        if (await session.execute(insert(Message).on_conflict_do_nothing().returning(Message.id), [message])).first():
            channel, version = (await session.execute(CHANNEL, {"conversation": file.conversation_id})).one()
            outbound = {
                "id": uuid5(notice, "outbox"),
                "conversation_id": file.conversation_id,
                "message_id": notice,
                "channel": channel,
                "payload": {"text": words, "buttons": [], "request_contact": False},
                "author": "system",
                "owner_version": version,
                "priority": 1,
            }
            await session.execute(insert(Outbound), [outbound])
            await self._bell.ring(session, OUTBOX)
