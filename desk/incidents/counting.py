"""How many belong to an incident: people once each, conversations, on which channels, with a case, and how it ended.

Everything is counted when it is asked for: 50,000 rows take tens of milliseconds, and a kept count could be wrong.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import text

from records.database import ReadSession

AN_HOUR = timedelta(hours=1)
HELPED, UNHELPED = ("fixed", "queued"), ("not_fixed", "to_agents")
"""What the check of a recovery found: their own matter is in order (or they were told so), or it is not."""
COUNTS = """
SELECT p.channel, count(*) AS conversations,
       count(*) FILTER (WHERE p.how = 'by_hand') AS by_hand, count(*) FILTER (WHERE p.how = 'ticket') AS by_ticket,
       count(*) FILTER (WHERE p.how = 'scope' AND p.platform IS NULL) AS unnamed
FROM incident_people p WHERE p.incident_id = :incident AND p.taken_out_at IS NULL
GROUP BY p.channel ORDER BY conversations DESC, p.channel
"""
PEOPLE = """
SELECT (SELECT count(*) FROM (SELECT DISTINCT person_key FROM incident_people
                              WHERE incident_id = :incident AND taken_out_at IS NULL) one) AS people,
       (SELECT count(*) FROM incident_people WHERE incident_id = :incident AND taken_out_at IS NOT NULL) AS out,
       (SELECT count(DISTINCT t.conversation_id) FROM tickets t
        JOIN incident_people p ON p.incident_id = t.incident_id AND p.conversation_id = t.conversation_id
        WHERE t.incident_id = :incident AND p.taken_out_at IS NULL) AS with_case,
       (SELECT count(*) FROM tickets t WHERE t.incident_id = :incident AND t.status <> 'resolved') AS open_cases
"""
RECOVERY = """
SELECT b.id, b.number, b.status FROM broadcasts b
WHERE b.incident_id = :incident AND b.kind = 'recovery' AND b.status <> 'discarded'
ORDER BY b.made_at DESC LIMIT 1
"""
CHECKED = """
SELECT count(*) FILTER (WHERE b.state = ANY(CAST(:helped AS text[]))) AS fixed,
       count(*) FILTER (WHERE b.state = ANY(CAST(:unhelped AS text[]))) AS not_fixed
FROM incident_people p JOIN broadcast_people b ON b.broadcast_id = :recovery AND b.person_key = p.person_key
WHERE p.incident_id = :incident AND p.taken_out_at IS NULL
"""

HOURS = """
SELECT date_trunc('hour', p.first_at AT TIME ZONE 'Asia/Jakarta') AS hour, count(*) AS conversations
FROM incident_people p WHERE p.incident_id = :incident AND p.taken_out_at IS NULL
GROUP BY hour ORDER BY hour DESC LIMIT :most
"""


@dataclass(frozen=True)
class Recovery:
    """The last time everybody's own matter was checked again, and how many conversations it is in order for."""

    id: UUID
    number: str
    status: str
    fixed: int
    not_fixed: int


@dataclass(frozen=True)
class Counted:
    """How many belong to an incident now."""

    people: int
    """Each once, however many channels they wrote on."""
    conversations: int
    with_case: int
    open_cases: int
    out: int
    by_hand: int
    by_ticket: int
    unnamed: int
    channels: tuple[tuple[str, int], ...]
    recovery: Recovery | None = None

    @property
    def by_bot(self) -> int:
        """Conversations with no case of the incident: only the bot answered there."""
        return self.conversations - self.with_case


async def counted(session: ReadSession, incident_id: str) -> Counted:
    """Return how many belong to it."""
    given = {"incident": incident_id}
    channels = (await session.execute(text(COUNTS), given)).all()
    whole = (await session.execute(text(PEOPLE), given)).one()
    return Counted(
        people=whole.people,
        conversations=sum(row.conversations for row in channels),
        with_case=whole.with_case,
        open_cases=whole.open_cases,
        out=whole.out,
        by_hand=sum(row.by_hand for row in channels),
        by_ticket=sum(row.by_ticket for row in channels),
        unnamed=sum(row.unnamed for row in channels),
        channels=tuple((row.channel, row.conversations) for row in channels),
        recovery=await _recovery(session, incident_id),
    )


async def _recovery(session: ReadSession, incident_id: str) -> Recovery | None:
    last = (await session.execute(text(RECOVERY), {"incident": incident_id})).first()
    if last is None:
        return None
    given = {"incident": incident_id, "recovery": last.id, "helped": list(HELPED), "unhelped": list(UNHELPED)}
    found = (await session.execute(text(CHECKED), given)).one()
    return Recovery(last.id, last.number, last.status, found.fixed, found.not_fixed)


async def by_hour(session: ReadSession, incident_id: str, most: int = 48) -> list[tuple[datetime, int]]:
    """Return how many wrote first in each hour (WIB), without gaps, oldest first; no more than the newest hours."""
    rows = await session.execute(text(HOURS), {"incident": incident_id, "most": most})
    known = {row.hour: row.conversations for row in rows}
    if not known:
        return []
    last = max(known)
    span = min(most - 1, (last - min(known)) // AN_HOUR)
    hours = [last - AN_HOUR * back for back in range(span, -1, -1)]
    return [(hour, known.get(hour, 0)) for hour in hours]
