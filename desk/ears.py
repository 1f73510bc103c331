"""Hears the bell once for the whole process and tells every open page what concerns it, all that came at once.

A page says what it wants to hear: the queue, or some conversations. What it has not been told yet is only marked, so a
slow page costs nothing. How often it is asked to look again is left to `desk.pace`, what was said to `desk.teller`.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager, suppress
from dataclasses import dataclass, field

from fastapi import Request

from desk.pace import Pace
from records.bell import DESK, Bell

PRESENCE, NOTICE = "hadir ", "sebutan "
FEW = 4
MOST_READY = 200


@dataclass(frozen=True)
class Wish:
    """What a page wants to hear."""

    conversations: frozenset[str] = frozenset()
    anything: bool = False
    """Every change, as the queue does."""


@dataclass(eq=False)
class Listener:
    """One open stream: what it is still to be told."""

    wish: Wish
    request: Request | None = None
    who: str = ""
    """The member of staff whose stream it is."""
    token: str = ""
    upto: dict[str, int] = field(default_factory=dict)
    """By conversation, the position of the last message that was told."""
    closed: bool = False
    stale: bool = False
    """Whether the page should look again at what it shows."""
    asked: bool = False
    """Whether it waits for its turn to be told so."""
    turn: bool = False
    """Whether its turn has come."""
    _presence: set[str] = field(default_factory=set)
    _ready: list[tuple[str, str]] = field(default_factory=list)
    _rung: asyncio.Event = field(default_factory=asyncio.Event)

    def hear(self, word: str) -> None:
        """Mark what a word of the bell means for this page."""
        if word.startswith(PRESENCE):
            about = {word.removeprefix(PRESENCE)} & self.wish.conversations
            self._presence |= about
            fresh = bool(about)
        elif word.startswith(NOTICE):
            fresh = word == NOTICE + self.who
            self._ready += [("sebutan", "")] if fresh else []
        else:
            concerns = self.wish.anything or not word or word in self.wish.conversations
            fresh = concerns and not self.stale
            self.stale = self.stale or concerns
        if fresh:
            self._rung.set()

    def give(self, event: str, data: str) -> None:
        """Have an event for the page; one that reads too slowly is asked to look again instead."""
        if len(self._ready) < MOST_READY:
            self._ready.append((event, data))
        self._rung.set()

    def grant(self) -> None:
        """Let the page be told to look again."""
        self.turn = True
        self._rung.set()

    def close(self) -> None:
        """End the stream."""
        self.closed = True
        self._rung.set()

    async def wait(self, seconds: float) -> None:
        """Return when there is something to tell, at the latest after so long."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._rung.wait(), seconds)
        self._rung.clear()

    def take(self) -> list[tuple[str, str]]:
        """Return the events that are ready, and forget them."""
        events = [*(("hadir", key) for key in self._presence), *self._ready]
        self._presence.clear()
        self._ready.clear()
        return events


class Ears:
    """Passes rings on to whoever listens, until closed."""

    def __init__(self, bell: Bell) -> None:
        self._bell = bell
        self.listeners: set[Listener] = set()
        self.pace = Pace()
        self.few = asyncio.Semaphore(FEW)
        """Held by a stream that asks the database: hundreds of streams leave connections for pages."""
        self.rung: set[str] = set()
        """Conversations that rang and have not been read yet; "" means any."""
        self.ringing = asyncio.Event()
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
        for listener in self.listeners:
            listener.close()

    @asynccontextmanager
    async def listening(self, listener: Listener) -> AsyncIterator[Listener]:
        """Tell this one while its stream is open."""
        listener.closed = self.closed
        self.listeners.add(listener)
        try:
            yield listener
        finally:
            listener.close()
            self.listeners.discard(listener)
            self.pace.forget(listener)

    async def _hear(self) -> None:
        rings = self._bell.listen(DESK)
        async with aclosing(rings):  # type: ignore[type-var]
            async for _, word in rings:
                for listener in self.listeners:
                    listener.hear(word)
                if not word.startswith((PRESENCE, NOTICE)):
                    self.rung.add(word)
                    self.ringing.set()
