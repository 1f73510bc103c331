"""The audit of searches: what somebody looked for, once they have stopped typing, not every letter on the way.

Words that only go on from the last ones take their place; letters taken back take nothing away; others are written
down at once, and so is everything when the desk closes. The words are kept masked.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta

from desk.search.wanted import Wanted
from desk.sessions import Person
from records import audit
from records.clock import Clock
from records.database import Database

PAUSE = timedelta(seconds=3)


@dataclass
class Typed:
    """What somebody is typing now."""

    username: str
    words: str
    typed: str
    waiting: asyncio.Task[None]


@dataclass
class Trail:
    """Writes searches down, one entry a search."""

    database: Database
    clock: Clock
    pause: timedelta = PAUSE
    _typing: dict[str, Typed] = field(default_factory=dict)

    async def note(self, person: Person, wanted: Wanted) -> None:
        """Remember what was looked for; it is written down after a pause."""
        words, typed = wanted.audited, wanted.typed
        before = self._typing.pop(person.token_hash, None)
        if before is not None:
            before.waiting.cancel()
            if before.typed.startswith(typed.rstrip()):
                # what was found has been read: the box being emptied again does not undo that
                words, typed = before.words, before.typed
            elif not typed.startswith(before.typed.rstrip()):
                await self._write(before)
        waiting = asyncio.create_task(self._later(lambda: self._settle(person.token_hash)))
        self._typing[person.token_hash] = Typed(person.username, words, typed, waiting)

    async def aclose(self) -> None:
        """Write down what is still being typed."""
        for key in list(self._typing):
            self._typing[key].waiting.cancel()
            await self._settle(key)

    async def _later(self, act: Callable[[], Awaitable[None]]) -> None:
        await asyncio.sleep(self.pause.total_seconds())
        await act()

    async def _settle(self, key: str) -> None:
        typed = self._typing.pop(key, None)
        if typed is not None:
            await self._write(typed)

    async def _write(self, typed: Typed) -> None:
        async with self.database.write() as session:
            await audit.record(
                session,
                at=self.clock(),
                actor=typed.username,
                action="search",
                object="desk",
                detail={"words": typed.words},
            )
