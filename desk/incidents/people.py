"""The people of an incident, page by page: all, with a case, answered by the bot alone, in order or not, taken out."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text

from desk.incidents.counting import HELPED, UNHELPED
from records.database import ReadSession

PAGE = 50
ALL, WITH_CASE, BY_BOT, OUT = "", "berkasus", "oleh-bot", "dikeluarkan"
FIXED, NOT_FIXED = "beres", "belum-beres"

CASE = "EXISTS (SELECT FROM tickets t WHERE t.conversation_id = p.conversation_id AND t.incident_id = p.incident_id)"
IN_RECOVERY = """EXISTS (SELECT FROM broadcast_people b WHERE b.broadcast_id = :recovery AND b.person_key = p.person_key
    AND b.state = ANY(CAST(:states AS text[])))"""
KINDS = {
    ALL: "p.taken_out_at IS NULL",
    WITH_CASE: f"p.taken_out_at IS NULL AND {CASE}",
    BY_BOT: f"p.taken_out_at IS NULL AND NOT {CASE}",
    FIXED: f"p.taken_out_at IS NULL AND {IN_RECOVERY}",
    NOT_FIXED: f"p.taken_out_at IS NULL AND {IN_RECOVERY}",
    OUT: "p.taken_out_at IS NOT NULL",
}
LIST = """
WITH shown AS (
    SELECT p.* FROM incident_people p
    WHERE p.incident_id = :incident AND {kind} {channel} {before}
    ORDER BY p.first_at DESC, p.conversation_id DESC LIMIT :most
)
SELECT p.conversation_id, p.channel, p.platform, p.intent, p.first_at, p.last_at, p.how, p.reason, p.taken_out_at,
       p.taken_out_why, p.taken_out_as, i.display_name, p.participant_id IS NOT NULL AS bound, by.name AS taken_out_by,
       (SELECT t.number FROM tickets t WHERE t.conversation_id = p.conversation_id AND t.incident_id = p.incident_id
        ORDER BY t.opened_at DESC LIMIT 1) AS number,
       (SELECT count(*) FROM incident_people o WHERE o.incident_id = p.incident_id AND o.person_key = p.person_key
        AND o.taken_out_at IS NULL) AS chats
FROM shown p LEFT JOIN identities i ON i.id = p.identity_id LEFT JOIN staff by ON by.id = p.taken_out_by
ORDER BY p.first_at DESC, p.conversation_id DESC
"""


@dataclass(frozen=True)
class Row:
    """One conversation of the list."""

    conversation_id: UUID
    channel: str
    platform: str | None
    intent: str | None
    first_at: datetime
    last_at: datetime
    how: str
    reason: str | None
    taken_out_at: datetime | None
    taken_out_why: str | None
    taken_out_as: str | None
    name: str | None
    bound: bool
    taken_out_by: str | None
    number: str | None
    chats: int
    """In how many conversations this person belongs to the incident."""


@dataclass(frozen=True)
class Asked:
    """Which of them, and after which one the page begins."""

    recovery: UUID | None = None
    """Which recovery says for whom it is in order."""
    kind: str = ALL
    channel: str = ""
    before: tuple[datetime, UUID] | None = None


async def listed(session: ReadSession, incident_id: str, asked: Asked) -> list[Row]:
    """Return one page and one row more where there are further ones, newest first."""
    given: dict[str, object] = {"incident": incident_id, "most": PAGE + 1}
    parts = {"kind": KINDS[asked.kind], "channel": "", "before": ""}
    if asked.kind in (FIXED, NOT_FIXED):
        given |= {"recovery": asked.recovery, "states": list(HELPED if asked.kind == FIXED else UNHELPED)}
    if asked.channel:
        parts["channel"], given["channel"] = "AND p.channel = :channel", asked.channel
    if asked.before:
        parts["before"] = "AND (p.first_at, p.conversation_id) < (:at, :conversation)"
        given["at"], given["conversation"] = asked.before
    rows = await session.execute(text(LIST.format(**parts)), given)
    return [
        Row(
            *(row.conversation_id, row.channel, row.platform, row.intent, row.first_at, row.last_at, row.how),
            *(row.reason, row.taken_out_at, row.taken_out_why, row.taken_out_as, row.display_name, row.bound),
            *(row.taken_out_by, row.number, row.chats),
        )
        for row in rows
    ]
