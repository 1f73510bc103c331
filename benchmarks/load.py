"""The load: so many participants at once, each saying the next line only when the last was answered (a closed loop).

Each of them has many chats and goes round them, so that no chat speaks faster than a person or a channel would let it.
"""

import asyncio
import time
from collections.abc import Iterator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import Protocol

from benchmarks.conversations import conversations

CHATS_EACH = 40
CHATS_ALONE = 200
WARM_SECONDS = 2.0


@dataclass(frozen=True)
class Heard:
    """What came back for one line."""

    seconds: float
    answered: bool
    with_check: bool


class Mouth(Protocol):
    """Says a line in a chat and waits for the answer."""

    async def say(self, chat: int, line: str, *, with_check: bool) -> Heard:
        """Return what came back."""


class Side(Protocol):
    """One of the two systems under load."""

    def mouth(self) -> AbstractAsyncContextManager[Mouth]:
        """Open a connection to speak through."""


@dataclass
class Round:
    """What one round of load gave."""

    seconds: float = 0.0
    heard: list[Heard] = field(default_factory=list)

    @property
    def answered(self) -> list[Heard]:
        """Those that were answered."""
        return [one for one in self.heard if one.answered]

    @property
    def per_second(self) -> float:
        """Answered turns a second."""
        return len(self.answered) / self.seconds if self.seconds else 0.0


class Chats:
    """A participant's chats, each at its place in its conversation; a finished one makes room for a new one."""

    def __init__(self, first: int, offset: int, count: int = CHATS_EACH) -> None:
        self._scripts = conversations(offset)
        self.first = self._next = first
        self._open: list[tuple[int, Iterator[tuple[str, bool]]]] = [self._new() for _ in range(count)]
        self._at = 0

    def __next__(self) -> tuple[int, str, bool]:
        """Give the next chat, its line, and whether the line needs a check."""
        self._at = (self._at + 1) % len(self._open)
        chat, lines = self._open[self._at]
        said = next(lines, None)
        if said is None:
            chat, lines = self._open[self._at] = self._new()
            said = next(lines)
        return chat, *said

    def _new(self) -> tuple[int, Iterator[tuple[str, bool]]]:
        chat, self._next = self._next, self._next + 1
        return chat, iter(next(self._scripts))


class Crowd:
    """So many participants at once; their chats go on from round to round."""

    FIRST, ALONE, APART = 5_000_000_000, 6_000_000_000, 1_000_000

    def __init__(self, at_once: int, first: int = FIRST, chats_each: int = CHATS_EACH) -> None:
        self.said = 0
        self._chats = [Chats(first + number * self.APART, number, chats_each) for number in range(at_once)]

    def numbers(self, each: int) -> list[int]:
        """Return the first chat numbers everybody will use."""
        return [chats.first + number for number in range(each) for chats in self._chats]

    async def speak(self, side: Side, seconds: float, *, warm: float = WARM_SECONDS) -> Round:
        """Let everybody talk for so long; the first moments are not counted."""
        begin = time.perf_counter() + warm
        done = Round(seconds)
        async with asyncio.TaskGroup() as group:
            for chats in self._chats:
                group.create_task(self._talk(side, chats, begin, done))
        return done

    async def _talk(self, side: Side, chats: Chats, begin: float, done: Round) -> None:
        end = begin + done.seconds
        async with side.mouth() as mouth:
            while time.perf_counter() < end:
                chat, line, with_check = next(chats)
                heard = await mouth.say(chat, line, with_check=with_check)
                self.said += 1
                if begin <= time.perf_counter() < end:
                    done.heard.append(heard)
