"""How fast a channel may be written to: token buckets, each waiting only for its own scope.

In memory, because one process sends; the buckets are full again after a restart, which costs a short burst. Times are
real time.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass
class Bucket:
    """Fills at `rate` tokens a second up to `burst`."""

    rate: float
    burst: float
    tokens: float = field(default=-1.0)
    filled_at: float = 0.0

    def wait(self, now: float) -> float:
        """Take a token and return 0, or return the seconds until there is one."""
        self._fill(now)
        if self.tokens >= 1:
            self.tokens -= 1
            return 0.0
        return (1 - self.tokens) / self.rate

    def give_back(self) -> None:
        """Return a token that was not used after all."""
        self.tokens = min(self.burst, self.tokens + 1)

    def pause(self, now: float, seconds: float) -> None:
        """Let nothing through for `seconds`."""
        self._fill(now)
        self.tokens = 1 - seconds * self.rate

    def _fill(self, now: float) -> None:
        if self.tokens < 0 and self.filled_at == 0:
            self.tokens = self.burst
        self.tokens = min(
            self.burst, self.tokens + (now - self.filled_at) * self.rate if self.filled_at else self.burst
        )
        self.filled_at = now


class Limits:
    """The limits of one channel: one over all chats, one for each chat."""

    CHATS_REMEMBERED = 20_000

    def __init__(
        self,
        per_second: float,
        chat_rate: float,
        chat_burst: float,
        group_rate: float | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._all = Bucket(per_second, max(1.0, per_second))
        self._chat_rate, self._chat_burst = chat_rate, chat_burst
        self._group_rate = group_rate or chat_rate
        self._chats: dict[str, Bucket] = {}
        self._now = monotonic

    def wait(self, chat: str) -> float:
        """Return 0 when a message may go to this chat now (and count it), else the seconds to wait."""
        now = self._now()
        bucket = self._bucket(chat)
        if seconds := bucket.wait(now):
            return seconds
        if seconds := self._all.wait(now):
            bucket.give_back()
            return seconds
        return 0.0

    def hold_back(self, chat: str, seconds: float, *, whole_channel: bool) -> None:
        """Wait as the provider asked, in the scope it asked for."""
        bucket = self._all if whole_channel else self._bucket(chat)
        bucket.pause(self._now(), seconds)

    def _bucket(self, chat: str) -> Bucket:
        bucket = self._chats.get(chat)
        if bucket is None:
            if len(self._chats) >= self.CHATS_REMEMBERED:
                self._chats = {name: kept for name, kept in self._chats.items() if kept.tokens < self._chat_burst}
            bucket = self._chats[chat] = self._new(chat)
        return bucket

    def _new(self, chat: str) -> Bucket:
        # Telegram's groups have negative ids
        return Bucket(self._group_rate if chat.startswith("-") else self._chat_rate, self._chat_burst)
