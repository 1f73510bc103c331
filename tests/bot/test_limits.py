"""How fast a channel is written to: the same scenes with limits in memory and in Redis (a real one where there is)."""

import asyncio
import shutil
import subprocess
import tempfile
import time
from collections.abc import AsyncIterator, Iterator

import pytest
from fakeredis import FakeAsyncRedis
from redis.asyncio import Redis
from redis.exceptions import ConnectionError as RedisAway

from bot.limits import Limits, LocalLimits, Rules
from bot.shared_limits import SharedLimits, redis_for

SITI, BUDI, GROUP = "7001", "7002", "-100500"
BRISK = Rules("telegram", 20, 2, 3, group_rate=1, group_burst=2)
SLOW = Rules("telegram", 20, 0.02, 3, group_rate=0.01, group_burst=2)
"""What a chat has used up does not come back while a busy machine pauses."""
A_SECOND = 1.0
"""Sooner than that nothing of a channel's window comes back: then its figures are exact."""


@pytest.fixture(scope="module")
def redis_socket() -> Iterator[str]:
    server = shutil.which("redis-server")
    if server is None:
        pytest.skip("no redis-server here")
    with tempfile.TemporaryDirectory(prefix="redis-") as folder:
        path = f"{folder}/redis"
        process = subprocess.Popen(
            [server, "--port", "0", "--unixsocket", path, "--save", "", "--loglevel", "warning"],
            stdout=subprocess.DEVNULL,
        )
        try:
            yield path
        finally:
            process.terminate()
            process.wait()


@pytest.fixture(params=["memory", "fakeredis", "redis"])
async def kept(request: pytest.FixtureRequest) -> AsyncIterator[type[Limits]]:
    if request.param == "memory":
        yield LocalLimits
        return
    redis: Redis = FakeAsyncRedis()
    if request.param == "redis":
        redis = Redis(unix_socket_path=request.getfixturevalue("redis_socket"))
        await _up(redis)
        await redis.flushall()
    yield lambda rules: SharedLimits(rules, redis)  # type: ignore[misc]
    await redis.aclose()


async def _up(redis: Redis) -> None:
    async with asyncio.timeout(60):
        while True:
            try:
                await redis.ping()
                return
            except RedisAway:
                await asyncio.sleep(0.05)


async def test_a_chat_takes_a_short_burst_and_then_waits_for_itself_alone(kept: type[Limits]) -> None:
    limits = kept(SLOW)  # type: ignore[call-arg]
    assert [await limits.take(SITI) for _ in range(3)] == [0, 0, 0]
    assert 0 < await limits.take(SITI) <= 50
    assert await limits.take(BUDI) == 0


async def test_a_group_has_a_limit_of_its_own(kept: type[Limits]) -> None:
    limits = kept(SLOW)  # type: ignore[call-arg]
    assert [await limits.take(GROUP) for _ in range(2)] == [0, 0]
    assert 60 < await limits.take(GROUP) <= 100


async def test_in_no_second_does_more_go_out_than_the_channel_allows(kept: type[Limits]) -> None:
    limits = kept(BRISK)  # type: ignore[call-arg]
    went: list[tuple[float, float]] = []
    """When each was asked for and when it was granted: counted somewhere between, also on a busy machine."""
    chats = iter(range(1_000))
    while len(went) < 45:
        asked = time.monotonic()
        if wait := await limits.take(str(next(chats))):
            await asyncio.sleep(wait)
        else:
            went.append((asked, time.monotonic()))
    within = [sum(1 for _, granted in went[first:] if granted - asked < 1) for first, (asked, _) in enumerate(went)]
    assert max(within) <= 20


async def test_what_is_refused_counts_against_nobody(kept: type[Limits]) -> None:
    limits = kept(Rules("telegram", 5, 0.01, 1))  # type: ignore[call-arg]
    began = time.monotonic()
    assert await limits.take(SITI) == 0
    for _ in range(20):
        assert await limits.take(SITI) > 0
    replies = (await limits.room()).replies
    assert replies == 4 or (replies == 5 and time.monotonic() - began > A_SECOND)


async def test_a_broadcast_leaves_a_place_for_replies(kept: type[Limits]) -> None:
    limits = kept(BRISK)  # type: ignore[call-arg]
    chats = (f"9{number}" for number in range(1_000))
    sent, waited = 0, 0.0
    replied: list[float] = []
    while sent < 30 or not replied:
        if wait := await limits.take(next(chats), broadcast=True):
            if len(replied) < sent // 10:
                replied.append(await limits.take(next(chats)))
            waited += wait
            await asyncio.sleep(wait)
        else:
            sent += 1
    assert not any(replied)
    # what it asks to wait is what the rate needs, however long a busy machine sleeps
    assert waited <= sent / (20 * 0.8)


async def test_a_429_of_one_chat_holds_back_that_chat_only(kept: type[Limits]) -> None:
    limits = kept(BRISK)  # type: ignore[call-arg]
    await limits.hold_back(SITI, 300, whole_channel=False)
    assert 240 < await limits.take(SITI) <= 300
    assert await limits.take(BUDI) == 0


async def test_a_429_of_the_number_holds_back_everybody(kept: type[Limits]) -> None:
    limits = kept(BRISK)  # type: ignore[call-arg]
    await limits.hold_back(SITI, 300, whole_channel=True)
    assert 240 < await limits.take(BUDI) <= 300
    room = await limits.room()
    assert (room.replies, room.broadcasts) == (0, 0)
    assert 240 < room.wait <= 300


async def test_two_senders_share_one_limit(redis_socket: str) -> None:
    redis = Redis(unix_socket_path=redis_socket)
    await _up(redis)
    await redis.flushall()
    one_in_a_long_time = Rules("telegram", 0.01, 1, 1)
    first, second = SharedLimits(one_in_a_long_time, redis), SharedLimits(one_in_a_long_time, redis)
    taken = [await (first, second)[number % 2].take(str(number)) for number in range(4)]
    assert [wait > 0 for wait in taken] == [False, True, True, True]
    await redis.flushall()
    first, second = SharedLimits(BRISK, redis), SharedLimits(BRISK, redis)
    began = time.monotonic()
    taken = [await (first, second)[number % 2].take(str(number)) for number in range(24)]
    waited = [wait > 0 for wait in taken]
    assert waited[:20] == [False] * 20
    assert waited[20:] == [True] * 4 or time.monotonic() - began > A_SECOND
    await redis.aclose()


async def test_a_redis_that_is_away_leaves_each_to_keep_its_own() -> None:
    limits = SharedLimits(SLOW, redis_for("redis://127.0.0.1:1"))
    began = time.monotonic()
    assert [await limits.take(SITI) for _ in range(3)] == [0, 0, 0]
    assert await limits.take(SITI) > 0
    replies = (await limits.room()).replies
    assert replies == 17 or (17 < replies <= 20 and time.monotonic() - began > A_SECOND)
