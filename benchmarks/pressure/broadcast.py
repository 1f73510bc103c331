"""`bench broadcast`: ten thousand notices at the channel's own limit, with people being answered beside it."""

import asyncio
import time
from pathlib import Path

import psycopg

from benchmarks import ours
from benchmarks.figures import milliseconds, quantile
from benchmarks.pressure.waiting import newcomers
from benchmarks.report import Tell
from benchmarks.wire import Line

FIRST = 8_500_000_000
ALLOWED = 30
"""Telegram's messages a second, as the simulator enforces them."""
EVERY_SECONDS, IDLE_SECONDS, LOOK_SECONDS = 0.7, 20.0, 10.0
LIMITED = {"SIMULATOR_TELEGRAM_LIMITS": "true"}
SAID = "Pengumuman: gangguan pembayaran di salah satu platform sedang ditangani. Kakak tidak perlu membeli ulang."
RECIPIENTS = """
WITH people AS (
    INSERT INTO identities (id, channel, external_id)
    SELECT gen_random_uuid(), 'telegram', (8500000000 + n)::text FROM generate_series(1, %(count)s) n
    RETURNING id, external_id
), chats AS (
    INSERT INTO conversations (id, channel, external_id, identity_id, opened_at)
    SELECT gen_random_uuid(), 'telegram', external_id, id, now() FROM people RETURNING id
)
INSERT INTO lanes (conversation_id) SELECT id FROM chats
"""
NOTICES = """
WITH said AS (
    INSERT INTO messages (id, conversation_id, direction, author, text, created_at)
    SELECT gen_random_uuid(), id, 'out', 'system', %(said)s, now() FROM conversations
    WHERE external_id::bigint > 8500000000 AND external_id::bigint <= 8500000000 + %(count)s
    RETURNING id, conversation_id
)
INSERT INTO outbox (id, conversation_id, message_id, channel, payload, author, owner_version, priority)
SELECT gen_random_uuid(), conversation_id, id, 'telegram',
       jsonb_build_object('text', %(said)s::text, 'buttons', '[]'::jsonb), 'system', 0, 2
FROM said
"""
LEFT = "SELECT count(*) FROM outbox WHERE priority = 2 AND status IN ('due', 'sending')"
STATES = "SELECT status, count(*) FROM outbox WHERE priority = 2 GROUP BY status"
TWICE = "SELECT count(*) FROM outbox WHERE priority = 2 AND attempts > 1"


def measure(bench: Path, *, count: int, tell: Tell) -> dict[str, object]:
    """Return the share of the allowed rate that was used, and what replies waited."""
    with ours.running(bench / "system", tell, LIMITED) as mine, psycopg.connect(mine.conninfo, autocommit=True) as look:
        look.execute(RECIPIENTS, {"count": count})
        asyncio.run(_made_known(mine, count))
        asyncio.run(newcomers(mine, every=0.2, seconds=4))
        idle = asyncio.run(newcomers(mine, every=EVERY_SECONDS, seconds=IDLE_SECONDS))
        tell(f"idle replies p95 {milliseconds(quantile(idle, 0.95))} ms; {count} notices")
        before = asyncio.run(_sent(mine))
        look.execute(NOTICES, {"count": count, "said": SAID})
        began = time.monotonic()
        waited = asyncio.run(_run(mine, look, tell))
        seconds = time.monotonic() - began
        said = asyncio.run(_sent(mine)) - before
        states: dict[object, object] = dict(look.execute(STATES).fetchall())
        twice = look.execute(TWICE).fetchone()
    p95_idle, p95 = quantile(idle, 0.95), quantile(waited, 0.95)
    return {
        "ours": {
            "notices": count,
            "sent": states.get("sent", 0),
            "tried_twice": twice[0] if twice else 0,
            "seconds": round(seconds),
            "per_second": round(said / seconds, 2),
            "share_of_allowed": round(said / seconds / ALLOWED, 3),
            "idle_p95_ms": milliseconds(p95_idle),
            "replies": len(waited),
            "p95_ms": milliseconds(p95),
            "ratio": round(p95 / p95_idle, 2) if p95_idle else 0,
        }
    }


async def _run(mine: ours.Ours, look: "psycopg.Connection[tuple[object, ...]]", tell: Tell) -> list[float]:
    """Let people speak until the last notice has gone out."""
    waited: list[float] = []
    while left := _left(look):
        tell(f"  {left} left")
        # a window that ends with the last notice: what follows it is idle again
        waited += await newcomers(mine, every=EVERY_SECONDS, seconds=min(LOOK_SECONDS, left / ALLOWED))
    return waited


def _left(look: "psycopg.Connection[tuple[object, ...]]") -> int:
    row = look.execute(LEFT).fetchone()
    return int(str(row[0])) if row else 0


async def _made_known(mine: ours.Ours, count: int) -> None:
    """A bot cannot write first; these people wrote to it long ago."""
    async with Line(int(mine.told["SIMULATOR_PORT"])) as line:
        status, said = await line.post(f"/control/telegram/known?first={FIRST + 1}&count={count}", {})
        if status != 200:
            raise RuntimeError(f"the simulator knows nobody: {said}")


async def _sent(mine: ours.Ours) -> int:
    """Return how many messages of the bot the simulator has seen on Telegram."""
    async with Line(int(mine.told["SIMULATOR_PORT"])) as line:
        _, said = await line.get("/control/counts")
        return int(said["telegram"]["bot"])
