"""Single statements straight through psycopg: each a transaction of its own, one way there and back.

A turn pays for every statement and every layer above the driver. Errors are SQLAlchemy's all the same, so that callers
need one way to handle them.
"""

import asyncio
import select
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any, LiteralString

import psycopg
from psycopg.rows import DictRow, dict_row
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.ext.asyncio import AsyncSession

type Rows = list[dict[str, Any]]
type Given = Mapping[str, Any]
type Connection = psycopg.AsyncConnection[DictRow]
type Admit = Callable[[psycopg.AsyncConnection[Any]], Awaitable[None]]
"""Looks at a new connection before it is used, and raises where it must not be."""

# The statements look rows up by key: one plan serves every value. It may be made while a table is still empty, and must
# then not be one that reads the whole table.
OPTIONS = "-c plan_cache_mode=force_generic_plan -c enable_seqscan=off -c jit=off"
WAIT_SECONDS = 10.0


class AtOnce:
    """Up to `size` connections on which every statement commits by itself."""

    def __init__(self, url: str, size: int, application: str, admit: Admit | None = None) -> None:
        self._conninfo = url.replace("postgresql+psycopg://", "postgresql://", 1)
        self._application = f"{application} (at once)"
        self._admit = admit
        self._room = asyncio.Semaphore(size)
        self._idle: list[Connection] = []

    async def rows(self, statement: LiteralString, given: Given) -> Rows:
        """Run one statement and return its rows; committed when this returns."""
        async with _translated(), self._connection() as connection:
            return await _all(await connection.execute(statement, given))

    async def rows_within(self, session: AsyncSession, statement: LiteralString, given: Given) -> Rows:
        """Run one statement inside a transaction that is under way."""
        raw = (await (await session.connection()).get_raw_connection()).driver_connection
        if raw is None:
            raise TypeError("the session's connection is closed")
        async with _translated(), raw.cursor(row_factory=dict_row) as cursor:
            return await _all(await cursor.execute(statement, given))

    async def close(self) -> None:
        """Give every connection back."""
        idle, self._idle = self._idle, []
        for connection in idle:
            await connection.close()

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[Connection]:
        async with asyncio.timeout(WAIT_SECONDS):
            await self._room.acquire()
        try:
            connection = await self._kept() or await self._connect()
            try:
                yield connection
            except psycopg.OperationalError:
                # the others may be as dead as this one
                await connection.close()
                await self.close()
                raise
            except psycopg.Error:
                self._idle.append(connection)
                raise
            except BaseException:
                # given up half-way: nobody knows what it would answer next
                await connection.close()
                raise
            self._idle.append(connection)
        finally:
            self._room.release()

    async def _kept(self) -> Connection | None:
        """Return an idle connection at whose other end somebody still is."""
        while self._idle:
            connection = self._idle.pop()
            if _is_quiet(connection):
                return connection
            await connection.close()
        return None

    async def _connect(self) -> Connection:
        connection = await psycopg.AsyncConnection.connect(
            self._conninfo,
            autocommit=True,
            row_factory=dict_row,
            prepare_threshold=0,
            application_name=self._application,
            connect_timeout=5,
            options=OPTIONS,
        )
        if self._admit:
            try:
                await self._admit(connection)
            except BaseException:
                await connection.close()
                raise
        return connection


def _is_quiet(connection: Connection) -> bool:
    """Say whether nothing waits to be read: all an idle connection ever hears is that its server has gone."""
    waiting = select.poll()
    waiting.register(connection.fileno(), select.POLLIN)
    return not waiting.poll(0)


@asynccontextmanager
async def _translated() -> AsyncIterator[None]:
    try:
        yield
    except (psycopg.OperationalError, psycopg.InterfaceError) as error:
        # neither statement nor values: an error in a log must not carry what a participant wrote
        raise OperationalError("(at once)", None, error, hide_parameters=True, connection_invalidated=True) from error
    except psycopg.Error as error:
        raise DBAPIError("(at once)", None, error, hide_parameters=True) from error


async def _all(cursor: psycopg.AsyncCursor[DictRow]) -> Rows:
    return await cursor.fetchall() if cursor.description else []
