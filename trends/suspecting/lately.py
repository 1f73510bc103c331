"""What came in the last hours: complaints one by one, questions no source answered, messages no channel took.

One person who says the same thing again within the hour counts once: an outage is many people.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import text

from records.database import ReadSession
from trends.rhythm.days import minute_of
from trends.rhythm.recent import Arrived
from trends.within import LEFT_OUT

SAME_MINUTES = 60
COMPLAINTS = text("""
    SELECT id, conversation_id, created_at, COALESCE(corrected_intent, intent) AS intent,
           COALESCE(platform, '-') AS platform, channel
    FROM turns
    WHERE created_at >= :since AND created_at <= :now
      AND COALESCE(corrected_intent, intent) IS NOT NULL AND NOT COALESCE(corrected_intent, intent) = ANY(:left_out)
    ORDER BY created_at, id
""")
CHECKS = text("""
    SELECT source AS name, minute, sum(count) AS failures FROM source_failures
    WHERE minute >= :since AND minute <= :now GROUP BY source, minute
""")
SENDS = text("""
    SELECT channel AS name, date_trunc('minute', created_at) AS minute, count(*) AS failures FROM outbox
    WHERE status IN ('unknown', 'refused') AND settled_at IS NULL AND created_at >= :since AND created_at <= :now
    GROUP BY 1, 2
""")

Minutes = dict[int, list[Arrived]]
Failures = dict[str, Counter[int]]
"""Source or channel → minute → how many failed."""


@dataclass
class People:
    """Who said what in the last hour."""

    _said: dict[tuple[UUID, str], tuple[int, UUID]] = field(default_factory=dict)

    def new(self, row: Any, minute: int) -> bool:
        """Whether this was not said by the same person a short while ago."""
        key = (row.conversation_id, row.intent)
        before = self._said.get(key)
        if before and before[1] != row.id and minute - before[0] < SAME_MINUTES:
            return False
        self._said[key] = (minute, row.id)
        return True

    def forget_before(self, minute: int) -> None:
        """Let go of what was said earlier."""
        self._said = {key: it for key, it in self._said.items() if it[0] >= minute}


async def complaints(session: ReadSession, people: People, since: datetime, now: datetime) -> Minutes:
    """Return the complaints between two moments by the minute, everybody's once."""
    found: dict[int, Counter[tuple[str, str, str]]] = defaultdict(Counter)
    for row in await session.execute(COMPLAINTS, {"since": since, "now": now, "left_out": list(LEFT_OUT)}):
        minute = minute_of(row.created_at)
        if people.new(row, minute):
            found[minute][row.intent, row.platform, row.channel] += 1
    return {minute: [(*leaf, float(count)) for leaf, count in came.items()] for minute, came in sorted(found.items())}


async def failed_checks(session: ReadSession, since: datetime, now: datetime) -> Failures:
    """Return the questions that sources did not answer."""
    return _counted(await session.execute(CHECKS, {"since": since, "now": now}), timedelta())


async def failed_sends(session: ReadSession, since: datetime, now: datetime, ahead: timedelta) -> Failures:
    """Return the messages whose sending failed; `ahead` is how far the house's clock is ahead of the machines'."""
    return _counted(await session.execute(SENDS, {"since": since - ahead, "now": now - ahead}), ahead)


def _counted(rows: Iterable[Any], ahead: timedelta) -> Failures:
    found: Failures = defaultdict(Counter)
    for row in rows:
        found[row.name][minute_of(row.minute + ahead)] += int(row.failures)
    return found
