"""Telegram's flood limits: 30 a second over all, about one a second a chat, 20 a minute a group.

A group's limit is a true window: no minute, wherever it begins, holds more. All that writes in a group counts, edits,
pins and topics too; Telegram publishes no more exact rule.
"""

import math
import time
from collections import Counter, defaultdict

from pydantic import BaseModel, ConfigDict, Field

from simulator.buckets import Buckets, Monotonic
from simulator.telegram.errors import flood


class TelegramLimits(BaseModel):
    """The limits as settings give them and the control API changes them."""

    model_config = ConfigDict(extra="forbid")

    per_second: int | None = Field(30, ge=1, description="over all chats; none = no limit")
    per_chat_burst: int | None = Field(5, ge=1, description="at once to a chat, then one a second; none = no limit")
    per_group_minute: int | None = Field(20, ge=1, description="to one group; none = no limit")
    minute: float = Field(60, gt=0, description="seconds of a group's minute; shorter where a test must not wait")


class FloodGate:
    """Refuses with 429 what exceeds a limit; nothing refused counts against any."""

    def __init__(self, limits: TelegramLimits, monotonic: Monotonic = time.monotonic) -> None:
        self._now = monotonic
        self._all, self._chats = (Buckets(1, 1, monotonic) for _ in range(2))
        self.passed: defaultdict[int, list[float]] = defaultdict(list)
        """When something was written in each group."""
        self.refused: Counter[int] = Counter()
        self.set(limits)

    def set(self, limits: TelegramLimits) -> None:
        """Change the limits."""
        self.limits = limits
        self._all.resize(limits.per_second or 1, limits.per_second or 1)
        self._chats.resize(1, limits.per_chat_burst or 1)
        self.passed.clear()
        self.refused.clear()

    def pass_message(self, chat_id: int) -> None:
        """Let one message to a chat through, or raise the refusal."""
        checks = []
        if self.limits.per_second:
            checks.append(self._all.of("all"))
        if chat_id > 0 and self.limits.per_chat_burst:
            checks.append(self._chats.of(str(chat_id)))
        longest = max((wait for _, wait in checks), default=0.0)
        if chat_id < 0:
            longest = max(longest, self._wait_of_group(chat_id))
        if longest:
            self.refused[chat_id] += 1
            raise flood(max(1, math.ceil(longest)))
        for bucket, _ in checks:
            bucket.take()
        if chat_id < 0:
            self.passed[chat_id].append(self._now())

    def most_in_a_minute(self, chat_id: int) -> int:
        """Return how many the fullest minute of a group held."""
        passed, first, most = self.passed[chat_id], 0, 0
        for last, at in enumerate(passed):
            while at - passed[first] >= self.limits.minute:
                first += 1
            most = max(most, last - first + 1)
        return most

    def _wait_of_group(self, chat_id: int) -> float:
        most, passed = self.limits.per_group_minute, self.passed[chat_id]
        if most is None or len(passed) < most:
            return 0.0
        return max(0.0, passed[-most] + self.limits.minute - self._now())
