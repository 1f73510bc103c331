"""Hears the bell once for the whole process and tells every open page; a slow one is told once for all it missed."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager, suppress

from records.bell import DESK, Bell

PATIENCE = 64
"""Words kept for a slow page; beyond these it is told that anything may have changed."""


class Ears:
    """Passes rings on to whoever listens, until closed."""

    def __init__(self, bell: Bell) -> None:
        self._bell = bell
        self._listeners: set[asyncio.Queue[str | None]] = set()
        self.closed = False

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """Listen while the block runs."""
        hearing = asyncio.create_task(self._hear())
        try:
            yield
        finally:
            self.close()
            hearing.cancel()
            with suppress(asyncio.CancelledError):
                await hearing

    def close(self) -> None:
        """Let every open page go, so that the process can end."""
        self.closed = True
        for listener in self._listeners:
            tell(listener, None)

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[asyncio.Queue[str | None]]:
        """Give a queue of words (a conversation's id, or empty for anything); None means the desk closes."""
        listener: asyncio.Queue[str | None] = asyncio.Queue(PATIENCE)
        self._listeners.add(listener)
        try:
            if self.closed:
                tell(listener, None)
            yield listener
        finally:
            self._listeners.discard(listener)

    async def _hear(self) -> None:
        rings = self._bell.listen(DESK)
        async with aclosing(rings):  # type: ignore[type-var]
            async for _, word in rings:
                for listener in self._listeners:
                    tell(listener, word)


def tell(listener: asyncio.Queue[str | None], word: str | None) -> None:
    """Hand a word to a page; what a slow one has not read yet becomes one empty word."""
    if listener.full():
        while not listener.empty():
            listener.get_nowait()
        listener.put_nowait("")
    listener.put_nowait(word)
