"""The outbox: for every channel, claims what is due as fast as its limits allow, sends, and has its fate recorded.

`sending` is committed before a byte goes out. A send without an answer is `unknown` and never blindly repeated. Each
channel is served by itself: one that is slow, limited or stopped holds up no other.
"""

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

from sqlalchemy.exc import SQLAlchemyError

from bot.claiming import BROADCAST, Due, claim
from bot.limits import Limits, Room
from bot.marking import Mark, Marks, after
from bot.media.kept import Files
from bot.sending import ChannelStopped, NotReached, OutboundMessage, Refused, Restricted, RetryLater, Sender, SendError
from records.bell import Bell
from records.clock import Clock
from records.database import Database
from records.failpoints import reach

log = logging.getLogger("bot.outbox")

BATCH = 60
"""Sends of one channel under way at the same time."""
IDLE_SECONDS = 0.5
SHORTEST_SECONDS = 0.005
DATABASE_AWAY_SECONDS = 1.0
STOPPED_SECONDS = 60.0
AWAY_SECONDS = 1.0
LINK_PLACE = "[TAUTAN]"


class Channel:
    """What is under way in one channel."""

    def __init__(self, sender: Sender, limits: Limits | None) -> None:
        self.sender, self.limits = sender, limits
        self.ring = asyncio.Event()
        self.sending = 0
        self.untaken = 0
        """Claimed, and not yet counted against the limits."""
        self.broadcasting = False
        self.wake_at = float("inf")
        """When a row that was put back for a moment is due again."""
        self.stopped_until = 0.0
        self.broadcasts_rest_until = 0.0
        """The provider lets us begin no more conversations for a while; replies go on."""
        self.broadcasts_go = False
        """Whether one went out since this process began, or since the last restriction."""

    @property
    def free(self) -> int:
        """How many more may be sent at the same time."""
        return BATCH - self.sending

    @property
    def broadcasts_rest(self) -> bool:
        """Whether the provider wants no broadcasts for a while."""
        return time.monotonic() < self.broadcasts_rest_until

    async def room(self) -> Room:
        """Return how much may be claimed now: what the limits allow, without what is claimed and not yet counted."""
        allowed = await self.limits.room() if self.limits else Room(self.free, self.free)
        replies = min(self.free, allowed.replies - self.untaken)
        return Room(replies, min(replies, allowed.broadcasts - self.untaken), allowed.wait)

    async def take(self, chat: str, *, broadcast: bool) -> float:
        """Return 0 when a claimed message may go now (and count it), else the seconds to wait."""
        try:
            return await self.limits.take(chat, broadcast=broadcast) if self.limits else 0.0
        finally:
            self.untaken -= 1

    @property
    def stopped(self) -> bool:
        """Whether the provider refuses us altogether; it is asked again now and then."""
        return time.monotonic() < self.stopped_until

    def look_again_in(self, seconds: float) -> None:
        """Look again then at the latest."""
        self.wake_at = min(self.wake_at, time.monotonic() + seconds)


class Outbox:
    """Sends what is due, for every channel it has a sender for."""

    def __init__(
        self,
        database: Database,
        senders: dict[str, Sender],
        limits: dict[str, Limits],
        clock: Clock,
        bell: Bell,
        said: asyncio.Event,
        address_of: Callable[[str], str] | None = None,
        files: Files | None = None,
    ) -> None:
        self._files = files
        self._database, self._address_of, self._said, self._clock = database, address_of, said, clock
        self._channels = {name: Channel(sender, limits.get(name)) for name, sender in senders.items()}
        self._marks = Marks(database, clock, bell, said)
        self._sending: set[asyncio.Task[None]] = set()
        self._stopping = False
        self.outcomes: Counter[tuple[str, str]] = Counter()
        """By channel and status, since this process began."""

    async def run(self) -> None:
        """Send until cancelled; a database that is away is waited for."""
        try:
            async with asyncio.TaskGroup() as works:
                works.create_task(self._marks.run())
                works.create_task(self._pass_on())
                for name, channel in self._channels.items():
                    works.create_task(self._serve(name, channel))
        finally:
            for task in self._sending:
                task.cancel()
            await asyncio.gather(*self._sending, return_exceptions=True)

    async def stop(self, seconds: float) -> bool:
        """Begin nothing more and wait for what is under way; returns whether all of it is written down."""
        self._stopping = True
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while self._sending or self._marks.pending:  # noqa: ASYNC110
                    await asyncio.sleep(0.02)
        return not self._sending and not self._marks.pending

    @property
    def full(self) -> bool:
        """Say whether a channel has as much under way as may be, so that others had better take what is due."""
        return any(channel.free <= 0 for channel in self._channels.values())

    @property
    def stopped(self) -> list[str]:
        """The channels whose provider refuses us altogether."""
        return [name for name, channel in self._channels.items() if channel.stopped]

    def ready_for(self, channel: str) -> bool:
        """Say whether a message of this channel could be sent right now."""
        known = self._channels.get(channel)
        return known is not None and known.free > 0 and not known.stopped and not self._stopping

    def send_now(self, due: Due) -> None:
        """Send a row that is marked as being sent."""
        channel = self._channels[due.channel]
        channel.sending += 1
        channel.untaken += 1
        task = asyncio.create_task(self._deliver(channel, due))
        self._sending.add(task)
        task.add_done_callback(self._sending.discard)

    async def _pass_on(self) -> None:
        while True:
            await self._said.wait()
            self._said.clear()
            for channel in self._channels.values():
                channel.ring.set()

    async def _serve(self, name: str, channel: Channel) -> None:
        while not self._stopping:
            # before looking: what is said while we look must not be missed
            channel.ring.clear()
            try:
                pause = await self._round(name, channel)
            except (SQLAlchemyError, OSError, TimeoutError) as problem:
                log.warning("database away: %s", type(problem).__name__)
                await asyncio.sleep(DATABASE_AWAY_SECONDS)
                continue
            if pause > 0:
                with suppress(TimeoutError):
                    await asyncio.wait_for(channel.ring.wait(), pause)

    async def _round(self, name: str, channel: Channel) -> float:
        """Claim what may go now and begin to send it; returns the seconds until the next look."""
        if channel.stopped or channel.free <= 0:
            return IDLE_SECONDS
        channel.wake_at = float("inf")
        room = await channel.room()
        if room.replies <= 0:
            return max(room.wait, SHORTEST_SECONDS)
        if await self._claim(name, room.replies) == room.replies:
            return SHORTEST_SECONDS
        if room.broadcasts > 0 and not channel.broadcasts_rest:
            channel.broadcasting = await self._claim(name, room.broadcasts, broadcasts=True) > 0
        if channel.broadcasting and not channel.broadcasts_rest:
            return max(room.wait, SHORTEST_SECONDS)
        return max(SHORTEST_SECONDS, min(IDLE_SECONDS, channel.wake_at - time.monotonic()))

    async def _claim(self, name: str, count: int, *, broadcasts: bool = False) -> int:
        claimed = await claim(self._database.at_once, name, count, broadcasts=broadcasts, now=self._clock())
        await reach("10 claim send")
        for due in claimed.due:
            self.send_now(due)
        return claimed.rows

    async def _deliver(self, channel: Channel, due: Due) -> None:
        try:
            mark = await self._send(channel, due)
        finally:
            channel.sending -= 1
        self.outcomes[due.channel, mark.status] += 1
        if mark.status == "due":
            channel.look_again_in(mark.pause)
        self._marks.add(mark)
        if channel.free == 1 or mark.status == "due":
            channel.ring.set()

    async def _send(self, channel: Channel, due: Due) -> Mark:
        if due.stale:
            channel.untaken -= 1
            return Mark(due, "due")
        broadcast = due.priority >= BROADCAST
        if wait := await channel.take(due.message.chat, broadcast=broadcast):
            return Mark(due, "due", pause=wait)
        try:
            await reach("11 send bytes")
            sent = await channel.sender.send(await self._with_file(self._with_address(due.message)))
            await reach("12 get response")
            mends = broadcast and not channel.broadcasts_go
            channel.broadcasts_go = channel.broadcasts_go or broadcast
            return Mark(due, "sent", provider_message_id=sent, mends=mends)
        except SendError as problem:
            await self._heed(channel, due, problem)
            return after(due, problem)
        except Exception as problem:
            # the request may have left: a defect of ours is no licence to send twice
            log.exception("send failed")
            return Mark(due, "unknown", error=type(problem).__name__)

    async def _heed(self, channel: Channel, due: Due, problem: SendError) -> None:
        if isinstance(problem, RetryLater) and channel.limits:
            # a provider that is not there is there for nobody: the next try will show it as well as a hundred
            away = isinstance(problem, NotReached)
            seconds = min(problem.seconds, AWAY_SECONDS) if away else problem.seconds
            whole = problem.whole_channel or away
            await channel.limits.hold_back(due.message.chat, seconds, whole_channel=whole)
        if isinstance(problem, Restricted):
            channel.broadcasts_rest_until = time.monotonic() + problem.seconds
            channel.broadcasts_go = False
        if isinstance(problem, ChannelStopped):
            log.error("channel %s refuses us: %s", due.channel, problem)
            channel.stopped_until = time.monotonic() + STOPPED_SECONDS

    async def _with_file(self, message: OutboundMessage) -> OutboundMessage:
        """The bytes of a file are fetched only when they go out."""
        if message.file is None:
            return message
        if self._files is None:
            raise Refused("berkas tidak bisa dikirim dari proses ini")
        return replace(message, file=await self._files.fetch(message.file))

    def _with_address(self, message: OutboundMessage) -> OutboundMessage:
        """A one-time link is written out only here: no table ever holds it."""
        if message.link is None or self._address_of is None:
            return message
        return replace(message, text=message.text.replace(LINK_PLACE, self._address_of(message.link)))
