"""One contract for both bells: a ring is heard after the transaction that rang it."""

import asyncio
import shutil
import subprocess
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from fakeredis import FakeAsyncRedis
from redis.asyncio import Redis
from sqlalchemy import text

from records.bell import DESK, Bell, PostgresBell, RedisBell
from records.database import Database


@pytest.fixture
def redis_socket(tmp_path: Path) -> Iterator[str]:
    """A real Redis of this test alone, where the machine has one."""
    server = shutil.which("redis-server")
    if server is None:
        pytest.skip("no Redis on this machine")
    socket = tempfile.mktemp(prefix="hd-redis-", suffix=".sock")  # noqa: S306 (Redis makes it)
    process = subprocess.Popen(
        [server, "--port", "0", "--unixsocket", socket, "--save", "", "--dir", str(tmp_path)],
        stdout=subprocess.DEVNULL,
    )
    until = time.monotonic() + 90
    while not Path(socket).exists() and time.monotonic() < until:
        time.sleep(0.02)
    yield socket
    process.terminate()
    process.wait()


@pytest.fixture(params=["postgres", "fake redis", "redis"])
async def bell(request: pytest.FixtureRequest, database: Database) -> AsyncIterator[Bell]:
    if request.param == "postgres":
        yield PostgresBell(database.url)
        return
    fake = request.param == "fake redis"
    redis = FakeAsyncRedis() if fake else Redis(unix_socket_path=request.getfixturevalue("redis_socket"))
    yield RedisBell(redis)
    await redis.aclose()


async def test_a_ring_reaches_who_listens(bell: Bell, database: Database) -> None:
    heard: asyncio.Queue[tuple[str, str]] = asyncio.Queue()

    async def listen() -> None:
        async for ring in bell.listen(DESK):
            heard.put_nowait(ring)

    listener = asyncio.create_task(listen())
    try:
        async with asyncio.timeout(90):
            while heard.empty():
                async with database.write() as session:
                    await bell.ring(session, DESK, "percakapan-1")
                await asyncio.sleep(0.05)
    finally:
        listener.cancel()
        await asyncio.gather(listener, return_exceptions=True)
    assert heard.get_nowait() == (DESK, "percakapan-1")


async def _cut_off(bell: Bell, database: Database) -> None:
    """Whoever listens loses the line."""
    if isinstance(bell, RedisBell):
        await bell._redis.client_kill_filter(_type="pubsub")
        return
    async with database.write() as session:
        ending = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%' AND datname = :name"
        await session.execute(text(ending), {"name": database.engine.url.database})


@pytest.mark.parametrize("bell", ["postgres", "redis"], indirect=True)
async def test_who_lost_the_line_is_rung_without_a_word_once_it_stands_again(bell: Bell, database: Database) -> None:
    heard: list[tuple[str, str]] = []

    async def listen() -> None:
        async for ring in bell.listen(DESK):
            heard.append(ring)

    listener = asyncio.create_task(listen())
    try:
        async with asyncio.timeout(90):
            while not heard:
                async with database.write() as session:
                    await bell.ring(session, DESK, "percakapan-1")
                await asyncio.sleep(0.05)
            await _cut_off(bell, database)
            while (DESK, "") not in heard:  # noqa: ASYNC110
                await asyncio.sleep(0.05)
    finally:
        listener.cancel()
        await asyncio.gather(listener, return_exceptions=True)
    assert heard[-1] == (DESK, "")
