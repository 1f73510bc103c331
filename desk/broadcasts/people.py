"""The people behind every number of a broadcast, a page at a time; their names only where the reader may know them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text

from desk.access import openable
from desk.broadcasts import words
from desk.broadcasts.counting import COLUMN, COLUMNS, REASONS_OF_STATES, WHY
from desk.broadcasts.standing import CLOSED, FROM, OUT, standing_given
from desk.broadcasts.words import RECOVERY
from desk.sessions import Person
from records.database import ReadSession
from records.models import Broadcast
from trends.labels import CHANNELS

PAGE = 100
OPEN = "p.state NOT IN ('queued', 'to_agents', 'skipped')"
PARTS = {
    "semua": "true",
    "kolom": f"{COLUMN} = :value",
    "alasan": f"{WHY} = :value",
    "kanal": "p.channel = :value",
    "keluar": f"{OPEN} AND {OUT} = :value",
    "teks": f"{OPEN} AND p.state = :value AND {OUT} IS NULL",
    "jendela": f"{OPEN} AND {CLOSED} = (:value = 'tutup') AND {OUT} IS NULL AND p.state = ANY(:written)",
    "dikirimi": f"{OPEN} AND {OUT} IS NULL AND p.state = ANY(:written)",
    "kirim": f"{OPEN} AND p.channel = :value AND {OUT} IS NULL AND p.state = ANY(:written)",
    "cek": "p.state = :value",
}
"""What a number counts, by the word that names it in the address: kolom:sent, keluar:declined …"""
STANDS = f"""{COLUMN} AS "column", COALESCE(CASE WHEN {OPEN} THEN {OUT} END, {WHY}) AS why, o.error, p.checked_at,
    COALESCE(o.status_at, o.sent_at, p.settled_at) AS at"""
"""Where somebody stands, and why."""
SENT = "LEFT JOIN outbox o ON o.message_id = p.message_id"
LIST = """
    SELECT p.position, p.conversation_id, p.channel, p.intent, i.display_name, p.state, {stands},
           t.number AS ticket, o.id AS outbox_id, p.findings
    FROM {people} {sent}
    LEFT JOIN tickets t ON t.id = p.ticket_id
    WHERE p.broadcast_id = :broadcast AND p.position > :after AND {clause}
    ORDER BY p.position LIMIT :most
"""


@dataclass(frozen=True)
class Line:
    """One person of a list."""

    position: int
    conversation_id: UUID
    channel: str
    intent: str | None
    name: str | None
    readable: bool
    column: str
    why: str
    error: str | None
    checked_at: datetime | None
    at: datetime | None
    ticket: str | None
    outbox_id: UUID | None
    found: str


async def read_people(
    session: ReadSession, broadcast: Broadcast, person: Person, now: datetime, *, part: str, after: int = 0
) -> list[Line]:
    """Return the next people of one part; an unknown part is everybody."""
    clause, given = behind(broadcast, part)
    statement = LIST.format(stands=STANDS, sent=SENT, people=FROM, clause=clause)
    given |= await standing_given(session, broadcast, now) | {"after": after, "most": PAGE}
    rows = (await session.execute(text(statement), given)).all()
    readable = await openable(session, person, (row.conversation_id for row in rows))
    return [_line(row, row.conversation_id in readable) for row in rows]


def behind(broadcast: Broadcast, part: str) -> tuple[str, dict[str, Any]]:
    """Return the condition on the people of one part, and what it is given; an unknown part is everybody."""
    word, _, value = part.partition(":")
    clause = PARTS.get(word, PARTS["semua"])
    written = ["fixed", "cannot_say"] if broadcast.kind == RECOVERY else ["waiting"]
    return clause, {name: it for name, it in (("value", value), ("written", written)) if f":{name}" in clause}


def why_words(why: str) -> str:
    """Return why somebody stands where they stand, for staff."""
    return REASONS_OF_STATES.get(why) or words.reason_words(why)


def part_name(part: str) -> str:
    """Return what a list of people is called."""
    word, _, value = part.partition(":")
    names = {
        "kolom": COLUMNS.get(value, value),
        "kanal": CHANNELS.get(value, value),
        "dikirimi": "Akan dikirimi pesan",
        "kirim": f"Akan dikirimi lewat {CHANNELS.get(value, value)}",
        "cek": str(words.words()["verdicts"].get(value, value)),
        "jendela": "Jendela WhatsApp tutup" if value == "tutup" else "Pesan biasa",
    }
    return names.get(word) or (why_words(value) if value else "Semua penerima")


def _line(row: Any, readable: bool) -> Line:
    found = "; ".join(str(it.get("summary", "")) for it in row.findings) if readable else ""
    name = row.display_name if readable else None
    what = row.position, row.conversation_id, row.channel, row.intent, name, readable
    return Line(*what, row.column, row.why, row.error, row.checked_at, row.at, row.ticket, row.outbox_id, found)
