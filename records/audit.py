"""The audit trail: who did or looked at what, when. Append-only, each entry chained by hash to the one before."""

import hashlib
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from records.models import AuditEntry

AUDIT_LOCK = 7_240_823
FIRST = "0" * 64
BATCH = 2_000


@dataclass(frozen=True, slots=True)
class Link:
    """One entry as it stands in the chain."""

    id: int
    at: datetime
    actor: str
    action: str
    object: str
    detail: dict[str, Any]
    previous_hash: str
    hash: str


_WAY: ContextVar[str | None] = ContextVar("audit_way", default=None)


@contextmanager
def through(way: str) -> Iterator[None]:
    """Have every entry of the block say by which door it was done, where that is not the usual one."""
    token = _WAY.set(way)
    try:
        yield
    finally:
        _WAY.reset(token)


async def record(
    session: AsyncSession, *, at: datetime, actor: str, action: str, object: str, detail: dict[str, Any] | None = None
) -> None:
    """Add one entry in this transaction; entries queue for one lock, so the chain never forks."""
    await session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": AUDIT_LOCK})
    last = await session.scalar(select(AuditEntry.hash).order_by(AuditEntry.id.desc()).limit(1))
    way = _WAY.get()
    said = {**(detail or {}), **({"via": way} if way else {})}
    entry = AuditEntry(
        at=at, actor=actor, action=action, object=object, detail=said, previous_hash=last or FIRST, hash=""
    )
    entry.hash = entry_hash(entry)
    session.add(entry)
    await session.flush()


def entry_hash(entry: AuditEntry | Link) -> str:
    """Return the hash an untouched entry must have."""
    said = json.dumps(
        [
            entry.previous_hash,
            entry.at.astimezone(UTC).isoformat(),
            entry.actor,
            entry.action,
            entry.object,
            entry.detail,
        ],
        sort_keys=True,
    )
    return hashlib.sha256(said.encode()).hexdigest()


async def links(session: AsyncSession, *, after: int = 0) -> AsyncIterator[Link]:
    """Yield every entry, oldest first, holding a few thousand at a time."""
    columns = (AuditEntry.id, AuditEntry.at, AuditEntry.actor, AuditEntry.action, AuditEntry.object)
    query = select(*columns, AuditEntry.detail, AuditEntry.previous_hash, AuditEntry.hash)
    while True:
        rows = (await session.execute(query.where(AuditEntry.id > after).order_by(AuditEntry.id).limit(BATCH))).all()
        for row in rows:
            yield Link(*row)
        if len(rows) < BATCH:
            return
        after = rows[-1].id


async def breaks(session: AsyncSession) -> AsyncIterator[tuple[Link, bool]]:
    """Yield every entry and whether it is as it was written, and follows the one it was written after."""
    previous = FIRST
    async for link in links(session):
        yield link, link.previous_hash == previous and link.hash == entry_hash(link)
        previous = link.hash


async def broken_links(session: AsyncSession) -> list[int]:
    """Return the ids of entries that were altered or lost their predecessor, oldest first."""
    return [link.id async for link, sound in breaks(session) if not sound]
