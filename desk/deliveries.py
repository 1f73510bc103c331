"""Deliveries in lists: what is set aside, what nobody knows, what was refused or withheld, what waits long, who floods.

Ages are real time. What an operator has settled is in no list but the one of everything.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text

from desk.delivery_search import Sought
from records.database import ReadSession

PARKED, UNKNOWN, REFUSED, WITHHELD, LONG, FLOODS, ALL = (
    *("diparkir", "tidak-pasti", "ditolak", "ditahan", "lama", "banjir", "semua"),
)
LISTS = {
    PARKED: "Diparkir",
    UNKNOWN: "Tidak pasti",
    REFUSED: "Ditolak",
    WITHHELD: "Ditahan",
    LONG: "Lama menunggu",
    FLOODS: "Banjir pesan",
    ALL: "Semua",
}
PAGE = 50
LONG_SECONDS = 30

IN_LISTS = {
    PARKED: "i.status = 'parked'",
    LONG: "i.status = 'pending' AND i.stored_at < clock_timestamp() - interval '30 seconds'",
    ALL: "i.kind <> 'status'",
}
OUT_LISTS = {
    UNKNOWN: "o.status = 'unknown' AND o.settled_at IS NULL",
    REFUSED: "o.status = 'refused' AND o.settled_at IS NULL",
    WITHHELD: "o.status = 'withheld' AND o.settled_at IS NULL",
    LONG: "o.status IN ('due', 'sending') AND o.created_at < clock_timestamp() - interval '30 seconds'",
    ALL: "true",
}
"""By list, which rows of the inbox and of the outbox are in it; written here alone, so never anybody's words."""

IN_FOUND = """
    (:channel = '' OR i.channel = :channel)
    AND (:hours = 0 OR i.stored_at > clock_timestamp() - :hours * interval '1 hour')
    AND (:everything OR i.conversation_id = ANY(CAST(:conversations AS uuid[]))
         OR i.id = ANY(CAST(:inbox_ids AS bigint[])))
"""
OUT_FOUND = """
    (:channel = '' OR o.channel = :channel)
    AND (:hours = 0 OR o.created_at > clock_timestamp() - :hours * interval '1 hour')
    AND (:everything OR o.conversation_id = ANY(CAST(:conversations AS uuid[]))
         OR o.id = ANY(CAST(:outbox_ids AS uuid[])))
"""
IN_LINES = """
    SELECT 'masuk' AS way, i.id::text AS id, i.channel, i.status, i.stored_at AS at, i.attempts, 0 AS repeats,
           i.error, i.conversation_id, i.kind, m.text AS said, p.display_name, 'participant' AS author, 0 AS priority,
           NULL::timestamptz AS settled_at,
           extract(epoch FROM clock_timestamp() - i.stored_at) AS age_seconds
    FROM inbox i LEFT JOIN messages m ON m.inbox_id = i.id
    LEFT JOIN conversations c ON c.id = i.conversation_id LEFT JOIN identities p ON p.id = c.identity_id
    WHERE {list} AND {found} ORDER BY i.id DESC LIMIT :upto
"""
OUT_LINES = """
    SELECT 'keluar' AS way, o.id::text AS id, o.channel, o.status, o.created_at AS at, o.attempts, o.repeats,
           o.error, o.conversation_id, m.kind, m.text AS said, p.display_name, o.author, o.priority, o.settled_at,
           extract(epoch FROM clock_timestamp() - o.created_at) AS age_seconds
    FROM outbox o JOIN messages m ON m.id = o.message_id
    JOIN conversations c ON c.id = o.conversation_id LEFT JOIN identities p ON p.id = c.identity_id
    WHERE {list} AND {found} ORDER BY o.position DESC LIMIT :upto
"""
FLOOD_LINES = text(
    """
    SELECT f.conversation_id, f.hour, f.count, f.last_at, c.channel, p.display_name
    FROM floods f JOIN conversations c ON c.id = f.conversation_id LEFT JOIN identities p ON p.id = c.identity_id
    WHERE (:channel = '' OR c.channel = :channel)
      AND (:hours = 0 OR f.last_at > clock_timestamp() - :hours * interval '1 hour')
      AND (:everything OR f.conversation_id = ANY(CAST(:conversations AS uuid[])))
    ORDER BY f.last_at DESC LIMIT 200
    """
)


@dataclass(frozen=True)
class Narrowed:
    """What a list is narrowed to."""

    channel: str = ""
    hours: int = 0
    """0: however old."""
    sought: Sought = field(default_factory=Sought)

    def given(self) -> dict[str, object]:
        """Return the parameters of the condition."""
        return {"channel": self.channel, "hours": self.hours, **self.sought.given()}


@dataclass(frozen=True)
class Line:
    """One delivery in a list."""

    way: str
    """masuk or keluar."""
    id: str
    channel: str
    status: str
    at: datetime
    """Real time."""
    attempts: int
    repeats: int
    error: str | None
    conversation_id: UUID | None
    kind: str
    said: str | None
    """Masked."""
    display_name: str | None
    author: str
    priority: int
    settled_at: datetime | None
    age_seconds: float


@dataclass(frozen=True)
class FloodLine:
    """One chat that sent more in an hour than anybody can mean."""

    conversation_id: UUID
    hour: datetime
    count: int
    last_at: datetime
    channel: str
    display_name: str | None


async def lines(session: ReadSession, name: str, narrowed: Narrowed, page: int = 1) -> list[Line]:
    """Return one page of a list and one line more where there is a next page, newest first."""
    parts = [f"({IN_LINES.format(list=IN_LISTS[name], found=IN_FOUND)})"] if name in IN_LISTS else []
    parts += [f"({OUT_LINES.format(list=OUT_LISTS[name], found=OUT_FOUND)})"] if name in OUT_LISTS else []
    union = " UNION ALL ".join(parts)
    statement = text(f"SELECT * FROM ({union}) AS found ORDER BY at DESC, id LIMIT :most OFFSET :past")  # noqa: S608
    given = {**narrowed.given(), "upto": page * PAGE + 1, "most": PAGE + 1, "past": (page - 1) * PAGE}
    return [_line(row) for row in (await session.execute(statement, given)).mappings()]


async def floods(session: ReadSession, narrowed: Narrowed) -> list[FloodLine]:
    """Return the latest floods."""
    given = {name: value for name, value in narrowed.given().items() if name not in ("inbox_ids", "outbox_ids")}
    return [FloodLine(**row) for row in (await session.execute(FLOOD_LINES, given)).mappings()]


async def count(session: ReadSession, narrowed: Narrowed) -> dict[str, int]:
    """Return how many each list holds, but for the one of everything."""
    asked = {name: _counting(name) for name in LISTS if name not in (ALL, FLOODS)}
    asked[FLOODS] = (
        "(SELECT count(*) FROM floods f JOIN conversations c ON c.id = f.conversation_id"
        " WHERE (:channel = '' OR c.channel = :channel)"
        " AND (:hours = 0 OR f.last_at > clock_timestamp() - :hours * interval '1 hour')"
        " AND (:everything OR f.conversation_id = ANY(CAST(:conversations AS uuid[]))))"
    )
    columns = ", ".join(f'{counting} AS "{name}"' for name, counting in asked.items())
    row = (await session.execute(text(f"SELECT {columns}"), narrowed.given())).mappings().one()
    return {name: int(row[name]) for name in asked}


def _counting(name: str) -> str:
    parts = []
    if name in IN_LISTS:
        parts.append(f"(SELECT count(*) FROM inbox i WHERE {IN_LISTS[name]} AND {IN_FOUND})")  # noqa: S608
    if name in OUT_LISTS:
        parts.append(f"(SELECT count(*) FROM outbox o WHERE {OUT_LISTS[name]} AND {OUT_FOUND})")  # noqa: S608
    return " + ".join(parts)


def _line(row: Any) -> Line:
    return Line(**{**row, "age_seconds": float(row["age_seconds"])})
