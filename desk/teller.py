"""Tells open conversations what was said, as their pages show it: read once for all pages, several times a second.

Whatever the number of pages, a round asks three questions: what was said, who still holds each sign-in, and whose the
cases are. Nothing is shown to whom it would not be shown now; a sign-in that ended ends its stream at the next
heartbeat at the latest, however much or little is said.
"""

import asyncio
import json
import logging
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from uuid import UUID

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from desk.access import Owned, current_cases, why_open
from desk.attachments import Attachments
from desk.ears import Listener
from desk.looking import glance_token
from desk.office import Office
from desk.paper import render
from desk.sessions import Person, find_people
from desk.thread import Said, read_newer
from records.database import ReadSession

ROUND = 0.1
"""Seconds between two rounds: what is said meanwhile goes together."""

log = logging.getLogger(__name__)


@asynccontextmanager
async def telling(office: Office) -> AsyncIterator[None]:
    """Tell while the block runs."""
    teller = Teller(office)
    work = asyncio.create_task(teller.run())
    try:
        yield
    finally:
        work.cancel()
        with suppress(asyncio.CancelledError):
            await work


class Teller:
    """Goes round the open conversations."""

    def __init__(self, office: Office) -> None:
        self._office, self._ears = office, office.ears
        self._looked_at = time.monotonic()

    async def run(self) -> None:
        """Tell until cancelled; a database that is away costs a round, and pages look by themselves meanwhile."""
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._ears.ringing.wait(), self._until_heartbeat())
            self._ears.ringing.clear()
            rung, self._ears.rung = self._ears.rung, set()
            try:
                await self._round(rung)
            except (DBAPIError, PoolTimeout):
                log.warning("nothing could be read for the open pages")
            except Exception:
                log.exception("a round failed")  # one that cannot be shown must not silence all pages
            await asyncio.sleep(ROUND)

    async def _round(self, rung: set[str]) -> None:
        wanting = {listener: self._wanted(listener, rung) for listener in self._ears.listeners}
        wanting = {listener: keys for listener, keys in wanting.items() if keys}
        heartbeat = self._until_heartbeat() == 0
        if not wanting and not heartbeat:
            return
        looked_at = [it for it in self._ears.listeners if it.token] if heartbeat else list(wanting)
        async with self._office.database.read() as session:
            tokens = {it.token for it in looked_at}
            now, at = self._office.real_clock(), self._office.clock()
            people = await find_people(session, tokens, now=now, at=at) if tokens else {}
            said, cases = await self._read(session, wanting)
        for listener in looked_at:
            if listener.token not in people:
                listener.close()
        for listener, keys in wanting.items():
            if person := people.get(listener.token):
                self._tell(listener, person, keys, said, cases)
        if heartbeat:
            self._looked_at = time.monotonic()

    async def _read(
        self, session: ReadSession, wanting: dict[Listener, set[str]]
    ) -> tuple[dict[UUID, list[Said]], dict[UUID, Owned]]:
        keys = {UUID(key) for keys in wanting.values() for key in keys}
        if not keys:
            return {}, {}
        after = min(listener.upto[key] for listener, keys in wanting.items() for key in keys)
        said = await read_newer(session, keys, after)
        return said, await current_cases(session, list(said)) if said else {}

    def _wanted(self, listener: Listener, rung: set[str]) -> set[str]:
        return {key for key in listener.upto if key in rung or "" in rung}

    def _tell(
        self,
        listener: Listener,
        person: Person,
        keys: set[str],
        said: dict[UUID, list[Said]],
        cases: dict[UUID, Owned],
    ) -> None:
        for key in keys:
            chat = UUID(key)
            news = [one for one in said.get(chat, ()) if one.position > listener.upto[key]]
            if news and why_open(person, chat, cases.get(chat)):
                listener.upto[key] = news[-1].position
                listener.give(
                    "pesan", json.dumps({"percakapan": key, "html": self._shown(listener, person, chat, news)})
                )

    def _shown(self, listener: Listener, person: Person, chat: UUID, news: list[Said]) -> str:
        if listener.request is None:
            return ""
        listener.request.state.person = person
        common = {"attachments": Attachments(()), "conversation_id": chat, "holding": False}
        common["glance"] = glance_token(person, chat)
        return "".join(render(listener.request, "conversation_pesan.html", m=one, **common) for one in news)

    def _until_heartbeat(self) -> float:
        return max(0.0, self._looked_at + self._office.heartbeat.total_seconds() - time.monotonic())
