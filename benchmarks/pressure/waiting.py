"""People who come while the house is busy: each says one thing in a chat of their own and waits for the answer."""

import asyncio
import time
from itertools import count

from benchmarks import ours
from benchmarks.pressure.webhooks import SAID

FIRST = 9_000_000_000
_numbers = count()


async def newcomers(mine: ours.Ours, *, every: float, seconds: float) -> list[float]:
    """Have somebody new speak every so often for so long; returns how long each waited (unanswered: the longest)."""
    waited: list[float] = []
    async with asyncio.TaskGroup() as group:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            group.create_task(_one(mine, waited))
            await asyncio.sleep(every)
    return waited


async def _one(mine: ours.Ours, waited: list[float]) -> None:
    number = next(_numbers)
    async with mine.mouth() as mouth:
        heard = await mouth.say(FIRST + number, SAID[number % len(SAID)], with_check=False)
        waited.append(heard.seconds)
