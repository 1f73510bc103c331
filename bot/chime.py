"""An event of this process that is heard in the others too, where they are the ones to act on it.

A receiver commits a message and somebody else works; a worker commits a reply and somebody else sends. Rings that
follow each other closely go out as one: whoever hears it looks at everything that is due.
"""

import asyncio
from collections.abc import Callable

from records.bell import Bell

REST_SECONDS = 0.02


class Chime(asyncio.Event):
    """Set like any event; rings the bell as well while `elsewhere` says that others are to act."""

    def __init__(self, bell: Bell, name: str, elsewhere: Callable[[], bool]) -> None:
        super().__init__()
        self._bell, self._name, self._elsewhere = bell, name, elsewhere
        self._wanted = False
        self._ringing: asyncio.Task[None] | None = None

    def set(self) -> None:
        """Say that something is due."""
        super().set()
        if self._elsewhere():
            self._wanted = True
            if self._ringing is None or self._ringing.done():
                self._ringing = asyncio.get_running_loop().create_task(self._ring())

    def heard(self) -> None:
        """Take up a ring of another process without passing it on."""
        super().set()

    async def _ring(self) -> None:
        while self._wanted:
            self._wanted = False
            await self._bell.call(self._name)
            await asyncio.sleep(REST_SECONDS)
