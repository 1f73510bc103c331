"""The books of a broadcast: everybody it is meant for stands in exactly one column, at every moment.

sent + failed + unknown + skipped + waiting = audience. What became of a message is read where it stands, in the outbox.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text

from desk.broadcasts.standing import CLOSED, FROM, OUT, standing_given
from desk.broadcasts.words import RECOVERY
from records.database import ReadSession
from records.models import Broadcast

SENT, FAILED, UNKNOWN, SKIPPED, WAITING = "sent", "failed", "unknown", "skipped", "waiting"
COLUMNS = {
    SENT: "Terkirim",
    FAILED: "Gagal",
    UNKNOWN: "Tidak diketahui",
    SKIPPED: "Dilewati",
    WAITING: "Menunggu",
}
COLUMN = """CASE
    WHEN p.state IN ('skipped', 'to_agents') THEN 'skipped'
    WHEN p.state <> 'queued' THEN 'waiting'
    WHEN o.status IN ('sent', 'delivered', 'read') THEN 'sent'
    WHEN o.status = 'refused' THEN 'failed'
    WHEN o.status = 'unknown' THEN 'unknown'
    WHEN o.status = 'withheld' THEN 'skipped'
    ELSE 'waiting'
END"""
WHY = """CASE
    WHEN p.state = 'to_agents' THEN COALESCE(p.reason, 'to_agents')
    WHEN p.state <> 'queued' THEN COALESCE(p.reason, p.state)
    WHEN o.status = 'waiting' THEN 'window'
    ELSE o.status
END"""
BOOKS = text(
    f"""
    SELECT {COLUMN} AS column, {WHY} AS why, p.channel, count(*) AS people
    FROM broadcast_people p LEFT JOIN outbox o ON o.message_id = p.message_id
    WHERE p.broadcast_id = :broadcast GROUP BY 1, 2, 3
    """  # noqa: S608 (conditions of our own)
)
STANDING = text(
    f"""
    SELECT p.state, p.channel, {OUT} AS out, {CLOSED} AS closed, p.intent, count(*) AS people,
           max(p.told_at) AS told_at, max(p.checked_at) AS checked_at
    FROM {FROM}
    WHERE p.broadcast_id = :broadcast AND p.state NOT IN ('queued', 'to_agents', 'skipped')
    GROUP BY 1, 2, 3, 4, 5
    """  # noqa: S608
)
REASONS_OF_STATES = {
    "waiting": "giliran",
    "fixed": "siap dikirimi",
    "cannot_say": "siap dikirimi kabar umum",
    "not_fixed": "belum beres, segera ke petugas",
    "due": "sudah di antrean kirim",
    "sending": "sedang dikirim",
    "sent": "diterima kanal",
    "delivered": "sampai",
    "read": "dibaca",
    "refused": "ditolak kanal",
    "unknown": "tanpa kabar dari kanal",
    "withheld": "ditahan karena dihentikan",
}


@dataclass(frozen=True)
class Books:
    """How many people stand in each column, and why."""

    columns: Counter[str]
    why: Counter[tuple[str, str]]
    channels: Counter[tuple[str, str]]

    @property
    def audience(self) -> int:
        """Return everybody."""
        return self.columns.total()


@dataclass(frozen=True)
class Sample:
    """People who read the same but for their own times."""

    state: str
    channel: str
    closed: bool
    intent: str | None
    people: int
    told_at: datetime | None
    checked_at: datetime | None


@dataclass(frozen=True)
class Preview:
    """What would happen if it were sent now; nobody is in two of these."""

    by_text: Counter[str]
    """By which text they read: fixed, cannot_say or waiting (not looked at yet, or the one text there is)."""
    by_channel: Counter[str]
    """Of those who would be written to."""
    open: int
    """Free text goes out."""
    templates: int
    """The window is closed: a template goes out, or they wait."""
    out: Counter[str]
    """Left out, and why."""
    not_fixed: int
    could_not_ask: int
    unchecked: int
    samples: list["Sample"]
    """Everybody who would be written to, by what makes their words differ; the many first."""

    @property
    def written_to(self) -> int:
        """Return how many would be written to."""
        return self.by_channel.total()


async def read_books(session: ReadSession, broadcast_id: UUID) -> Books:
    """Return the books."""
    columns: Counter[str] = Counter(dict.fromkeys(COLUMNS, 0))
    why: Counter[tuple[str, str]] = Counter()
    channels: Counter[tuple[str, str]] = Counter()
    for row in await session.execute(BOOKS, {"broadcast": broadcast_id}):
        columns[row.column] += row.people
        why[row.column, row.why] += row.people
        channels[row.column, row.channel] += row.people
    return Books(columns, why, channels)


async def read_preview(session: ReadSession, broadcast: Broadcast, now: datetime) -> Preview:
    """Return what would happen if it were sent now."""
    seen = Preview(Counter(), Counter(), 0, 0, Counter(), 0, 0, 0, [])
    numbers: Counter[str] = Counter()
    rows = await session.execute(STANDING, await standing_given(session, broadcast, now))
    for row in rows:
        _count(seen, numbers, row, recovers=broadcast.kind == RECOVERY)
    return Preview(
        *(seen.by_text, seen.by_channel, numbers["open"], numbers["closed"], seen.out),
        *(numbers["not_fixed"], numbers["could_not_ask"], numbers["unchecked"]),
        sorted(seen.samples, key=lambda it: -it.people),
    )


def _count(seen: Preview, numbers: Counter[str], row: Any, *, recovers: bool) -> None:
    if row.out:
        seen.out[row.out] += row.people
    elif row.state in ("not_fixed", "could_not_ask"):
        numbers[row.state] += row.people
    elif recovers and row.state == "waiting":
        numbers["unchecked"] += row.people
    else:
        numbers["closed" if row.closed else "open"] += row.people
        seen.by_text[row.state] += row.people
        seen.by_channel[row.channel] += row.people
        what = row.state, row.channel, bool(row.closed), row.intent
        seen.samples.append(Sample(*what, row.people, row.told_at, row.checked_at))
