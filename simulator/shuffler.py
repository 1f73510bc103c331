"""Holds webhooks back and lets them go newest first: what `reorder` switches do."""

import asyncio
from collections.abc import Awaitable, Callable

PATIENCE = 1.0


class Shuffler[T]:
    """Collects a window of items, or what came within a second, and hands them on reversed."""

    def __init__(self, deliver: Callable[[list[T]], Awaitable[None]]) -> None:
        self._deliver = deliver
        self._held: list[T] = []
        self.tasks: set[asyncio.Task[None]] = set()

    def hold(self, item: T, window: int) -> None:
        """Hold one item back; the window's last lets all go."""
        self._held.append(item)
        if len(self._held) >= window:
            self._spawn(self._let_go(0))
        elif len(self._held) == 1:
            self._spawn(self._let_go(PATIENCE))

    def _spawn(self, work: Awaitable[None]) -> None:
        task = asyncio.ensure_future(work)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def _let_go(self, delay: float) -> None:
        await asyncio.sleep(delay)
        held, self._held = self._held, []
        if held:
            await self._deliver(held[::-1])
