"""Opening and closing alarms: what is found opens one or keeps it open, what was not found for a while closes.

Of several processes one does it at a time; a second one doing the same would change nothing, for of each name and scope
one alarm is open at most.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from bot.watch.rules import Found

WATCH_LOCK = 7_240_831
DATABASE_AWAY = "database_away"

HOLD = text("SELECT pg_try_advisory_xact_lock(:lock)")
RAISE = text(
    """
    INSERT INTO alarms (name, scope, severity, value, threshold, detail, at)
    VALUES (:name, :scope, :severity, :value, :threshold, :detail, :now)
    ON CONFLICT (name, scope) WHERE closed_at IS NULL DO UPDATE SET
        last_at = now(), value = EXCLUDED.value, threshold = EXCLUDED.threshold, detail = EXCLUDED.detail,
        severity = EXCLUDED.severity,
        seen_by = CASE WHEN alarms.severity = EXCLUDED.severity THEN alarms.seen_by END,
        seen_at = CASE WHEN alarms.severity = EXCLUDED.severity THEN alarms.seen_at END
    RETURNING xmax = 0 AS opened
    """
)
CLOSE = text(
    """
    UPDATE alarms SET closed_at = now()
    WHERE closed_at IS NULL AND name <> 'lookups_locked' AND last_at < now() - CAST(:quiet AS interval)
    RETURNING name, scope
    """
)
WAS_AWAY = text(
    """
    INSERT INTO alarms (name, scope, severity, value, threshold, detail, at, opened_at, last_at, closed_at)
    SELECT CAST(:name AS text), '', 'severe', CAST(:seconds AS float8), 0, CAST(:detail AS text),
           CAST(:at AS timestamptz), CAST(:since AS timestamptz), now(), now()
    WHERE NOT EXISTS (
        SELECT 1 FROM alarms WHERE name = CAST(:name AS text) AND closed_at > CAST(:since AS timestamptz)
    )
    """
)
"""Several processes missed the same database: the first to find it again writes it down."""


@dataclass(frozen=True)
class Changed:
    """What opened and what closed, as (name, scope)."""

    opened: tuple[tuple[str, str], ...]
    closed: tuple[tuple[str, str], ...]


async def hold(session: AsyncSession) -> bool:
    """Say whether this transaction is the one that watches now."""
    return bool(await session.scalar(HOLD, {"lock": WATCH_LOCK}))


async def settle(session: AsyncSession, found: Sequence[Found], *, now: datetime, quiet: timedelta) -> Changed:
    """Open, keep open and close."""
    opened = []
    for it in found:
        row = await session.execute(
            RAISE,
            {
                "name": it.name,
                "scope": it.scope,
                "severity": it.severity,
                "value": it.value,
                "threshold": it.threshold,
                "detail": it.detail[:300] or None,
                "now": now,
            },
        )
        if row.scalar_one():
            opened.append((it.name, it.scope))
    closed = (await session.execute(CLOSE, {"quiet": quiet})).all()
    return Changed(tuple(opened), tuple((name, scope) for name, scope in closed))


async def was_away(session: AsyncSession, *, since: datetime, seconds: float, detail: str, at: datetime) -> None:
    """Write down that the database was away, once for all processes."""
    given = {"name": DATABASE_AWAY, "seconds": seconds, "detail": detail, "at": at, "since": since}
    await session.execute(WAS_AWAY, given)
