"""What did each incident cost: how many people, messages and cases, and what share of all complaints of its time?

People and messages are those of the conversations that belong to the incident; a person on two channels is one.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import text

from records.database import ReadSession
from trends.cells import LEFT_OUT as NO_COMPLAINTS
from trends.cells import READY
from trends.helping.span import moments
from trends.within import LEFT_OUT, Within

MOST, MEASURED = 20, 5
MOST_NEWS = 500
ABOUT = text(
    """
    SELECT i.id, i.title, i.status, i.severity, i.started_at, i.ended_at,
           (SELECT count(*) FROM tickets t WHERE t.incident_id = i.id) AS cases,
           whom.people, whom.conversations
    FROM incidents i, LATERAL (
        SELECT count(DISTINCT p.person_key) AS people, count(*) AS conversations
        FROM incident_people p WHERE p.incident_id = i.id AND p.taken_out_at IS NULL
    ) AS whom
    WHERE i.status <> 'suspected' AND i.started_at < :after
      AND coalesce(i.ended_at, CAST(:now AS timestamptz)) >= :first
    ORDER BY whom.people DESC, i.started_at DESC, i.id LIMIT :most
    """
)
MESSAGES = text(
    f"""
    WITH told AS (
        SELECT conversation_id, at FROM trend_facts f
        WHERE at BETWEEN :began AND :ended AND intent <> ALL(CAST(:left_out AS smallint[]))
        UNION ALL
        SELECT t.conversation_id, t.created_at
        FROM (SELECT turn_id FROM trend_news ORDER BY id LIMIT {MOST_NEWS}) AS new
        JOIN turns t ON t.id = new.turn_id AND t.created_at BETWEEN :began AND :ended
          AND coalesce(t.corrected_intent, t.intent) <> ALL(:left_out_keys)
        WHERE NOT EXISTS (SELECT FROM trend_facts f WHERE f.turn_id = t.id)
    )
    SELECT count(*) AS complaints, count(p.conversation_id) AS theirs FROM told LEFT JOIN incident_people p
      ON p.incident_id = :incident AND p.conversation_id = told.conversation_id AND p.taken_out_at IS NULL
    """  # noqa: S608 (a number of our own)
)
"""From the facts, which are narrow and know their conversation; what is not folded yet is added."""


@dataclass(frozen=True)
class Impact:
    """One incident, over its own time."""

    id: str
    title: str
    status: str
    severity: str
    started_at: datetime
    ended_at: datetime | None
    cases: int
    people: int
    conversations: int
    messages: int | None
    """Complaints that these conversations wrote while it lasted; counted for the largest incidents only."""
    complaints: int | None
    """All complaints of that time."""

    @property
    def share(self) -> float | None:
        """Their part of all complaints of that time."""
        return self.messages / self.complaints if self.messages is not None and self.complaints else None


async def impacts(session: ReadSession, within: Within, now: datetime, measured: int = MEASURED) -> list[Impact]:
    """Return the incidents that lay in the range, those of most people first; so many with their messages."""
    first, after = moments(within)
    rows = (await session.execute(ABOUT, {"now": now, "first": first, "after": after, "most": MOST})).all()
    return [
        await _counted(session, row, now)
        if place < measured
        else Impact(**row._asdict(), messages=None, complaints=None)
        for place, row in enumerate(rows)
    ]


async def _counted(session: ReadSession, row: Any, now: datetime) -> Impact:
    await session.execute(READY)
    given = {
        **{"incident": row.id, "began": row.started_at, "ended": row.ended_at or now},
        **{"left_out": await session.scalar(NO_COMPLAINTS), "left_out_keys": list(LEFT_OUT)},
    }
    said = (await session.execute(MESSAGES, given)).one()
    return Impact(**row._asdict(), messages=said.theirs, complaints=said.complaints)
