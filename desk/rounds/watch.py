"""Who goes round: of all desks the one that holds the lock in the database; the others stand by to take over.

The lock lives in one connection. It ends with its process, however that ends, and the next desk takes it. Should two go
round for a moment all the same, nothing is done twice: every act of a round is decided by a key or by the version read.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import timedelta

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from desk.office import Office
from desk.rounds.round import Round
from desk.rounds.rounds import ROUNDS
from records.processes import this_process
from records.troubles import DESK_ROUND_DONE, DESK_ROUND_FAILED, Troubles, write

log = logging.getLogger("desk.rounds")

ROUNDS_LOCK = 7_240_841
STANDBY = timedelta(seconds=1)
BEAT = timedelta(seconds=2)
GOODBYE_SECONDS = 5
LONGEST = timedelta(seconds=60)
"""A round that takes longer is given up and counted as failed."""
READING = "desk_rounds"
AWAY = (SQLAlchemyError, OSError, TimeoutError)

TRY = text("SELECT pg_try_advisory_lock(:lock)")
UNLOCK = text("SELECT pg_advisory_unlock(:lock)")
ALIVE = text(
    """
    INSERT INTO readings (name, at, taken_by) VALUES (:name, now(), :me)
    ON CONFLICT (name) DO UPDATE SET at = now(), taken_by = EXCLUDED.taken_by
    """
)
GOODBYE = text("DELETE FROM readings WHERE name = :name AND taken_by = :me")


class Watch:
    """Stands by, and goes round while it holds the lock."""

    def __init__(
        self,
        office: Office,
        rounds: Sequence[Round] = ROUNDS,
        *,
        standby: timedelta = STANDBY,
        beat: timedelta = BEAT,
        longest: timedelta = LONGEST,
    ) -> None:
        self._office, self._rounds = office, rounds
        self._standby, self._beat, self._longest = standby, beat, longest
        self._well: set[str] = set()
        self._stopped = asyncio.Event()
        self.holds = False
        """Whether this desk goes round now."""

    async def run(self) -> None:
        """Stand by or go round until stopped; a database that is away is waited for."""
        while not self._stopped.is_set():
            try:
                async with self._office.database.engine.connect() as connection:
                    await connection.execution_options(isolation_level="AUTOCOMMIT")
                    if await connection.scalar(TRY, {"lock": ROUNDS_LOCK}):
                        await self._hold(connection)
            except AWAY as problem:
                log.warning("database away: %s", type(problem).__name__)
            await self._rest(self._standby)

    def stop(self) -> None:
        """End the rounds; what is just being done is given up and done by the next desk."""
        self._stopped.set()

    async def _rest(self, time: timedelta) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._stopped.wait(), time.total_seconds())

    async def _hold(self, connection: AsyncConnection) -> None:
        """Go round for as long as the connection that holds the lock lives."""
        self.holds, self._well = True, set()
        tasks = [asyncio.create_task(self._go(it)) for it in self._rounds]
        try:
            while not self._stopped.is_set():
                await connection.execute(ALIVE, {"name": READING, "me": this_process()})
                await self._rest(self._beat)
            await connection.execute(GOODBYE, {"name": READING, "me": this_process()})
        finally:
            self.holds = False
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            # a connection that goes back to its pool would keep the lock
            with suppress(*AWAY):
                await connection.execute(UNLOCK, {"lock": ROUNDS_LOCK})
            await connection.invalidate()

    async def _go(self, it: Round) -> None:
        # a query that is cancelled may end as an error of the database: the loop itself must see that it is over
        while self.holds and not self._stopped.is_set():
            await self.once(it)
            await self._rest(it.every)

    async def once(self, it: Round) -> int:
        """Go one round; one that fails is written down, stops no other and is tried again."""
        try:
            async with asyncio.timeout(self._longest.total_seconds()):
                done = await it.run(self._office)
        except Exception:
            log.exception("round %s failed", it.name)
            self._well.discard(it.name)
            await self._note(DESK_ROUND_FAILED, it.name)
            return 0
        if it.name not in self._well:
            await self._note(DESK_ROUND_DONE, it.name)
            self._well.add(it.name)
        return done

    async def _note(self, name: str, scope: str) -> None:
        troubles = Troubles()
        troubles.note(name, scope)
        try:
            async with self._office.database.write() as session:
                await write(session, troubles.take())
        except AWAY as problem:
            log.warning("database away: %s", type(problem).__name__)


@asynccontextmanager
async def going_round(office: Office) -> AsyncIterator[None]:
    """Go round, or stand by, while the block runs."""
    watch = Watch(office)
    task = asyncio.create_task(watch.run())
    try:
        yield
    finally:
        watch.stop()
        await asyncio.wait([task], timeout=GOODBYE_SECONDS)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
