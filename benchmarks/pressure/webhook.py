"""`bench webhook`: 200 messages a second at the door while the whole house works on them."""

import asyncio
from pathlib import Path

import psycopg

from benchmarks import ours
from benchmarks.figures import milliseconds, quantile
from benchmarks.pressure.webhooks import UPDATES, knock, updates
from benchmarks.report import Tell

CHATS = 3_000
WARM_UP = 400
STORED = "SELECT count(*) FROM inbox WHERE channel = 'telegram' AND external_id LIKE %s"


APART = {"HELPDESK_BOTS": "2", "HELPDESK_BOT_ROLES": "receive,chat;work,send,keep"}
"""The door is a process of its own, as on servers: who works up to the elbows does not open it at once."""


def measure(bench: Path, *, per_second: float, seconds: float, apart: bool, tell: Tell) -> dict[str, object]:
    """Return how long the door takes from a due delivery to a committed 200."""
    with ours.running(bench / "system", tell, ours.UNLIMITED | (APART if apart else {})) as mine:
        tell("warming up")
        asyncio.run(knock(mine.told, updates(WARM_UP, CHATS), per_second / 2))
        tell(f"{per_second:g} a second for {seconds:g} s")
        count = int(per_second * seconds)
        doors = asyncio.run(knock(mine.told, updates(count, CHATS, WARM_UP), per_second))
        with psycopg.connect(mine.conninfo) as connection:
            row = connection.execute(STORED, (f"update:{str(UPDATES)[:2]}%",)).fetchone()
    return {
        "ours": {
            "messages": count,
            "acknowledged": doors.acknowledged,
            "not_acknowledged": count - doors.acknowledged,
            "missing": max(0, doors.acknowledged + WARM_UP - (row[0] if row else 0)),
            "p50_ms": milliseconds(quantile(doors.seconds, 0.5)),
            "p95_ms": milliseconds(quantile(doors.seconds, 0.95)),
            "p99_ms": milliseconds(quantile(doors.seconds, 0.99)),
            "max_ms": milliseconds(max(doors.seconds, default=0.0)),
        }
    }
