"""The doorbell: tells other processes that a row is waiting, and nothing more. The database stays the truth.

Rings are heard through PostgreSQL's LISTEN/NOTIFY, or through Redis where REDIS_URL is set. A lost ring only costs the
listener's next look: everybody also looks by themselves now and then.
"""

import asyncio
from collections.abc import AsyncIterator
from typing import Protocol

import psycopg
from redis.asyncio import Redis
from redis.exceptions import RedisError
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from records.database import psycopg_url

INBOX = "inbox"
OUTBOX = "outbox"
DESK = "desk"
RETRY_SECONDS = 1.0


class Bell(Protocol):
    """Rings by name; whoever listens is told the name and a short word."""

    async def ring(self, session: AsyncSession, name: str, word: str = "") -> None:
        """Ring once the session's transaction is committed (at the latest when listeners look by themselves)."""

    async def call(self, name: str) -> None:
        """Ring at once, outside of any transaction; a bell that is away is no error, for everybody looks again."""

    async def close(self) -> None:
        """Give back what was kept for calling."""

    def listen(self, *names: str) -> AsyncIterator[tuple[str, str]]:
        """Yield (name, word) for every ring, until cancelled.

        Survives the loss of its connection: once it listens again every name rings without a word, which concerns
        everybody, for nobody knows what rang in between.
        """


class PostgresBell:
    """Rings with NOTIFY: heard when the transaction that rings is committed."""

    def __init__(self, url: str) -> None:
        self._conninfo = psycopg_url(url).replace("postgresql+psycopg://", "postgresql://", 1)
        self._caller: psycopg.AsyncConnection[tuple[object, ...]] | None = None

    async def ring(self, session: AsyncSession, name: str, word: str = "") -> None:
        """Ring when this transaction commits."""
        await session.execute(text("SELECT pg_notify(:name, :word)"), {"name": name, "word": word})

    async def call(self, name: str) -> None:
        """Ring on a connection kept for it."""
        try:
            if self._caller is None or self._caller.closed:
                self._caller = await psycopg.AsyncConnection.connect(self._conninfo, autocommit=True, connect_timeout=5)
            await self._caller.execute("SELECT pg_notify(%s, '')", (name,))
        except psycopg.Error:
            await self.close()

    async def close(self) -> None:
        """Hang up the connection kept for calling."""
        if self._caller:
            await self._caller.close()
        self._caller = None

    async def listen(self, *names: str) -> AsyncIterator[tuple[str, str]]:
        """Yield rings; reconnects after a loss."""
        missed: tuple[str, ...] = ()
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(self._conninfo, autocommit=True) as connection:
                    for name in names:
                        await connection.execute(f'LISTEN "{name}"'.encode())
                    for name in missed:
                        yield name, ""
                    missed = names
                    async for notice in connection.notifies():
                        yield notice.channel, notice.payload
            except psycopg.OperationalError:
                await asyncio.sleep(RETRY_SECONDS)


class RedisBell:
    """Rings with Redis pub/sub: rings at once, so a listener may look a moment too early and looks again by itself."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def ring(self, session: AsyncSession, name: str, word: str = "") -> None:
        """Ring now; a Redis that is away is no reason to fail a transaction."""
        await self._publish(name, word)

    async def call(self, name: str) -> None:
        """Ring now."""
        await self._publish(name, "")

    async def close(self) -> None:
        """Hang up."""
        await self._redis.aclose()

    async def _publish(self, name: str, word: str) -> None:
        try:
            await self._redis.publish(f"helpdesk:{name}", word)
        except RedisError:
            return

    async def listen(self, *names: str) -> AsyncIterator[tuple[str, str]]:
        """Yield rings; reconnects after a loss, as the client may have done by itself."""
        before: set[str] = set()
        while True:
            try:
                async with self._redis.pubsub() as pubsub:
                    await pubsub.subscribe(*(f"helpdesk:{name}" for name in names))
                    async for message in pubsub.listen():
                        name = _text(message["channel"]).removeprefix("helpdesk:")
                        if message["type"] == "message":
                            yield name, _text(message["data"])
                        elif message["type"] == "subscribe":
                            if name in before:
                                yield name, ""
                            before.add(name)
            except RedisError:
                await asyncio.sleep(RETRY_SECONDS)


def bell_for(database_url: str, redis_url: str | None) -> Bell:
    """Return Redis' bell where Redis is configured, else PostgreSQL's."""
    return RedisBell(Redis.from_url(redis_url)) if redis_url else PostgresBell(database_url)


def _text(value: bytes | str) -> str:
    return value.decode() if isinstance(value, bytes) else value
