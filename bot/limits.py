"""How fast a channel may be written to: a window over all chats, a bucket for each chat, each waiting only for itself.

Broadcasts are paced evenly and leave the last place of every window to replies. Kept in memory; where several processes
send, bot/shared_limits.py keeps the same in Redis. Times are real time.
"""

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

BROADCAST_SHARE = 0.97
"""Of the allowed rate; the rest is what replies are sure to find."""
BROADCAST_AT_ONCE = 3.0
JITTER = 1.01
"""A window is this much longer than the provider's: what leaves evenly does not arrive evenly."""


@dataclass(frozen=True)
class Rules:
    """The limits of one channel."""

    channel: str
    per_second: float
    chat_rate: float
    chat_burst: float
    group_rate: float | None = None
    group_burst: float = 1.0

    def of_chat(self, chat: str) -> tuple[float, float]:
        """Return rate and burst of a chat (Telegram's groups have negative ids)."""
        if self.group_rate is not None and chat.startswith("-"):
            return self.group_rate, self.group_burst
        return self.chat_rate, self.chat_burst

    @property
    def window(self) -> tuple[int, float]:
        """Return how many messages may go in how many seconds."""
        return (int(self.per_second), JITTER) if self.per_second >= 1 else (1, JITTER / self.per_second)


@dataclass(frozen=True)
class Room:
    """How many messages the channel takes now, and the seconds until it takes one more where it takes none."""

    replies: int
    broadcasts: int
    wait: float = 0.0


class Limits(Protocol):
    """The limits of one channel."""

    async def take(self, chat: str, *, broadcast: bool = False) -> float:
        """Return 0 when a message may go to this chat now (and count it), else the seconds to wait."""

    async def room(self) -> Room:
        """Return what the channel as a whole would take now; counts nothing."""

    async def hold_back(self, chat: str, seconds: float, *, whole_channel: bool) -> None:
        """Wait as the provider asked, in the scope it asked for."""


@dataclass
class Bucket:
    """Fills at `rate` tokens a second up to `burst`."""

    rate: float
    burst: float
    tokens: float
    filled_at: float
    paused_until: float = 0.0

    def wait(self, now: float) -> float:
        """Return 0 when there is a token, or the seconds until there is one."""
        self.tokens = min(self.burst, self.tokens + (now - self.filled_at) * self.rate)
        self.filled_at = now
        missing = 0.0 if self.tokens >= 1 else (1 - self.tokens) / self.rate
        return max(missing, self.paused_until - now, 0.0)

    def waits(self, now: float) -> bool:
        """Say whether a new bucket in its place would let more through."""
        return self.wait(now) > 0 or self.tokens < self.burst

    def pause(self, now: float, seconds: float) -> None:
        """Let nothing through for `seconds`, and then one at a time."""
        self.paused_until = max(self.paused_until, now + seconds)
        self.tokens = min(self.tokens, 1.0)


@dataclass
class Window:
    """At most `most` in any `seconds`."""

    most: int
    seconds: float
    taken: deque[float] = field(default_factory=deque)
    paused_until: float = 0.0

    def free(self, now: float) -> int:
        """Return how many more fit now."""
        while self.taken and now - self.taken[0] >= self.seconds:
            self.taken.popleft()
        return 0 if now < self.paused_until else self.most - len(self.taken)

    def wait(self, now: float, leave: int = 0) -> float:
        """Return the seconds until one more fits with `leave` places left."""
        if self.free(now) > leave:
            return 0.0
        paused = self.paused_until - now
        oldest = len(self.taken) - (self.most - leave)
        return max(paused, self.taken[oldest] + self.seconds - now if oldest >= 0 else 0.0, 0.001)


class LocalLimits:
    """The limits of one channel where one process sends."""

    CHATS_REMEMBERED = 20_000

    def __init__(self, rules: Rules, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._rules, self._now = rules, monotonic
        self._all = Window(*rules.window)
        pace = rules.per_second * BROADCAST_SHARE
        self._pace = Bucket(pace, BROADCAST_AT_ONCE, BROADCAST_AT_ONCE, monotonic())
        self._chats: dict[str, Bucket] = {}

    async def take(self, chat: str, *, broadcast: bool = False) -> float:
        """Return 0 when a message may go to this chat now (and count it), else the seconds to wait."""
        now = self._now()
        bucket = self._bucket(chat, now)
        wait = max(bucket.wait(now), self._all.wait(now, leave_for(self._rules, broadcast)))
        wait = max(wait, self._pace.wait(now)) if broadcast else wait
        if wait:
            return wait
        bucket.tokens -= 1
        self._all.taken.append(now)
        if broadcast:
            self._pace.tokens -= 1
        return 0.0

    async def room(self) -> Room:
        """Return what the channel as a whole would take now; counts nothing."""
        now = self._now()
        free = self._all.free(now)
        paced = 0 if self._pace.wait(now) else int(self._pace.tokens)
        broadcasts = max(0, min(free - leave_for(self._rules, True), paced))
        wait = max(self._pace.wait(now), self._all.wait(now, leave_for(self._rules, True)))
        return Room(free, broadcasts, wait if free else self._all.wait(now))

    async def hold_back(self, chat: str, seconds: float, *, whole_channel: bool) -> None:
        """Wait as the provider asked, in the scope it asked for."""
        now = self._now()
        if whole_channel:
            self._all.paused_until = max(self._all.paused_until, now + seconds)
        else:
            self._bucket(chat, now).pause(now, seconds)

    def _bucket(self, chat: str, now: float) -> Bucket:
        bucket = self._chats.get(chat)
        if bucket is None:
            if len(self._chats) >= self.CHATS_REMEMBERED:
                self._chats = {name: kept for name, kept in self._chats.items() if kept.waits(now)}
            rate, burst = self._rules.of_chat(chat)
            bucket = self._chats[chat] = Bucket(rate, burst, burst, now)
        return bucket


def leave_for(rules: Rules, broadcast: bool) -> int:
    """Return how many places of a window a message must leave free."""
    return 1 if broadcast and rules.window[0] > 1 else 0
