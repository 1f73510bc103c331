"""How often open pages are asked to look again: as fast as the desk can show them, and no faster, each in its turn.

A few pages at a time are told; the next one's turn comes when one of those was shown, after a rest as long as that
took. So a desk with one page open tells it at once, and one with hundreds is never busy with refreshing alone.
"""

import asyncio
from collections import deque
from typing import Protocol

AT_ONCE = 3
PATIENCE = 1.5
"""Seconds until a page that was told and did not come no longer keeps others waiting."""
LONGEST_REST = 0.5


class Waiting(Protocol):
    """Whoever waits for a turn."""

    closed: bool

    def grant(self) -> None:
        """Take the turn."""


class Pace:
    """Gives turns."""

    def __init__(self, at_once: int = AT_ONCE) -> None:
        self._free = at_once
        self._queue: deque[Waiting] = deque()
        self._out: deque[asyncio.TimerHandle] = deque()

    def ask(self, who: Waiting) -> None:
        """Wait for a turn; asking twice is waiting once."""
        if who not in self._queue:
            self._queue.append(who)
        self._go()

    def forget(self, who: Waiting) -> None:
        """Wait no more."""
        if who in self._queue:
            self._queue.remove(who)

    def served(self, took: float) -> None:
        """Take note that a page was shown, and how long that took."""
        if self._out:
            self._out.popleft().cancel()
            asyncio.get_running_loop().call_later(min(took, LONGEST_REST), self._back)

    def _go(self) -> None:
        while self._free and self._queue:
            who = self._queue.popleft()
            self._free -= 1
            self._out.append(asyncio.get_running_loop().call_later(PATIENCE, self._lost))
            who.grant()

    def _lost(self) -> None:
        if self._out:
            self._out.popleft()
            self._back()

    def _back(self) -> None:
        self._free += 1
        self._go()
