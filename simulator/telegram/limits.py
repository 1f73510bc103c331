"""Telegram's flood limits: 30 a second over all, about one a second a chat, 20 a minute a group."""

import math
import time

from pydantic import BaseModel, ConfigDict, Field

from simulator.buckets import Buckets, Monotonic
from simulator.telegram.errors import flood


class TelegramLimits(BaseModel):
    """The limits as settings give them and the control API changes them."""

    model_config = ConfigDict(extra="forbid")

    per_second: int | None = Field(30, ge=1, description="over all chats; none = no limit")
    per_chat_burst: int | None = Field(5, ge=1, description="at once to a chat, then one a second; none = no limit")
    per_group_minute: int | None = Field(20, ge=1, description="to one group; none = no limit")


class FloodGate:
    """Refuses with 429 what exceeds a limit; nothing refused counts against any."""

    def __init__(self, limits: TelegramLimits, monotonic: Monotonic = time.monotonic) -> None:
        self._all, self._chats, self._groups = (Buckets(1, 1, monotonic) for _ in range(3))
        self.set(limits)

    def set(self, limits: TelegramLimits) -> None:
        """Change the limits."""
        self.limits = limits
        self._all.resize(limits.per_second or 1, limits.per_second or 1)
        self._chats.resize(1, limits.per_chat_burst or 1)
        self._groups.resize((limits.per_group_minute or 1) / 60, limits.per_group_minute or 1)

    def pass_message(self, chat_id: int) -> None:
        """Let one message to a chat through, or raise the refusal."""
        checks = []
        if self.limits.per_second:
            checks.append(self._all.of("all"))
        if chat_id < 0 and self.limits.per_group_minute:
            checks.append(self._groups.of(str(chat_id)))
        elif self.limits.per_chat_burst:
            checks.append(self._chats.of(str(chat_id)))
        if longest := max((wait for _, wait in checks), default=0.0):
            raise flood(max(1, math.ceil(longest)))
        for bucket, _ in checks:
            bucket.take()
