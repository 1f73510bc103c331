"""The engine and the two kinds of transaction: one that writes, committed once at the edge, and one that only reads.

Nobody else calls commit(). A reader's type says that it reads; PostgreSQL holds it to that. What every message needs
several times goes past SQLAlchemy as single statements (records/at_once.py).
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import NewType

from sqlalchemy import event, text
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine

from records.at_once import Admit, AtOnce

ReadSession = NewType("ReadSession", AsyncSession)
OF_THE_HOUR = ("08", "40", "53", "55", "57", "58")
"""Classes of SQLSTATE that say nothing of the statement: connection, conflict, resources, locks, operator, system."""


def is_away(problem: DBAPIError) -> bool:
    """Say whether the database is at fault, and not what was asked of it.

    A server that refuses connections, or is just recovering, has no state to tell and invalidates no connection.
    """
    state = getattr(problem.orig, "sqlstate", None)
    if state:
        return state[:2] in OF_THE_HOUR
    return problem.connection_invalidated or isinstance(problem, OperationalError | InterfaceError)


def psycopg_url(url: str) -> str:
    """Return the URL with the driver we use, whatever spelling of PostgreSQL the setting has."""
    for spelling in ("postgresql://", "postgres://"):
        if url.startswith(spelling):
            return "postgresql+psycopg://" + url.removeprefix(spelling)
    return url


@asynccontextmanager
async def same_moment(session: ReadSession) -> AsyncIterator[ReadSession]:
    """Read over another connection of the same engine, at the very moment the session reads."""
    snapshot = await session.scalar(text("SELECT pg_export_snapshot()"))
    async with AsyncSession(session.bind) as other:
        await other.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"))
        await other.execute(text(f"SET TRANSACTION SNAPSHOT '{snapshot}'"))
        yield ReadSession(other)


class Database:
    """One engine, handed to whoever needs transactions."""

    def __init__(
        self, url: str, *, pool_size: int = 10, application: str = "helpdesk", admit: Admit | None = None
    ) -> None:
        self.url = psycopg_url(url)
        self.engine: AsyncEngine = create_async_engine(
            self.url,
            pool_size=pool_size,
            max_overflow=5,
            pool_pre_ping=True,  # a database that was started again must not cost the next visitor an error
            pool_timeout=10,
            hide_parameters=True,  # an error in a log must not carry what a participant wrote
            connect_args={"application_name": application, "connect_timeout": 5},
        )
        self._sessions = async_sessionmaker(self.engine, expire_on_commit=False, autoflush=False)
        if admit:
            event.listen(self.engine.sync_engine, "connect", lambda connection, _: connection.run_async(admit))
        self.at_once = AtOnce(self.url, pool_size, application, admit)

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncSession]:
        """One transaction: committed when the block ends well, rolled back when it does not."""
        async with self._sessions.begin() as session:
            yield session

    @asynccontextmanager
    async def read(self) -> AsyncIterator[ReadSession]:
        """One read-only transaction: the database refuses a write in it."""
        async with self._sessions() as session:
            await session.execute(text("SET TRANSACTION READ ONLY"))
            yield ReadSession(session)

    async def ping(self) -> None:
        """Raise unless the database answers."""
        async with self.engine.connect() as connection:
            await connection.execute(text("SELECT 1"))

    async def close(self) -> None:
        """Give every connection back."""
        await self.at_once.close()
        await self.engine.dispose()
