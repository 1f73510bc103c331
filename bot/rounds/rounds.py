"""The rounds: every second or two, in every bot; locks in the database see to it that each thing is done once."""

import asyncio
import logging

from sqlalchemy.exc import SQLAlchemyError

from bot.rounds.asked import ask_whether_it_came
from bot.rounds.kept import tell_who_waits
from bot.rounds.left import take_up_what_was_left
from bot.rounds.windows import free_what_waited
from records.clock import Clock
from records.database import Database

log = logging.getLogger("bot.rounds")

EVERY_SECONDS = 1.5


class Rounds:
    """Goes round until cancelled."""

    def __init__(self, database: Database, clock: Clock, due: asyncio.Event, said: asyncio.Event) -> None:
        self._database, self._clock, self._due, self._said = database, clock, due, said

    async def run(self) -> None:
        """Look; a database that is away is waited for."""
        while True:
            try:
                await self.look()
            except (SQLAlchemyError, OSError, TimeoutError) as problem:
                log.warning("database away: %s", type(problem).__name__)
            await asyncio.sleep(EVERY_SECONDS)

    async def look(self) -> None:
        """Go round once."""
        if left := await take_up_what_was_left(self._database):
            log.warning("taken up from processes that ended: %s", left)
            self._due.set()
        told = await tell_who_waits(self._database, self._clock)
        asked = await ask_whether_it_came(self._database, self._clock)
        freed = await free_what_waited(self._database, self._clock)
        if left or told or asked or freed:
            self._said.set()
