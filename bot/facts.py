"""What the records say of a bound participant, asked before the model reads: the prior of a turn.

All is asked at the same time and for a moment only; what fails or is late contributes nothing, and no turn waits or
fails for it. Answers are remembered per conversation for a while of real time, because people write several
messages in a row and the records hardly ever change in between. Of a stranger nothing is asked.
"""

import asyncio
import logging
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from checks.incidents import OpenIncident
from checks.prior import likelier
from checks.situation import Situation
from records.database import Database
from registry.interface import Absent, Answer, CouldNotAsk, Known

log = logging.getLogger("bot.facts")

type Overviews = Callable[[str], Awaitable[Mapping[str, Answer[Any]]]]
"""What the registry knows of a participant, by the names of checks/situation.py."""

SOURCE = "catatan meja bantuan"
WAIT_SECONDS = 0.15
REMEMBERED_SECONDS = 300.0
AGAIN_SECONDS = 2.0
"""For so long only where a source was late or could not be asked."""
ASKED = ("overview", "opened")
INCIDENTS_SECONDS = 5.0
MOST = 2_000

INCIDENTS = """
    SELECT id, components, platforms, partners, started_at, estimated_end_at, ended_at, status, public_message, source,
           as_of
    FROM incidents WHERE status <> 'resolved'
"""
TICKET = """
    SELECT opened_at FROM tickets WHERE conversation_id = %(conversation)s AND status IN ('open', 'claimed')
"""


@dataclass(frozen=True)
class Remembered:
    """What was answered of one participant in one conversation."""

    until: float
    situation: Situation
    opened: Answer[datetime] | None


class Facts:
    """Asks for the facts of a turn."""

    def __init__(
        self,
        overview: Overviews,
        database: Database,
        *,
        wait_seconds: float = WAIT_SECONDS,
        elapsed: Callable[[], float] = time.monotonic,
        most: int = MOST,
    ) -> None:
        self._overview, self._database = overview, database
        self._wait, self._elapsed, self._most = wait_seconds, elapsed, most
        self._remembered: OrderedDict[tuple[str, UUID], Remembered] = OrderedDict()
        self._late: set[asyncio.Task[Any]] = set()
        self._incidents: tuple[float, Answer[tuple[OpenIncident, ...]]] | None = None

    async def prior(self, participant: str | None, conversation: UUID, now: datetime) -> list[dict[str, object]]:
        """Return what the records make likelier for this person now; nothing for a stranger."""
        if participant is None or not self._wait:
            return []
        known = self._recall((participant, conversation))
        if known is None:
            known = await self._ask(participant, conversation, now)
            self._keep((participant, conversation), known)
        situation = replace(known.situation, now=now, incidents=await self._open_incidents(now))
        return [it.as_data() for it in likelier(situation, known.opened)]

    def _recall(self, key: tuple[str, UUID]) -> Remembered | None:
        known = self._remembered.get(key)
        return known if known and self._elapsed() < known.until else None

    def _keep(self, key: tuple[str, UUID], known: Remembered) -> None:
        self._remembered[key] = known
        self._remembered.move_to_end(key)
        while len(self._remembered) > self._most:
            self._remembered.popitem(last=False)

    async def _ask(self, participant: str, conversation: UUID, now: datetime) -> Remembered:
        began = self._elapsed()
        told = await self._in_time(
            {"overview": lambda: self._overview(participant), "opened": lambda: self._ticket(conversation, now)}
        )
        answers, opened = told.get("overview", {}), told.get("opened")
        whole = len(told) == len(ASKED) and not any(isinstance(it, CouldNotAsk) for it in answers.values())
        until = began + (REMEMBERED_SECONDS if whole else AGAIN_SECONDS)
        return Remembered(until, Situation("", now, bound=True, **answers), opened)

    async def _open_incidents(self, now: datetime) -> Answer[tuple[OpenIncident, ...]] | None:
        """Return the incidents, the same for everybody and so asked once in a while."""
        if self._incidents is None or self._elapsed() - self._incidents[0] >= INCIDENTS_SECONDS:
            answers = await self._in_time({"incidents": lambda: self._ask_incidents(now)})
            self._incidents = self._elapsed(), answers.get("incidents", CouldNotAsk(SOURCE, "", 0.0))
        return self._incidents[1]

    async def _in_time(self, questions: Mapping[str, Callable[[], Awaitable[Any]]]) -> dict[str, Any]:
        """Ask everything at once; return the answers that came in time.

        Who is late goes on unheard until its own deadline: to give up a question half-way costs its connection.
        """
        tasks = {name: asyncio.ensure_future(_safely(name, question)) for name, question in questions.items()}
        _, late = await asyncio.wait(tasks.values(), timeout=self._wait)
        self._late |= late
        for task in late:
            task.add_done_callback(self._late.discard)
        return {name: task.result() for name, task in tasks.items() if task not in late and task.result() is not None}

    async def _ticket(self, conversation: UUID, now: datetime) -> Answer[datetime]:
        rows = await self._database.at_once.rows(TICKET, {"conversation": conversation})
        return Known(rows[0]["opened_at"], SOURCE, now, 0.0) if rows else Absent(SOURCE, now, 0.0)

    async def _ask_incidents(self, now: datetime) -> Answer[tuple[OpenIncident, ...]]:
        rows = await self._database.at_once.rows(INCIDENTS, {})
        return Known(tuple(_incident(row) for row in rows), SOURCE, now, 0.0)


async def _safely(name: str, question: Callable[[], Awaitable[Any]]) -> Any:
    try:
        return await question()
    except Exception as problem:
        log.warning("not asked for the prior: %s (%s)", name, type(problem).__name__)
        return None


def _incident(row: dict[str, Any]) -> OpenIncident:
    listed = {name: tuple(row[name]) for name in ("components", "platforms", "partners")}
    return OpenIncident(**{**row, **listed})
