"""getUpdates: long polling, where asking for an offset confirms everything before it."""

import asyncio
from typing import Any

from simulator.telegram import arguments as read
from simulator.telegram.errors import conflict
from simulator.telegram.methods import Arguments
from simulator.telegram.state import TelegramState

MAX_WAIT = 50


class Polling:
    """Serves one poller at a time; a second ends the first."""

    def __init__(self, state: TelegramState) -> None:
        self._state = state
        self._new = asyncio.Event()
        self._turn = 0

    def queued(self) -> None:
        """Wake the poller."""
        self._new.set()

    async def get_updates(self, given: Arguments) -> list[dict[str, Any]]:
        """Give what waits, or wait for it."""
        if self._state.webhook.url:
            raise conflict("can't use getUpdates method while webhook is active; use deleteWebhook to delete it first")
        self._turn += 1
        turn = self._turn
        self._new.set()
        offset = read.whole_number(given, "offset", 0)
        limit = max(1, min(read.whole_number(given, "limit", 100), 100))
        seconds = max(0, min(read.whole_number(given, "timeout", 0), MAX_WAIT))
        allowed = read.structure(given, "allowed_updates")
        if allowed is not None:
            self._state.webhook.allowed_updates = list(allowed)
        self._confirm(offset)
        found = self._waiting(limit)
        if not found and seconds:
            found = await self._wait(turn, limit, seconds)
        return found

    def _confirm(self, offset: int) -> None:
        waiting = sorted(self._state.pending)
        if offset < 0:
            offset = waiting[offset:][0] if waiting[offset:] else 0
        for number in waiting:
            if number < offset:
                self._state.done(self._state.pending[number], "taken")

    def _waiting(self, limit: int) -> list[dict[str, Any]]:
        self._state.drop_expired()
        waiting = [self._state.pending[number] for number in sorted(self._state.pending)[:limit]]
        for pending in waiting:
            pending.attempts += 1
        return [pending.update for pending in waiting]

    async def _wait(self, turn: int, limit: int, seconds: int) -> list[dict[str, Any]]:
        try:
            async with asyncio.timeout(seconds):
                while True:
                    self._new.clear()
                    await self._new.wait()
                    if turn != self._turn:
                        break
                    if found := self._waiting(limit):
                        return found
        except TimeoutError:
            return []
        raise conflict("terminated by other getUpdates request; make sure that only one bot instance is running")
