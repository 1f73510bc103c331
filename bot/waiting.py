"""Who waits for news of a chat (long polls), and the bell that wakes them, in whatever process the news was written.

A ring that is lost costs its reader the next look: whoever waits also looks now and then. How many may wait is bounded;
beyond that nobody is refused, they are only answered at once.
"""

import asyncio
import hashlib
import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import chain

from sqlalchemy.exc import SQLAlchemyError

from records.bell import Bell
from records.database import Database

log = logging.getLogger("bot.waiting")

PULLED = "pulled"
"""The bell's name; its word is the hashed chat, and whether it is news or somebody typing."""
NEWS, TYPING = "news", "typing"
MOST = 2000
EACH = 4
"""Long polls of one chat; a fifth ends the oldest, whose line is probably dead."""


class Place:
    """One reader who waits."""

    def __init__(self) -> None:
        self._rung = asyncio.Event()
        self.typing = False
        self.over = False
        """Whether they are to be answered now, news or not."""

    def ring(self, what: str) -> None:
        """Wake the reader."""
        self.typing = what == TYPING
        self._rung.set()

    def end(self) -> None:
        """Have the reader answered now."""
        self.over = True
        self._rung.set()

    async def rest(self, seconds: float) -> None:
        """Wait for a ring, at most so long."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._rung.wait(), seconds)
        self._rung.clear()


class Waiting:
    """All readers of this process who wait."""

    def __init__(self, database: Database, bell: Bell, *, most: int = MOST) -> None:
        self._database, self._bell, self._most = database, bell, most
        self._places: dict[str, list[Place]] = {}
        self._closed = False

    @property
    def count(self) -> int:
        """How many wait."""
        return sum(map(len, self._places.values()))

    async def run(self) -> None:
        """Wake readers until cancelled."""
        async for _, word in self._bell.listen(PULLED):
            chat, _, what = word.partition(":")
            # a ring without a word concerns everybody
            for place in self._places.get(chat, []) if word else chain(*self._places.values()):
                place.ring(what)

    async def announce(self, channel: str, chat: str, what: str = NEWS) -> None:
        """Ring for the readers of a chat, wherever they wait; that it fails costs them a moment and nothing else."""
        try:
            async with self._database.write() as session:
                await self._bell.ring(session, PULLED, word_of(channel, chat, what))
        except (SQLAlchemyError, OSError, TimeoutError) as problem:
            log.warning("nobody was woken: %s", type(problem).__name__)

    @contextmanager
    def place(self, channel: str, chat: str) -> Iterator[Place | None]:
        """Wait here; None where no more may."""
        key = _key(channel, chat)
        theirs = self._places.get(key, [])
        if self._closed or (self.count >= self._most and len(theirs) < EACH):
            yield None
            return
        place = Place()
        self._places[key] = [*theirs, place]
        if len(theirs) >= EACH:
            theirs[0].end()
        try:
            yield place
        finally:
            left = [other for other in self._places[key] if other is not place]
            self._places[key] = left
            if not left:
                del self._places[key]

    def close(self) -> None:
        """Have everybody answered now: the process is about to end."""
        self._closed = True
        for places in self._places.values():
            for place in places:
                place.end()


def word_of(channel: str, chat: str, what: str = NEWS) -> str:
    """Return what the bell says of a chat."""
    return f"{_key(channel, chat)}:{what}"


def _key(channel: str, chat: str) -> str:
    """A visitor's name opens their chat: it does not travel through the bell."""
    return hashlib.sha256(f"{channel}:{chat}".encode()).hexdigest()[:32]
