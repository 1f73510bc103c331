"""The keeper: finishes deletions whose last message has gone out, and empties what was kept long enough.

Looks every few seconds of real time; how old a thing is goes by the injected clock. Locks in the database see to it
that of several bots one does each piece of work.
"""

import asyncio
import logging

from sqlalchemy.exc import SQLAlchemyError

from records.clock import Clock
from records.database import Database
from records.privacy.requests import finish_deletion, waiting_deletions
from records.privacy.retention import Limits, is_due, sweep
from records.settings import RecordsSettings

log = logging.getLogger("bot.keeping")

LOOK_SECONDS = 5.0


class Keeper:
    """Keeps what may be kept and no longer."""

    def __init__(
        self, database: Database, clock: Clock, settings: RecordsSettings, *, look_seconds: float = LOOK_SECONDS
    ) -> None:
        self._database, self._clock, self._settings = database, clock, settings
        self._look_seconds = look_seconds

    async def run(self) -> None:
        """Look now and then until cancelled; a database that is away is waited for."""
        while True:
            try:
                await self.look()
            except (SQLAlchemyError, OSError, TimeoutError) as problem:
                log.warning("database away: %s", type(problem).__name__)
            await asyncio.sleep(self._look_seconds)

    async def look(self) -> None:
        """Do what is to be done now."""
        async with self._database.read() as session:
            waiting = await waiting_deletions(session)
            due = await is_due(session, self._clock(), self._settings.helpdesk_sweep_every)
        for request in waiting:
            async with self._database.write() as session:
                if await finish_deletion(session, request, self._clock()):
                    log.info("deletion finished: %s", request)
        if due:
            report = await sweep(self._database, self._clock, Limits.of(self._settings), by="bot")
            log.info("retention: %s", dict(report.counts))
