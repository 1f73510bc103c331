"""Keeping suspicions: one row for each rise that goes on; opening one tells staff, and it closes by itself."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from desk.detection.words import told
from desk.notices import SUSPICION, give_news
from desk.refusals import NoSuchCase
from desk.rights import ADMIN, LEAD, PMO
from records import audit
from records.bell import DESK, Bell
from records.database import ReadSession
from records.models import Staff, Suspicion
from records.models.base import new_id
from trends.rhythm.days import minute_of, moment_of
from trends.rhythm.failing import CHECKS, SENDS
from trends.rhythm.listening import Going
from trends.rhythm.scope import Scope

OPEN, INCIDENT, DISMISSED, OVER = "open", "incident", "dismissed", "over"
PAGE = "/dugaan"
TOLD = (LEAD, ADMIN, PMO)
BY_ITSELF = "desk"
LATELY = timedelta(hours=4)


async def going_on(session: ReadSession) -> list[Going]:
    """Return what goes on as the records know it."""
    rows = await session.scalars(select(Suspicion).where(Suspicion.over_at.is_(None)))
    return [_going(row) for row in rows]


async def over_lately(session: ReadSession, now: datetime) -> list[tuple[Scope, int]]:
    """Return the scopes of what was over a short while ago, and since when."""
    rows = await session.scalars(
        select(Suspicion).where(Suspicion.over_at > now - LATELY, Suspicion.kind == "complaints")
    )
    return [(scope, minute_of(row.over_at)) for row in rows if row.over_at for scope in _going(row).scopes]


async def failing_until(session: ReadSession, now: datetime) -> dict[str, dict[str, int]]:
    """Return since when failing is over, by its kind and by source or channel."""
    rows = await session.scalars(
        select(Suspicion)
        .where(Suspicion.over_at > now - LATELY, Suspicion.kind.in_((CHECKS, SENDS)))
        .order_by(Suspicion.over_at)
    )
    found: dict[str, dict[str, int]] = {CHECKS: {}, SENDS: {}}
    for row in rows:
        if row.over_at:
            found[row.kind][row.source or row.channel or ""] = minute_of(row.over_at)
    return found


def _going(row: Suspicion) -> Going:
    return Going(
        Scope(row.intent, row.platform, row.channel),
        minute_of(row.began_at),
        minute_of(row.found_at),
        minute_of(row.last_at),
        row.observed,
        row.expected,
        log_chance=float(row.evidence.get("log_chance", 0.0)),
        joined={Scope(**it) for it in row.evidence.get("also", [])},
        settled=row.status != OPEN,
        kind=row.kind,
        source=row.source,
        upto=minute_of(row.last_at),
        before=(row.observed, row.expected),
        name=str(row.id),
    )


async def open_suspicion(session: AsyncSession, bell: Bell, it: Going, shown: dict[str, Any], at: datetime) -> None:
    """Write a new suspicion down and tell everybody who decides about such things."""
    row = Suspicion(id=new_id(), found_at=at, status=OPEN, evidence=shown, **_columns(it, at))
    session.add(row)
    await session.flush()
    it.name = str(row.id)
    await give_news(session, bell, SUSPICION, f"{PAGE}/{row.id}", roles=TOLD, said=told(row), at=at)
    await _note(session, row, "suspicion_opened", at)
    await bell.ring(session, DESK, "dugaan")


async def go_on(session: AsyncSession, it: Going, shown: dict[str, Any] | None, at: datetime) -> None:
    """Bring a suspicion's figures up to date; once decided, its scope stays as it was decided about."""
    row = await session.get(Suspicion, UUID(it.name), with_for_update=True)
    if row is None:
        return
    it.settled = row.status != OPEN
    columns = _columns(it, at)
    if it.settled:
        columns = {name: columns[name] for name in ("last_at", "observed", "expected")}
    for name, value in columns.items():
        setattr(row, name, value)
    if shown is not None:
        row.evidence = shown


async def close(session: AsyncSession, bell: Bell, it: Going, at: datetime) -> None:
    """Write down that the counts are usual again."""
    row = await session.get(Suspicion, UUID(it.name), with_for_update=True)
    if row is None or row.over_at is not None:
        return
    row.over_at = at
    if row.status == OPEN:
        row.status = OVER
    await _note(session, row, "suspicion_over", at)
    await bell.ring(session, DESK, "dugaan")


def _columns(it: Going, at: datetime) -> dict[str, Any]:
    return {
        "kind": it.kind,
        "intent": it.scope.intent,
        "platform": it.scope.platform,
        "channel": it.scope.channel,
        "source": it.source,
        "began_at": moment_of(it.began),
        "last_at": min(at, moment_of(it.last)),
        "observed": it.observed,
        "expected": round(it.expected, 2),
    }


async def _note(session: AsyncSession, row: Suspicion, action: str, at: datetime) -> None:
    scope = {name: getattr(row, name) for name in ("kind", "intent", "platform", "channel", "source")}
    about = {key: value for key, value in scope.items() if value}
    await audit.record(session, at=at, actor=BY_ITSELF, action=action, object=f"suspicion:{row.id}", detail=about)


async def dismiss(
    session: AsyncSession, bell: Bell, *, suspicion_id: UUID, reason: str, by: Staff, at: datetime
) -> bool:
    """Say that it is no outage, and why; False where it was decided already."""
    row = await session.get(Suspicion, suspicion_id, with_for_update=True)
    if row is None:
        raise NoSuchCase
    if row.status not in (OPEN, OVER) or row.decided_at is not None:
        return False
    row.status, row.reason, row.decided_by, row.decided_at = DISMISSED, reason, by.id, at
    await audit.record(session, at=at, actor=by.username, action="suspicion_dismissed", object=f"suspicion:{row.id}")
    await bell.ring(session, DESK, "dugaan")
    return True
