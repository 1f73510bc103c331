"""Looks every twenty seconds whether something rises that looks like an outage, and keeps the suspicions."""

import logging
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from weakref import ReferenceType, ref

from desk.detection.evidence import evidence
from desk.detection.hearing import Hearing, begin
from desk.detection.keeping import close, failing_until, go_on, going_on, open_suspicion, over_lately
from desk.office import Office
from desk.rounds.round import Round
from records.database import Database
from trends.rhythm.failing import CHECKS, SENDS
from trends.rhythm.listening import Heard

log = logging.getLogger("desk.detection")
AGAIN = timedelta(minutes=1)
"""So often the evidence of what goes on is brought up to date."""


@dataclass
class Detection:
    """One desk's watch; what it remembers of one database is never used for another."""

    _of: ReferenceType[Database] | None = None
    _hearing: Hearing | None = None
    _shown: dict[str, datetime] = field(default_factory=dict)

    async def run(self, office: Office) -> int:
        """Look once; returns how many suspicions opened or closed."""
        now = office.clock()
        ahead = now - office.real_clock()
        hearing = await self._memory(office, now, ahead)
        try:
            async with office.database.read() as session:
                heard = await hearing.hear(session, now, ahead)
            return await self._keep(office, hearing, heard, now)
        except BaseException:
            # what was heard but not kept is heard again
            self._hearing = None
            raise

    async def _memory(self, office: Office, now: datetime, ahead: timedelta) -> Hearing:
        same = self._of is not None and self._of() is office.database
        if self._hearing is None or not same or not self._hearing.follows(now):
            async with office.database.read() as session:
                self._hearing = await begin(session, now, ahead)
                self._hearing.listening.ended = await over_lately(session, now)
                until = await failing_until(session, now)
            self._hearing.checks.ended, self._hearing.sends.ended = until[CHECKS], until[SENDS]
            self._of, self._shown = ref(office.database), {}
            log.info("listening; %s scopes known", len(self._hearing.listening.baseline.usual))
        # what the records say goes on, goes on: another desk may have found it, or somebody decided
        async with office.database.read() as session:
            known = {it.name: it for it in await going_on(session)}
        mine = {it.name: it for it in self._hearing.going}
        for name, it in mine.items():
            it.settled = it.settled or (name in known and known[name].settled)
        self._hearing.resume([mine.get(name, it) for name, it in known.items()])
        return self._hearing

    async def _keep(self, office: Office, hearing: Hearing, heard: Heard, now: datetime) -> int:
        for it in heard.opened:
            async with office.database.read() as reading:
                shown = await evidence(reading, hearing, it, now)
            async with office.database.write() as session:
                await open_suspicion(session, office.bell, it, shown, now)
            self._shown[it.name] = now
        for it in hearing.going:
            fresh = None
            if now - self._shown.get(it.name, now - AGAIN) >= AGAIN:
                async with office.database.read() as reading:
                    fresh = await evidence(reading, hearing, it, now)
                self._shown[it.name] = now
                async with office.database.write() as session:
                    await go_on(session, it, fresh, now)
        for it in heard.over:
            async with office.database.write() as session:
                await close(session, office.bell, it, now)
        return len(heard.opened) + len(heard.over)


ROUND = Round("detection", timedelta(seconds=20), Detection().run)
