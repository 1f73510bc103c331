"""One contract for both bells: a ring is heard after the transaction that rang it."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from fakeredis import FakeAsyncRedis

from records.bell import DESK, Bell, PostgresBell, RedisBell
from records.database import Database


@pytest.fixture(params=["postgres", "redis"])
async def bell(request: pytest.FixtureRequest, database: Database) -> AsyncIterator[Bell]:
    if request.param == "postgres":
        yield PostgresBell(database.url)
        return
    redis = FakeAsyncRedis()
    yield RedisBell(redis)
    await redis.aclose()


async def test_a_ring_reaches_who_listens(bell: Bell, database: Database) -> None:
    heard: asyncio.Queue[tuple[str, str]] = asyncio.Queue()

    async def listen() -> None:
        async for ring in bell.listen(DESK):
            heard.put_nowait(ring)

    listener = asyncio.create_task(listen())
    try:
        async with asyncio.timeout(10):
            while heard.empty():
                async with database.write() as session:
                    await bell.ring(session, DESK, "percakapan-1")
                await asyncio.sleep(0.05)
    finally:
        listener.cancel()
        await asyncio.gather(listener, return_exceptions=True)
    assert heard.get_nowait() == (DESK, "percakapan-1")
