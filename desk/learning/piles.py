"""The piles of the review page: what waits, look-alikes together, agents' own marks first, then the biggest.

Look-alikes are worked out once in a thread and kept; afterwards only what is new is put to its pile. Where many wait,
the piles themselves are kept for a moment too; what was decided meanwhile drops out when they are shown.
"""

import asyncio
import time
from collections import Counter
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import String, cast, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from desk.learning.alike import Alikes
from records.models import LearningExample

MOST = 50_000
ANEW = 0.5
"""When so much is new against what was grouped, everything is weighed anew."""
MANY = 5_000
KEPT_SECONDS = 30.0


class Waiting(NamedTuple):
    """What decides where an example stands."""

    source: str
    kind: str
    read_as: str | None
    meant: str | None


@dataclass(frozen=True)
class Pile:
    """Look-alikes that wait, agents' own first."""

    ids: tuple[str, ...]
    read_as: tuple[tuple[str | None, int], ...]
    """How the model read them, most often first."""
    meant: tuple[tuple[str, int], ...]
    """What agents and participants said they mean."""
    marked: int
    """How many of them somebody at the desk marked."""


class Kept(NamedTuple):
    """Piles as they were made, of what, and when."""

    stamp: tuple[object, ...]
    piles: list[Pile]
    at: float


class Piles:
    """Keeps the look-alikes of one desk."""

    def __init__(self, many: int = MANY) -> None:
        """Begin with none; the first look groups as many as do not keep anybody waiting, the rest in the background."""
        self._many = many
        self._all: asyncio.Task[None] | None = None
        self._alikes = Alikes()
        self._kept: dict[tuple[str, str], Kept] = {}
        self._working = asyncio.Lock()

    async def look(self, session: AsyncSession, *, source: str = "", kind: str = "") -> list[Pile]:
        """Return the piles of what waits; some of them may just have been decided."""
        async with self._working:
            stamp, kept = await _stamp(session), self._kept.get((source, kind))
            if kept and (kept.stamp == stamp or self._good_enough(kept)):
                return kept.piles
            waiting = await _waiting(session, source, kind)
            await self._take_in(session, waiting)
            piles = await asyncio.to_thread(_piles, self._alikes, waiting)
            self._kept[source, kind] = Kept(stamp, piles, time.monotonic())
            return piles

    def _good_enough(self, kept: Kept) -> bool:
        """Say whether these piles do for a moment: to make them anew takes long where many wait."""
        return len(self._alikes) > self._many and time.monotonic() - kept.at < KEPT_SECONDS

    @property
    def grouping(self) -> bool:
        """Whether older messages are still being grouped."""
        return self._all is not None and not self._all.done()

    async def settled(self) -> None:
        """Wait until everything is grouped."""
        if self._all:
            await self._all

    async def _take_in(self, session: AsyncSession, waiting: dict[str, Waiting]) -> None:
        new = [one for one in waiting if one not in self._alikes]
        if self.grouping:
            new = [one for one in new if waiting[one].source == "agent"]
        if not new:
            return
        if self.grouping or len(new) <= ANEW * max(1, len(self._alikes)):
            await asyncio.to_thread(self._alikes.add, await _said(session, new))
            return
        said = await _said(session, list(waiting))
        said.sort(key=lambda one: one[0] not in waiting or waiting[one[0]].source != "agent")
        self._alikes = await asyncio.to_thread(Alikes, said[: self._many])
        if len(said) > self._many:
            self._all = asyncio.create_task(self._group_all(said))

    async def _group_all(self, said: list[tuple[str, str]]) -> None:
        self._alikes = await asyncio.to_thread(Alikes, said)
        self._kept.clear()


async def _stamp(session: AsyncSession) -> tuple[object, ...]:
    """Return what changes with everything that waits."""
    it = LearningExample
    counted = select(func.count(), func.max(it.at), func.sum(it.version)).where(it.status == "waiting")
    return tuple((await session.execute(counted)).one())


async def _waiting(session: AsyncSession, source: str, kind: str) -> dict[str, Waiting]:
    it = LearningExample
    asked = select(cast(it.id, String), it.source, it.kind, it.read_as, it.meant).where(it.status == "waiting")
    if source:
        asked = asked.where(it.source == source)
    if kind:
        asked = asked.where(it.kind == kind)
    rows = await session.execute(asked.order_by(it.at.desc()).limit(MOST))
    return {row[0]: Waiting(row[1], row[2], row[3], row[4]) for row in rows}


async def _said(session: AsyncSession, ids: list[str]) -> list[tuple[str, str]]:
    it = LearningExample
    asked = select(cast(it.id, String), it.said)
    if len(ids) > MANY:
        asked = asked.where(it.status == "waiting").order_by(it.at.desc()).limit(MOST)
    else:
        asked = asked.where(it.id.in_([UUID(one) for one in ids]))
    return [(row[0], row[1]) for row in await session.execute(asked)]


def _piles(alikes: Alikes, waiting: dict[str, Waiting]) -> list[Pile]:
    piles = [_pile(ids, waiting) for group in alikes.groups if (ids := [one for one in group.ids if one in waiting])]
    return sorted(piles, key=lambda pile: (-(pile.marked > 0), -len(pile.ids), pile.ids[0]))


def _pile(ids: list[str], waiting: dict[str, Waiting]) -> Pile:
    of = [waiting[one] for one in ids]
    marked = sum(it.source == "agent" for it in of)
    if marked:
        ids = sorted(ids, key=lambda one: waiting[one].source != "agent")
    if len(ids) == 1:
        said = of[0].meant
        return Pile((ids[0],), ((of[0].read_as, 1),), ((said, 1),) if said else (), marked)
    read = Counter(it.read_as for it in of)
    meant = Counter(it.meant for it in of if it.meant)
    return Pile(tuple(ids), tuple(read.most_common(3)), tuple(meant.most_common(3)), marked)
