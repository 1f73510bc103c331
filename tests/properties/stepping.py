"""One step of the outbox at a time: what its own tasks do by themselves, done when a test says so."""

import asyncio

from bot.outbox import Outbox


async def bytes_leave(outbox: Outbox) -> None:
    """Let every send that has begun end."""
    while outbox._sending:
        await asyncio.gather(*outbox._sending)
        await asyncio.sleep(0)


async def fate_is_written(outbox: Outbox) -> None:
    """Write down what became of what was sent."""
    marks = outbox._marks
    waiting, marks._waiting = marks._waiting, []
    if waiting:
        await marks._record(waiting)


async def settle(outbox: Outbox) -> None:
    """Send what has begun, and write down what became of it."""
    await bytes_leave(outbox)
    await fate_is_written(outbox)
