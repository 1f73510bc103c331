"""Single statements straight through psycopg: each a transaction of its own, one way there and back.

A turn pays for every statement and every layer above the driver. Errors are SQLAlchemy's all the same, so that callers
need one way to handle them.
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any, LiteralString

import psycopg
from psycopg.rows import DictRow, dict_row
from psycopg_pool import AsyncConnectionPool
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

type Rows = list[dict[str, Any]]
type Given = Mapping[str, Any]

# The statements look rows up by key: one plan serves every value. It may be made while a table is still empty, and must
# then not be one that reads the whole table.
OPTIONS = "-c plan_cache_mode=force_generic_plan -c enable_seqscan=off -c jit=off"
WAIT_SECONDS = 10.0


class AtOnce:
    """A pool of connections on which every statement commits by itself."""

    def __init__(self, url: str, size: int, application: str) -> None:
        self._pool: AsyncConnectionPool[psycopg.AsyncConnection[DictRow]] = AsyncConnectionPool(
            url.replace("postgresql+psycopg://", "postgresql://", 1),
            kwargs={
                "autocommit": True,
                "row_factory": dict_row,
                "application_name": f"{application} (at once)",
                "connect_timeout": 5,
                "options": OPTIONS,
                "prepare_threshold": 0,
            },
            min_size=1,
            max_size=size,
            timeout=WAIT_SECONDS,
            open=False,
        )
        self._open = False

    async def rows(self, statement: LiteralString, given: Given) -> Rows:
        """Run one statement and return its rows; committed when this returns."""
        if not self._open:
            await self._pool.open()
            self._open = True
        async with self._translated():
            try:
                async with self._pool.connection() as connection:
                    return await _all(await connection.execute(statement, given))
            except psycopg.OperationalError:
                # the others may be as dead as this one
                await self._pool.check()
                raise

    async def rows_within(self, session: AsyncSession, statement: LiteralString, given: Given) -> Rows:
        """Run one statement inside a transaction that is under way."""
        raw = (await (await session.connection()).get_raw_connection()).driver_connection
        if raw is None:
            raise TypeError("the session's connection is closed")
        async with self._translated(), raw.cursor(row_factory=dict_row) as cursor:
            return await _all(await cursor.execute(statement, given))

    async def close(self) -> None:
        """Give every connection back."""
        if self._open:
            await self._pool.close()

    @staticmethod
    @asynccontextmanager
    async def _translated() -> AsyncIterator[None]:
        try:
            yield
        except psycopg.Error as error:
            gone = isinstance(error, psycopg.OperationalError | psycopg.InterfaceError)
            # neither statement nor values: an error in a log must not carry what a participant wrote
            raise DBAPIError("(at once)", None, error, hide_parameters=True, connection_invalidated=gone) from error


async def _all(cursor: psycopg.AsyncCursor[DictRow]) -> Rows:
    return await cursor.fetchall() if cursor.description else []
