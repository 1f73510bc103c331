"""What waits and what went wrong, read from the records in one statement.

Ages are real time. The answer serves whoever asks within the next second; while the database is away there is none, and
how long ago the last one was is told instead.
"""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from records.database import Database, ReadSession

FRESH_SECONDS = 1.0
PATIENCE_SECONDS = 2.0

FIGURES = text(
    """
    SELECT
      (SELECT count(*) FROM inbox WHERE status = 'pending') AS inbox_pending,
      (SELECT extract(epoch FROM clock_timestamp() - min(stored_at)) FROM inbox WHERE status = 'pending')
        AS inbox_oldest_seconds,
      (SELECT count(*) FROM inbox WHERE status = 'parked') AS inbox_parked,
      (SELECT jsonb_agg(to_jsonb(q)) FROM (
         SELECT channel, priority, count(*) AS count,
                extract(epoch FROM clock_timestamp() - min(created_at)) AS oldest_seconds
         FROM outbox WHERE status IN ('due', 'sending') GROUP BY 1, 2) AS q) AS outbox,
      (SELECT jsonb_agg(to_jsonb(q)) FROM (
         SELECT channel, status, count(*) AS count FROM outbox
         WHERE status IN ('unknown', 'refused', 'withheld') AND settled_at IS NULL
           AND created_at > clock_timestamp() - interval '24 hours' GROUP BY 1, 2) AS q) AS troubled,
      (SELECT count(*) FROM outbox WHERE status = 'unknown' AND settled_at IS NULL) AS outbox_unknown,
      (SELECT COALESCE(sum(count), 0) FROM floods WHERE hour > clock_timestamp() - interval '24 hours')
        AS flooded,
      (SELECT count(*) FROM lookup_counts WHERE locked_until > clock_timestamp()) AS lookups_locked,
      (SELECT count(*) FROM alarms WHERE seen_by IS NULL) AS alarms_unseen,
      (SELECT jsonb_agg(to_jsonb(q)) FROM (
         SELECT name, scope, severity FROM alarms WHERE closed_at IS NULL) AS q) AS alarms,
      (SELECT count(*) FROM processes
         WHERE stopped_at IS NULL AND seen_at > clock_timestamp() - interval '15 seconds') AS processes,
      (SELECT jsonb_agg(to_jsonb(q)) FROM (
         SELECT status, count(*) AS count FROM media
         WHERE status IN ('waiting', 'unscanned') AND inbox_id IS NOT NULL GROUP BY 1) AS q) AS media
    """
)


@dataclass(frozen=True)
class Waiting:
    """What waits of one channel at one priority (0 reply, 1 notice, 2 broadcast)."""

    channel: str
    priority: int
    count: int
    oldest_seconds: float


@dataclass(frozen=True)
class Figures:
    """How things stood at one moment."""

    inbox_pending: int
    inbox_oldest_seconds: float
    """Of what is unanswered; 0 where nothing is."""
    inbox_parked: int
    outbox: tuple[Waiting, ...]
    troubled: dict[tuple[str, str], int]
    """Within 24 hours, by channel and status: unknown, refused, withheld."""
    outbox_unknown: int
    """However old."""
    flooded: int
    """Messages beyond what anybody can mean, within 24 hours."""
    lookups_locked: int
    alarms_unseen: int
    alarms: tuple[tuple[str, str, str], ...]
    """Name, scope and severity of what is open."""
    processes: int
    media: dict[str, int]
    """Files not yet fetched or not yet looked through."""


class FigureReader:
    """Reads the figures, at most once a second for everybody who asks."""

    def __init__(self, database: Database, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._database, self._now = database, monotonic
        self._last: Figures | None = None
        self._last_at: float | None = None
        self._failed_at: float | None = None
        self._reading = asyncio.Lock()

    async def read(self) -> Figures | None:
        """Return the figures of this second, or None while the database is away."""
        async with self._reading:
            if self.age_seconds is not None and self.age_seconds < FRESH_SECONDS:
                return self._last
            if self._failed_at is not None and self._now() - self._failed_at < FRESH_SECONDS:
                return None
            return await self._read()

    @property
    def age_seconds(self) -> float | None:
        """How old the last figures are; None when there never were any."""
        return None if self._last_at is None else self._now() - self._last_at

    async def _read(self) -> Figures | None:
        try:
            async with asyncio.timeout(PATIENCE_SECONDS), self._database.read() as session:
                self._last = await figures(session)
        except (SQLAlchemyError, OSError, TimeoutError):
            self._failed_at = self._now()
            return None
        self._last_at, self._failed_at = self._now(), None
        return self._last


async def figures(session: ReadSession) -> Figures:
    """Return how things stand now."""
    row = (await session.execute(FIGURES)).mappings().one()
    return Figures(
        inbox_pending=row["inbox_pending"],
        inbox_oldest_seconds=float(row["inbox_oldest_seconds"] or 0),
        inbox_parked=row["inbox_parked"],
        outbox=tuple(
            Waiting(it["channel"], it["priority"], it["count"], float(it["oldest_seconds"]))
            for it in _rows(row, "outbox")
        ),
        troubled={(it["channel"], it["status"]): it["count"] for it in _rows(row, "troubled")},
        outbox_unknown=row["outbox_unknown"],
        flooded=int(row["flooded"]),
        lookups_locked=row["lookups_locked"],
        alarms_unseen=row["alarms_unseen"],
        alarms=tuple((it["name"], it["scope"], it["severity"]) for it in _rows(row, "alarms")),
        processes=row["processes"],
        media={it["status"]: it["count"] for it in _rows(row, "media")},
    )


def _rows(row: Any, name: str) -> list[dict[str, Any]]:
    return row[name] or []
