"""The tide: a number in the records that rises while bots run, noted beside the database too.

Records that were put back by hand are older than what was last seen: a message they call due was sent long ago. A
connection to such records is not let in, so nothing is claimed, sent or stored until a person has looked
(`helpdesk restore --adopt`). Providers keep what they could not deliver and send it again.
"""

import asyncio
import json
import logging
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID

import psycopg
from psycopg.rows import tuple_row
from redis.asyncio import Redis
from redis.exceptions import RedisError
from sqlalchemy.exc import SQLAlchemyError

from records.database import Database

log = logging.getLogger("records.tide")

RISE_SECONDS = 2.0
LOOK = "SELECT lineage, tide FROM epoch WHERE only_row"
RISE = """
    WITH risen AS (
        UPDATE epoch SET tide = tide + 1, moved_at = clock_timestamp()
        WHERE only_row AND moved_at < clock_timestamp() - interval '1.5 seconds' RETURNING lineage, tide
    )
    SELECT lineage, tide FROM risen
    UNION ALL SELECT lineage, tide FROM epoch WHERE only_row AND NOT EXISTS (SELECT FROM risen)
"""


class RecordsAreOlder(psycopg.OperationalError):
    """These records are a copy from before what was last seen of them."""


class Notes(Protocol):
    """A place beside the database that remembers how high the tide was."""

    async def read(self, lineage: UUID) -> int:
        """Return the highest tide noted for these records, or 0."""

    async def write(self, lineage: UUID, tide: int) -> None:
        """Note the tide."""


class FileNotes:
    """A small file, for the bots of one machine."""

    def __init__(self, path: Path) -> None:
        self._path = path

    async def read(self, lineage: UUID) -> int:
        """Return the highest tide noted for these records, or 0."""
        return self._all().get(str(lineage), 0)

    async def write(self, lineage: UUID, tide: int) -> None:
        """Note the tide, unless another process noted a higher one."""
        noted = self._all()
        if noted.get(str(lineage), 0) < tide:
            beside = self._path.with_name(f".{self._path.name}.new")
            with suppress(OSError):
                beside.write_text(json.dumps(noted | {str(lineage): tide}))
                beside.replace(self._path)

    def _all(self) -> dict[str, int]:
        try:
            found: dict[str, int] = json.loads(self._path.read_text())
        except (OSError, ValueError):
            return {}
        return found


class RedisNotes:
    """A key in Redis, for the bots of several machines."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def read(self, lineage: UUID) -> int:
        """Return the highest tide noted for these records, or 0."""
        try:
            return int(await self._redis.get(f"helpdesk:tide:{lineage}") or 0)
        except (RedisError, OSError):
            return 0

    async def write(self, lineage: UUID, tide: int) -> None:
        """Note the tide; a Redis that is away is no reason to stop."""
        with suppress(RedisError, OSError):
            await self._redis.set(f"helpdesk:tide:{lineage}", tide)


class Tide:
    """Raises the tide, notes it, and lets no connection to older records in."""

    def __init__(self, notes: Sequence[Notes]) -> None:
        self._notes = notes
        self._seen: dict[UUID, int] = {}
        self.behind = False
        """Whether the records at hand are older than what was seen."""

    async def admit(self, connection: psycopg.AsyncConnection[Any]) -> None:
        """Raise RecordsAreOlder unless these records are at least as far as what was seen of them."""
        row = await _look(connection)
        if row is None:
            return
        seen = await self._seen_of(row[0])
        if row[1] < seen:
            # it may have risen between the two looks: what was seen before the second one must be in it
            row = await _look(connection) or row
        self._compare(row[1], seen)

    async def run(self, database: Database) -> None:
        """Raise and note the tide until cancelled; a database that is away is waited for."""
        while True:
            with suppress(SQLAlchemyError, OSError, TimeoutError):
                await self.rise(database)
            await asyncio.sleep(RISE_SECONDS)

    async def rise(self, database: Database) -> None:
        """Raise the tide, unless another process just did, and note it."""
        for row in await database.at_once.rows(RISE, {}):
            self._seen[row["lineage"]] = max(row["tide"], self._seen.get(row["lineage"], 0))
            for notes in self._notes:
                await notes.write(row["lineage"], row["tide"])

    async def _seen_of(self, lineage: UUID) -> int:
        noted = [await notes.read(lineage) for notes in self._notes]
        return max(self._seen.get(lineage, 0), *noted, 0)

    def _compare(self, tide: int, seen: int) -> None:
        behind = tide < seen
        if behind and not self.behind:
            log.critical(
                "the records are older than what was last seen of them (tide %s, seen %s): nothing is sent or stored "
                "until somebody has looked: helpdesk restore --adopt",
                *(tide, seen),
            )
        self.behind = behind
        if behind:
            raise RecordsAreOlder(f"records at tide {tide}, seen {seen}")


async def _look(connection: psycopg.AsyncConnection[Any]) -> tuple[UUID, int] | None:
    async with connection.cursor(row_factory=tuple_row) as cursor:
        row = await (await cursor.execute(LOOK)).fetchone()
    if not connection.autocommit:
        await connection.rollback()
    return (row[0], row[1]) if row else None


def notes_of(file: Path | None, redis_url: str | None) -> list[Notes]:
    """Return the places in which the tide is noted."""
    file_notes: list[Notes] = [FileNotes(file)] if file else []
    return [*file_notes, *([RedisNotes(Redis.from_url(redis_url))] if redis_url else [])]
