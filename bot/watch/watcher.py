"""The watcher: every few seconds a process says that it lives, writes its troubles down and, if nobody else does, looks
at the rules. A database that is away is remembered here, for it cannot be written down there.
"""

import asyncio
import logging
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from bot.settings import AlarmSettings
from bot.watch.alarms import hold, settle, was_away
from bot.watch.processes import forget_old, say_alive, say_goodbye, say_room
from bot.watch.rules import found
from bot.watch.seen import look
from bot.watch.telegram_webhook import Ask, read_webhook
from bot.watch.telling import Telling
from records.bell import DESK, Bell
from records.clock import Clock, system_clock, wib
from records.database import Database
from records.troubles import Troubles, write

log = logging.getLogger("bot.watch")

PATIENCE_SECONDS = 5.0
AWAY = (SQLAlchemyError, OSError, TimeoutError)


@dataclass
class DatabaseAway:
    """Since when the records cannot be written to, and whether that was told."""

    since: datetime
    began: float
    reason: str
    told: bool = False


class Watcher:
    """Watches for all processes; one of them at a time looks at the rules."""

    def __init__(
        self,
        database: Database,
        bell: Bell,
        clock: Clock,
        settings: AlarmSettings,
        troubles: Troubles,
        telling: Telling,
        *,
        name: str,
        part: str,
        ask_telegram: Ask | None = None,
        version_ends: date | None = None,
        token_until: date | None = None,
        real: Clock = system_clock,
        free_bytes: Callable[[], float] = lambda: shutil.disk_usage(Path.cwd()).free,
    ) -> None:
        self._database, self._bell, self._clock, self._real = database, bell, clock, real
        self._settings, self._troubles, self._telling = settings, troubles, telling
        self._name, self._part = name, part
        self._ask_telegram, self._free_bytes = ask_telegram, free_bytes
        self._version_ends, self._token_until = version_ends, token_until
        self.away: DatabaseAway | None = None
        """Set while the records cannot be written to."""

    async def run(self) -> None:
        """Look every few seconds until cancelled."""
        try:
            while True:
                await self.look()
                await asyncio.sleep(self._settings.alarm_every.total_seconds())
        finally:
            await self._goodbye()

    async def look(self) -> None:
        """Look once; whatever goes wrong, the next look comes."""
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                await self._say()
        except AWAY as problem:
            await self._is_away(problem)
            return
        await self._is_back()
        try:
            if self._ask_telegram:
                every = self._settings.alarm_ask_telegram_every
                await read_webhook(self._database, self._ask_telegram, by=self._name, every=every)
            await self._look_at_the_rules()
        except AWAY as problem:
            log.warning("rules not looked at: %s", type(problem).__name__)
        except Exception:
            # a rule that fails must not end the watching of all others
            log.exception("rules not looked at")

    async def _say(self) -> None:
        taken = self._troubles.take()
        try:
            async with self._database.write() as session:
                await say_alive(session, self._name, self._part)
                await say_room(session, self._name, self._free_bytes())
                await write(session, taken)
        except BaseException:
            self._troubles.give_back(taken)
            raise

    async def _look_at_the_rules(self) -> None:
        limits = self._settings
        async with self._database.write() as session:
            if not await hold(session):
                return
            now = self._clock()
            seen = await look(
                session,
                today=wib(now).date(),
                silent=limits.alarm_silent,
                remembered=limits.alarm_dead_for,
            )
            now_so = found(seen, limits, version_ends=self._version_ends, token_until=self._token_until)
            changed = await settle(session, now_so, now=now, quiet=limits.alarm_quiet)
            await forget_old(session)
            if changed.opened or changed.closed:
                await self._bell.ring(session, DESK, "")
        for name, scope in changed.opened:
            log.error("alarm opened: %s %s", name, scope)
        for name, scope in changed.closed:
            log.warning("alarm closed: %s %s", name, scope)
        async with self._database.write() as session:
            if await hold(session):
                await self._telling.tell(session)

    async def _is_away(self, problem: BaseException) -> None:
        if self.away is None:
            self.away = DatabaseAway(self._real(), time.monotonic(), type(problem).__name__)
            log.error("alarm opened: database_away (%s)", self.away.reason)
        if not self.away.told:
            self.away.told = await self._telling.database_away(away=True, since=self.away.since)

    async def _is_back(self) -> None:
        away, self.away = self.away, None
        if away is None:
            return
        seconds = time.monotonic() - away.began
        log.warning("alarm closed: database_away after %.0f s", seconds)
        try:
            async with self._database.write() as session:
                await was_away(session, since=away.since, seconds=seconds, detail=away.reason, at=self._clock())
                await self._bell.ring(session, DESK, "")
        except AWAY:
            self.away = away
            return
        if away.told:
            await self._telling.database_away(away=False, since=self._real())

    async def _goodbye(self) -> None:
        try:
            async with asyncio.timeout(1), self._database.write() as session:
                await say_goodbye(session, self._name)
        except AWAY:
            log.warning("could not say goodbye")
