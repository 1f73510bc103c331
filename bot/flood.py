"""A chat that sends more than anybody can mean: heard up to a point, then kept without an answer, then only counted.

Forty messages at once and one a second after that are heard like any other. Of what goes beyond, 500 an hour are kept
as they came, the rest is counted, and the sender is told once. So one phone with a script costs others next to nothing.
"""

import asyncio
import time
from collections import Counter, OrderedDict, deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from uuid import UUID, uuid5

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from bot import wording
from bot.events import InboundEvent, Kind
from bot.limits import Bucket
from bot.notices import Notice, tell

AT_ONCE = 40.0
PER_SECOND = 1.0
KEPT_AN_HOUR = 500
EVERY_SECONDS = 0.5
CHATS_REMEMBERED = 20_000
COPIES_REMEMBERED = 64
KIND = "flood"
REASON = "banjir pesan: disimpan tanpa dijawab"

NEVER_A_FLOOD = (Kind.LEFT, Kind.CHANGED, Kind.MOVED, Kind.SERVICE)
"""What the channel itself tells of a chat."""

COUNT = text(
    """
    INSERT INTO floods (conversation_id, hour, count, last_at)
    SELECT conversation, date_trunc('hour', clock_timestamp()), count, clock_timestamp()
    FROM unnest(CAST(:conversations AS uuid[]), CAST(:counts AS int[])) AS given (conversation, count)
    ORDER BY conversation
    ON CONFLICT (conversation_id, hour) DO UPDATE SET count = floods.count + EXCLUDED.count, last_at = EXCLUDED.last_at
    RETURNING conversation_id, hour, count AS messages, xmax = 0 AS first
    """
)
WHOSE = text("SELECT id, channel, owner_version FROM conversations WHERE id = ANY(:ids) AND unreachable IS NULL")


class Floodgate:
    """Tells a flood from a conversation, chat by chat; a repeated delivery counts once."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._now = monotonic
        self._chats: OrderedDict[tuple[str, str], tuple[Bucket, deque[str]]] = OrderedDict()

    def lets_in(self, event: InboundEvent) -> bool:
        """Say whether this event is heard like any other."""
        if event.kind in NEVER_A_FLOOD:
            return True
        now, key = self._now(), (event.channel, event.chat)
        known = self._chats.get(key)
        if known is None:
            known = self._chats[key] = (Bucket(PER_SECOND, AT_ONCE, AT_ONCE, now), deque(maxlen=COPIES_REMEMBERED))
            if len(self._chats) > CHATS_REMEMBERED:
                self._chats.popitem(last=False)
        self._chats.move_to_end(key)
        bucket, lately = known
        if event.external_id in lately:
            return True
        if bucket.wait(now):
            return False
        bucket.tokens -= 1
        lately.append(event.external_id)
        return True


class Floods:
    """Writes what floods down in one go twice a second: whoever floods waits for that, and nobody else."""

    def __init__(self, write: Callable[[list[InboundEvent]], Awaitable[None]]) -> None:
        self._write = write
        self._waiting: list[tuple[list[InboundEvent], asyncio.Future[None]]] = []
        self._arrived = asyncio.Event()

    async def store(self, events: list[InboundEvent]) -> None:
        """Return once the events are counted and committed; raises what the database raised."""
        stored: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((events, stored))
        self._arrived.set()
        await stored

    async def run(self) -> None:
        """Write until cancelled."""
        while True:
            await self._arrived.wait()
            await asyncio.sleep(EVERY_SECONDS)
            self._arrived.clear()
            waiting, self._waiting = self._waiting, []
            problem: Exception | None = None
            try:
                await self._write([event for events, _ in waiting for event in events])
            except (SQLAlchemyError, OSError, TimeoutError) as raised:
                problem = raised
            for _, stored in waiting:
                if not stored.done():
                    stored.set_exception(problem) if problem else stored.set_result(None)


async def count(
    session: AsyncSession, events: Sequence[InboundEvent], known: Mapping[tuple[str, str], UUID], now: datetime
) -> list[InboundEvent]:
    """Count the events of floods, tell each sender once an hour, and return those that are still kept as they came."""
    chats = Counter(known[event.channel, event.chat] for event in events)
    rows = (await session.execute(COUNT, {"conversations": list(chats), "counts": list(chats.values())})).all()
    await _tell(session, {row.conversation_id: row.hour for row in rows if row.first}, now)
    full = {row.conversation_id for row in rows if row.messages > KEPT_AN_HOUR}
    return [event for event in events if known[event.channel, event.chat] not in full]


async def _tell(session: AsyncSession, begun: Mapping[UUID, datetime], now: datetime) -> None:
    if not begun:
        return
    whose = (await session.execute(WHOSE, {"ids": list(begun)})).all()
    notices = [
        Notice(uuid5(row.id, f"flood {begun[row.id]}"), row.id, row.channel, row.owner_version, wording.FLOOD, KIND)
        for row in whose
    ]
    await tell(session, notices, now)
