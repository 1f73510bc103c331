"""The cases of an incident's people: open ones about the same matter are linked to it, all others stay as they are."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

# open cases about it are few, its people may be a crowd: the few are looked up among the many. LIMIT keeps the planner,
# which knows nothing yet of people who just came, from going the other way, and || from reading the crowd once a case
LINK = """
WITH about AS MATERIALIZED (
    SELECT id FROM tickets WHERE status <> 'resolved' AND incident_id IS NULL
      AND (intent = ANY(CAST(:intents AS text[])) OR also ?| CAST(:intents AS text[]))
), theirs AS (
    SELECT t.id FROM about JOIN tickets t USING (id)
    CROSS JOIN LATERAL (
        SELECT joined_at FROM incident_people
        WHERE conversation_id = t.conversation_id AND incident_id || '' = :incident AND taken_out_at IS NULL LIMIT 1
    ) AS p
    WHERE t.status <> 'resolved' AND t.incident_id IS NULL {fresh}
    ORDER BY t.id FOR NO KEY UPDATE OF t
)
UPDATE tickets SET incident_id = :incident, version = version + 1 WHERE id IN (SELECT id FROM theirs)
"""
FRESH = "AND (p.joined_at >= :news OR t.opened_at >= :news)"
LINK_ONE = """
UPDATE tickets SET incident_id = :incident, version = version + 1
WHERE conversation_id = :conversation AND status <> 'resolved' AND incident_id IS NULL
"""
CUT_OFF = """
UPDATE tickets t SET incident_id = NULL, version = version + 1
FROM incident_people p
WHERE p.incident_id = :incident AND p.conversation_id = t.conversation_id AND p.taken_out_at IS NOT NULL
  AND t.incident_id = :incident AND t.status <> 'resolved'
"""
CUT_OFF_ONE = CUT_OFF + " AND p.conversation_id = :conversation"


async def link_cases(
    session: AsyncSession, incident_id: str, intents: list[str], *, news: datetime | None = None
) -> int:
    """Link the open cases of its people that are about it and are not linked yet; returns how many.

    With `news` only those of people who came, or cases opened, since then. A case of another incident stays there.
    """
    given: dict[str, Any] = {"incident": incident_id, "intents": intents, **({"news": news} if news else {})}
    done = await session.execute(text(LINK.replace("{fresh}", FRESH if news else "")), given)
    return int(done.rowcount)  # type: ignore[attr-defined]


async def link_case_of(session: AsyncSession, incident_id: str, conversation: UUID) -> int:
    """Link the open case of one conversation, whatever it is about: staff said it belongs there."""
    done = await session.execute(text(LINK_ONE), {"incident": incident_id, "conversation": conversation})
    return int(done.rowcount)  # type: ignore[attr-defined]


async def cut_off(session: AsyncSession, incident_id: str, conversation: UUID | None = None) -> int:
    """Cut the open cases of those who were taken out (or of one of them) off from the incident; returns how many."""
    statement = CUT_OFF_ONE if conversation else CUT_OFF
    given = {"incident": incident_id, **({"conversation": conversation} if conversation else {})}
    done = await session.execute(text(statement), given)
    return int(done.rowcount)  # type: ignore[attr-defined]
