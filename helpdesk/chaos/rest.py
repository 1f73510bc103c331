"""Coming to rest: everything is healed, nobody speaks, and what is under way is given time to conclude."""

import asyncio
import time
from collections.abc import Callable

import httpx
import psycopg

from helpdesk.chaos.ground import Ground

STILL_SECONDS = 3.0
TELL_SECONDS = 10.0
OPEN = """
SELECT (SELECT count(*) FROM inbox WHERE status = 'pending') AS waiting,
       (SELECT count(*) FROM outbox WHERE status IN ('due', 'sending')) AS unsent,
       (SELECT count(*) FROM lanes WHERE held_by IS NOT NULL) AS held
"""


async def come_to_rest(ground: Ground, patience: float, tell: Callable[[str], None]) -> float | None:
    """Wait until nothing moves any more; return how long it took, or None when we never came to rest.

    What a provider still keeps for its next retry is not ours yet: in the end it is counted, and no reason to fail.
    """
    began, still, told = time.monotonic(), 0.0, 0.0
    while time.monotonic() - began < patience:
        left = await _left(ground)
        now = time.monotonic()
        still = (still or now) if not left else 0.0
        if still and now - still >= STILL_SECONDS:
            return now - began
        if left and now - told > TELL_SECONDS:
            told = now
            tell(f"coming to rest: {left}")
        await asyncio.sleep(0.5)
    return None if await _left(ground, providers=False) else time.monotonic() - began


async def _left(ground: Ground, *, providers: bool = True) -> str:
    """Say what still moves; empty when nothing does."""
    away = [name for name, part in ground.parts().items() if part.state != "ready"]
    if away:
        return f"{', '.join(away)} not back yet"
    try:
        counts = (await ground.simulator.get("/control/counts")).json() if providers else {}
        open_ = (await asyncio.to_thread(ground.rows, OPEN))[0]
    except (httpx.HTTPError, psycopg.Error) as problem:
        return type(problem).__name__
    pending = {channel: count["pending"] for channel, count in counts.items()}
    moving = {**{f"pending at {name}": number for name, number in pending.items()}, **open_}
    return ", ".join(f"{name} {number}" for name, number in moving.items() if number)
