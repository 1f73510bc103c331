"""Whether a channel could bring us what people do, and what is asked again after it could not.

Telegram keeps a press for 150 seconds only. After a longer outage a person may have pressed and wait for an answer that
never comes; so a question that was open all that time is asked again, once, with buttons of its own. Whoever has
written since has gone on, and is not asked.
"""

import asyncio
import logging
import secrets
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

import orjson
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from bot import wording
from bot.notices import Notice, tell
from records.clock import Clock
from records.database import Database

log = logging.getLogger("bot.presence")

PRESS_LIFE = timedelta(seconds=150)
EVERY_SECONDS = 20.0
SETTLED_SECONDS = 20.0
"""Real time in which what was written meanwhile may arrive first."""
OPEN_FOR = timedelta(hours=24)
"""A question older than this when the outage began is left alone."""
AT_ONCE = 200

SEEN = text("SELECT present_at, away_from, back_at FROM presences WHERE channel = :channel FOR UPDATE")
NOTE = text(
    """
    INSERT INTO presences (channel, present_at, away_from, back_at)
    VALUES (:channel, :present_at, :away_from, :back_at)
    ON CONFLICT (channel) DO UPDATE
        SET present_at = EXCLUDED.present_at, away_from = EXCLUDED.away_from, back_at = EXCLUDED.back_at
    """
)
DONE = text("UPDATE presences SET away_from = NULL, back_at = NULL WHERE channel = :channel AND away_from = :away_from")
OPEN = text(
    """
    SELECT c.id, c.owner_version, c.offered, asked.text
    FROM conversations c
    JOIN lanes l ON l.conversation_id = c.id
    JOIN LATERAL (
        SELECT text, kind, buttons, created_at FROM messages
        WHERE conversation_id = c.id AND direction = 'out' ORDER BY position DESC LIMIT 1
    ) asked ON asked.buttons <> '[]' AND (asked.kind <> :kind OR asked.created_at < :away_from)
    WHERE c.channel = :channel AND c.owner = 'bot' AND c.unreachable IS NULL AND c.offered <> '[]'
      AND c.last_inbound_at > :since AND c.last_inbound_at <= :until
      AND (l.held_until IS NULL OR l.held_until < clock_timestamp())
      AND NOT EXISTS (SELECT 1 FROM inbox i WHERE i.conversation_id = c.id AND i.status = 'pending')
    ORDER BY c.id LIMIT :most
    FOR UPDATE OF l SKIP LOCKED
    """
)
"""The question must be the last that was said: buttons further up still work, but nobody waits for their answer."""
OFFER = text("UPDATE conversations SET offered = CAST(:offered AS jsonb) WHERE id = :id")
KIND = "again"

type Present = Callable[[], Awaitable[bool]]


@dataclass(frozen=True)
class Outage:
    """From when to when a channel was away."""

    began: datetime
    ended: datetime


class Presence:
    """The presence of one channel."""

    def __init__(
        self,
        database: Database,
        channel: str,
        clock: Clock,
        said: asyncio.Event,
        elapsed: Callable[[], float] = time.monotonic,
    ) -> None:
        self._database, self._channel, self._clock, self._said = database, channel, clock, said
        self._elapsed = elapsed
        self._seen: float | None = None
        self._back: float | None = None

    async def watch(self, present: Present, away: type[Exception]) -> None:
        """Look now and then whether the channel is there, until cancelled."""
        while True:
            try:
                if await present():
                    await self.is_there()
            except (away, SQLAlchemyError, OSError, TimeoutError) as problem:
                log.warning("presence of %s not known: %s", self._channel, type(problem).__name__)
            await asyncio.sleep(EVERY_SECONDS)

    async def is_there(self) -> int:
        """Note that the channel is there; returns how many questions were asked again after an outage."""
        outage = await self._note()
        now = self._elapsed()
        self._seen = now
        if outage is None:
            self._back = None
            return 0
        self._back = now if self._back is None else self._back
        if now - self._back < SETTLED_SECONDS:
            return 0
        return await self._ask_again(outage)

    async def _note(self) -> Outage | None:
        now = self._clock()
        async with self._database.write() as session:
            seen = (await session.execute(SEEN, {"channel": self._channel})).first()
            began, ended = (seen.away_from, seen.back_at) if seen else (None, None)
            if seen and self._was_away(seen.present_at, now):
                log.warning("%s was away since %s", self._channel, seen.present_at)
                began, ended = began or seen.present_at, now
                self._back = None
            given = {"channel": self._channel, "present_at": now, "away_from": began, "back_at": ended}
            await session.execute(NOTE, given)
        return Outage(began, ended) if began and ended else None

    def _was_away(self, present_at: datetime, now: datetime) -> bool:
        """A clock that is moved on while we look is no outage: between two looks of ours real time counts."""
        if self._seen is not None and self._elapsed() - self._seen <= PRESS_LIFE.total_seconds():
            return False
        return now - present_at > PRESS_LIFE

    async def _ask_again(self, outage: Outage) -> int:
        count = 0
        while True:
            async with self._database.write() as session:
                # one process at a time: another's questions are seen only by a statement begun after they were written
                seen = (await session.execute(SEEN, {"channel": self._channel})).first()
                if seen is None or seen.away_from != outage.began:
                    break
                asked = await self._ask_some_again(session, outage)
                if not asked:
                    await session.execute(DONE, {"channel": self._channel, "away_from": outage.began})
            count += asked
            if not asked:
                break
            self._said.set()
        self._back = None
        log.warning("%s: %s open questions asked again", self._channel, count)
        return count

    async def _ask_some_again(self, session: AsyncSession, outage: Outage) -> int:
        given = {"channel": self._channel, "kind": KIND, "away_from": outage.began, "most": AT_ONCE}
        within = {"since": outage.began - OPEN_FOR, "until": outage.ended - PRESS_LIFE}
        rows = list((await session.execute(OPEN, given | within)).mappings())
        fresh = {
            row["id"]: [{**button, "token": secrets.token_urlsafe(12)} for button in row["offered"]] for row in rows
        }
        for id_, offered in fresh.items():
            await session.execute(OFFER, {"id": id_, "offered": orjson.dumps(offered).decode()})
        notices = [self._notice(row["id"], row["owner_version"], row["text"], fresh[row["id"]], outage) for row in rows]
        await tell(session, notices, self._clock())
        return len(rows)

    def _notice(
        self, conversation: UUID, version: int, question: str, offered: list[dict[str, Any]], outage: Outage
    ) -> Notice:
        buttons = tuple({"title": str(button["title"]), "token": str(button["token"])} for button in offered)
        said = question if question.startswith(wording.AGAIN_LEAD) else f"{wording.AGAIN_LEAD}\n\n{question}"
        key = uuid5(conversation, f"again:{self._channel}:{outage.began.isoformat()}")
        return Notice(key, conversation, self._channel, version, said, KIND, buttons)


def _with_new_token(button: dict[str, Any]) -> dict[str, Any]:
    return {**button, "token": secrets.token_urlsafe(12)}
