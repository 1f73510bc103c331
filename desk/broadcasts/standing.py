"""How everybody a broadcast is meant for stands at this moment: who is left out, who waits, who is reached by what.

The preview counts by these and the sending decides by these: one rule for both, so what was shown is what is done.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from desk.broadcasts.words import CORRECTION, RECOVERY
from records.database import ReadSession
from records.models import Broadcast

A_DAY = timedelta(hours=24)
"""What Meta counts begun conversations over."""
ERASED = "c.external_id LIKE 'terhapus:%'"
TAKEN_OUT = """(CAST(:recovers AS text) IS NOT NULL AND NOT EXISTS (
    SELECT FROM incident_people ip WHERE ip.incident_id = :recovers AND ip.taken_out_at IS NULL
      AND (ip.person_key = p.person_key OR ip.conversation_id = p.conversation_id)
))"""
GONE = f"CASE WHEN {ERASED} THEN 'erased' WHEN {TAKEN_OUT} THEN 'taken_out' END"
"""Why somebody is not handed to agents either, or nothing: nobody is there, or the outage was not theirs."""
OUT = f"""CASE
    WHEN {ERASED} THEN 'erased'
    WHEN i.broadcasts_declined_at IS NOT NULL OR EXISTS (
        SELECT FROM identities d WHERE d.participant_id = i.participant_id AND d.broadcasts_declined_at IS NOT NULL
    ) THEN 'declined'
    WHEN c.unreachable IS NOT NULL THEN 'unreachable'
    WHEN {TAKEN_OUT} THEN 'taken_out'
    WHEN EXISTS (
        SELECT FROM broadcast_people q JOIN outbox qo ON qo.message_id = q.message_id
        WHERE q.broadcast_id = ANY(CAST(:earlier AS uuid[])) AND q.person_key = p.person_key
          AND q.queued_at >= p.told_at AND qo.status NOT IN ('refused', 'withheld')
    ) THEN 'told_before'
    WHEN CAST(:agent_tells AS boolean) AND c.owner = 'human' AND c.staff_id IS NOT NULL THEN 'held'
END"""  # noqa: S608 (conditions of our own)
"""Why somebody gets nothing of it, or nothing."""
CLOSED = "(p.channel = 'whatsapp' AND c.window_until <= :now)"
"""Whether only a template can be sent to them."""
FROM = """
    broadcast_people p
    JOIN conversations c ON c.id = p.conversation_id
    LEFT JOIN identities i ON i.id = c.identity_id
"""
WHY_GONE = text(f"SELECT {GONE} FROM {FROM} WHERE p.broadcast_id = :broadcast AND p.person_key = :person")  # noqa: S608
TEMPLATES = text("SELECT count(*) FROM broadcast_people WHERE by_template AND queued_at > :since")


async def standing_given(session: AsyncSession | ReadSession, broadcast: Broadcast, now: datetime) -> dict[str, Any]:
    """Return what the conditions above are given."""
    recovers = broadcast.incident_id if broadcast.kind == RECOVERY else None
    earlier = select(Broadcast.id).where(
        Broadcast.kind == RECOVERY, Broadcast.incident_id == recovers, Broadcast.id != broadcast.id
    )
    return {
        "broadcast": broadcast.id,
        "now": now,
        "recovers": recovers,
        "earlier": list(await session.scalars(earlier)) if recovers else [],
        # what is corrected was heard by themselves: no agent knows of it
        "agent_tells": broadcast.held == "agent" and broadcast.kind != CORRECTION,
    }


async def why_gone(session: AsyncSession, broadcast: Broadcast, person_key: str, now: datetime) -> str | None:
    """Return why it is nothing of this person's any more, or None."""
    given = await standing_given(session, broadcast, now) | {"person": person_key}
    why: str | None = await session.scalar(WHY_GONE, given)
    return why


async def templates_sent(session: AsyncSession | ReadSession, now: datetime) -> int:
    """Return how many templates broadcasts began conversations with within a day."""
    return int(await session.scalar(TEMPLATES, {"since": now - A_DAY}) or 0)
