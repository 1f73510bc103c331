"""`bench backlog`: twenty thousand messages at once; how fast they drain, in which order, and who waits meanwhile."""

import asyncio
import time
from pathlib import Path

import psycopg

from benchmarks import ours
from benchmarks.figures import milliseconds, quantile
from benchmarks.pressure.waiting import newcomers
from benchmarks.pressure.webhooks import knock, updates
from benchmarks.report import Tell

CHATS = 2_000
EVERY_SECONDS, LOOK_SECONDS = 0.5, 5.0
PENDING = "SELECT count(*) FROM inbox WHERE status = 'pending'"
UNSENT = "SELECT count(*) FROM outbox WHERE status IN ('due', 'sending')"
OUT_OF_ORDER = """
SELECT count(*) FROM (
    SELECT m.position < lag(m.position) OVER (PARTITION BY i.conversation_id ORDER BY i.order_key, i.id) AS inverted
    FROM inbox i JOIN messages m ON m.inbox_id = i.id
) pairs WHERE inverted
"""
UNCONCLUDED = (
    "SELECT count(*) FROM inbox i LEFT JOIN turns t ON t.inbox_id = i.id WHERE i.kind = 'text' AND t.id IS NULL"
)


def measure(bench: Path, *, messages: int, tell: Tell) -> dict[str, object]:
    """Return how a backlog drains."""
    with ours.running(bench / "system", tell) as mine, psycopg.connect(mine.conninfo, autocommit=True) as look:
        asyncio.run(knock(mine.told, updates(200, 100), 50))
        idle = asyncio.run(newcomers(mine, every=EVERY_SECONDS, seconds=15))
        tell(f"{messages} messages as fast as the door takes them")
        began = time.monotonic()
        doors = asyncio.run(knock(mine.told, updates(messages, CHATS, 200), None))
        taken, behind = time.monotonic() - began, _count(look, PENDING)
        tell(f"taken in {taken:.0f} s, {behind} wait; draining")
        waited = asyncio.run(_drain(mine, look, tell))
        drained = time.monotonic() - began
        return {
            "ours": {
                "messages": messages,
                "acknowledged": doors.acknowledged,
                "taken_per_second": round(messages / taken),
                "behind": behind,
                "drained_s": round(drained),
                "drained_per_second": round(messages / drained, 1),
                "out_of_order": _count(look, OUT_OF_ORDER),
                "unconcluded": _count(look, UNCONCLUDED),
                "idle_p95_ms": milliseconds(quantile(idle, 0.95)),
                "newcomers": len(waited),
                "newcomers_p50_ms": milliseconds(quantile(waited, 0.5)),
                "newcomers_p95_ms": milliseconds(quantile(waited, 0.95)),
            }
        }


async def _drain(mine: ours.Ours, look: "psycopg.Connection[tuple[int, ...]]", tell: Tell) -> list[float]:
    """Wait until nothing is left, with somebody new speaking all the while."""
    waited: list[float] = []
    while left := _count(look, PENDING) + _count(look, UNSENT):
        tell(f"  {left} left")
        waited += await newcomers(mine, every=EVERY_SECONDS, seconds=LOOK_SECONDS)
    return waited


def _count(look: "psycopg.Connection[tuple[int, ...]]", query: str) -> int:
    row = look.execute(query.encode()).fetchone()
    return int(row[0]) if row else 0
