"""The audit trail: who did or looked at what, when. Append-only, each entry chained by hash to the one before."""

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from records.models import AuditEntry

AUDIT_LOCK = 7_240_823
FIRST = "0" * 64


async def record(
    session: AsyncSession, *, at: datetime, actor: str, action: str, object: str, detail: dict[str, Any] | None = None
) -> None:
    """Add one entry in this transaction; entries queue for one lock, so the chain never forks."""
    await session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": AUDIT_LOCK})
    last = await session.scalar(select(AuditEntry.hash).order_by(AuditEntry.id.desc()).limit(1))
    entry = AuditEntry(
        at=at, actor=actor, action=action, object=object, detail=detail or {}, previous_hash=last or FIRST, hash=""
    )
    entry.hash = entry_hash(entry)
    session.add(entry)
    await session.flush()


def entry_hash(entry: AuditEntry) -> str:
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


async def broken_links(session: AsyncSession) -> list[int]:
    """Return the ids of entries that were altered or lost their predecessor, oldest first."""
    broken, previous = [], FIRST
    for entry in await session.scalars(select(AuditEntry).order_by(AuditEntry.id)):
        if entry.previous_hash != previous or entry.hash != entry_hash(entry):
            broken.append(entry.id)
        previous = entry.hash
    return broken
