"""Counting what agents did: the acts stand as rows, put together by day, person and team.

Records that were brought in without their acts (a restored or rehearsed history) get them from messages, hand-overs
and cases when everything is counted anew.
"""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

FOLD = text(
    """
    WITH fresh AS (
        UPDATE agent_acts SET counted = true WHERE NOT counted RETURNING at, staff_id, team_id, what
    )
    INSERT INTO agent_days (day, staff_id, team_id, what, number)
    SELECT (at AT TIME ZONE 'Asia/Jakarta')::date, staff_id, team_id, what, count(*) FROM fresh GROUP BY 1, 2, 3, 4
    ON CONFLICT (day, staff_id, team_id, what) DO UPDATE SET number = agent_days.number + excluded.number
    """
)
KNOWN = text("SELECT min(at) FROM agent_acts")
TAKEN = text(
    """
    INSERT INTO agent_acts (at, what, staff_id, team_id, ticket_id)
    SELECT h.at, 'taken', coalesce(a.staff_id, h.staff_id), t.team_id, t.id
    FROM hand_overs h JOIN tickets t ON t.id = h.ticket_id AND t.conversation_id = h.conversation_id
    LEFT JOIN assignments a ON a.ticket_id = t.id AND a.at = h.at
    WHERE h.to_owner = 'human' AND coalesce(a.staff_id, h.staff_id) IS NOT NULL
      AND (CAST(:before AS timestamptz) IS NULL OR h.at < :before)
      AND (a.staff_id IS NOT NULL OR h.reason = 'diambil dari antrean')
    """
)
REPLIED = text(
    """
    INSERT INTO agent_acts (at, what, staff_id, team_id, ticket_id)
    SELECT m.created_at, 'replied', m.staff_id, t.team_id, t.id
    FROM messages m JOIN LATERAL (
        SELECT id, team_id FROM tickets WHERE tickets.conversation_id = m.conversation_id
          AND opened_at <= m.created_at AND merged_into_id IS NULL ORDER BY opened_at DESC LIMIT 1
    ) AS t ON true
    WHERE m.author = 'agent' AND m.direction = 'out' AND m.kind <> 'closing' AND m.staff_id IS NOT NULL
      AND (CAST(:before AS timestamptz) IS NULL OR m.created_at < :before)
    """
)
RESOLVED = text(
    """
    INSERT INTO agent_acts (at, what, staff_id, team_id, ticket_id)
    SELECT resolved_at, 'resolved', staff_id, team_id, id FROM tickets
    WHERE status = 'resolved' AND merged_into_id IS NULL AND staff_id IS NOT NULL AND summary <> '[dihapus]'
      AND (CAST(:before AS timestamptz) IS NULL OR resolved_at < :before)
    """
)


async def fold_new(session: AsyncSession) -> None:
    """Put the new acts to their days."""
    await session.execute(FOLD)


async def rebuild(session: AsyncSession) -> None:
    """Write down the acts from before acts were written down, and count all of them."""
    before = await session.scalar(KNOWN)
    for statement in (TAKEN, REPLIED, RESOLVED):
        await session.execute(statement, {"before": before})
    await fold_new(session)
