"""What the audit costs at 1,000,000 entries: one entry, ten writers at once, a page of the viewer, the whole chain.

`.venv/bin/python -m benchmarks.audit` makes a database of its own, fills it, prints the figures and takes it away.
"""

import asyncio
import shutil
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import text

from desk.trail import Narrowed, entries
from records import audit
from records.database import Database
from records.embedded import EmbeddedPostgres
from records.migrate import upgrade

ENTRIES = 1_000_000
FILL = """
    INSERT INTO audit (at, actor, action, object, detail, previous_hash, hash)
    SELECT now() - (:many - n) * interval '1 second', 'petugas' || n % 200,
           (array['view', 'reply', 'claim', 'note'])[1 + n % 4], 'ticket:T-' || 100000 + n % 300000,
           '{"why": "team"}', md5((n - 1)::text), md5(n::text)
    FROM generate_series(1, :many) n
"""
QUESTIONS = {
    "newest": Narrowed(),
    "one person": Narrowed(who="petugas7"),
    "one act": Narrowed(action="claim"),
    "one case": Narrowed(object="T-150000"),
    "one person's one act, far back": Narrowed(who="petugas7", action="note", before=ENTRIES // 2),
    "one day": Narrowed(
        first=(datetime.now(UTC) - timedelta(days=5)).date(), last=(datetime.now(UTC) - timedelta(days=5)).date()
    ),
}


async def measure(database: Database) -> None:
    async with database.write() as session:
        await session.execute(text(FILL), {"many": ENTRIES})
    async with database.write() as session:
        await session.execute(text("ANALYZE audit"))

    async def one() -> None:
        async with database.write() as session:
            at, what = datetime.now(UTC), {"actor": "sari", "action": "view", "object": "ticket:T-1"}
            await audit.record(session, at=at, **what, detail={"why": "team"})

    said("one entry", [await timed(one) for _ in range(500)])
    began = time.perf_counter()
    crowds = await asyncio.gather(*(several(one, 100) for _ in range(10)))
    said("one entry, ten writers at once", [each for crowd in crowds for each in crowd])
    print(f"{'entries a second, ten writers at once':42} {1000 / (time.perf_counter() - began):8.0f}")
    for name, question in QUESTIONS.items():

        async def page(asked: Narrowed = question) -> None:
            async with database.read() as session:
                await entries(session, asked)

        said(f"page: {name}", await several(page, 30))
    began = time.perf_counter()
    async with database.read() as session:
        count = len([0 async for _ in audit.breaks(session)])
    print(f"{f'chain of {count} followed':42} {time.perf_counter() - began:8.1f} s")


async def timed(work: Callable[[], Awaitable[None]]) -> float:
    began = time.perf_counter()
    await work()
    return (time.perf_counter() - began) * 1000


async def several(work: Callable[[], Awaitable[None]], times: int) -> list[float]:
    return [await timed(work) for _ in range(times)]


def said(what: str, took: list[float]) -> None:
    took = sorted(took)
    print(f"{what:42} p50 {took[len(took) // 2]:6.1f} ms   p95 {took[len(took) * 95 // 100]:6.1f} ms")


def main() -> None:
    folder = Path(tempfile.mkdtemp(prefix="hd-audit-"))
    folder.chmod(0o755)
    server = EmbeddedPostgres(folder / "data")
    server.prepare()
    process = server.start(folder / "log")
    try:
        server.ensure_database("audit")
        upgrade(server.url("audit"))
        asyncio.run(measure(Database(server.url("audit"), pool_size=12)))
    finally:
        EmbeddedPostgres.stop(process)
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
