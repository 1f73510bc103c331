"""Halfway in: the password (or the provider) said yes, the second factor is still to come. Kept sealed in a cookie."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from records.models import Staff
from records.sealed import Seal, SealBroken

COOKIE = "setengah"
LASTS = timedelta(minutes=10)


@dataclass(frozen=True)
class Halfway:
    """Who has proven what, and where they wanted to go."""

    staff_id: UUID
    via: str
    onward: str


def closed(seal: Seal, staff: Staff, via: str, onward: str, now: datetime) -> str:
    """Return the cookie's value; a new password makes it worthless."""
    said = {"staff": str(staff.id), "via": via, "onward": onward, "at": now.isoformat(), "mark": _mark(seal, staff)}
    return seal.close(json.dumps(said)).decode()


async def opened(session: AsyncSession, seal: Seal, cookie: str | None, now: datetime) -> tuple[Halfway, Staff] | None:
    """Return who stands halfway with this cookie, or None: it is not ours, too old, or they may not come in at all."""
    try:
        said = json.loads(seal.open((cookie or "").encode()))
        half = Halfway(UUID(said["staff"]), said["via"], said["onward"])
        at, mark = datetime.fromisoformat(said["at"]), said["mark"]
    except (SealBroken, ValueError, KeyError, TypeError):
        return None
    staff = await session.get(Staff, half.staff_id)
    if staff is None or not staff.active or at < now - LASTS or mark != _mark(seal, staff):
        return None
    return half, staff


def _mark(seal: Seal, staff: Staff) -> str:
    return seal.fingerprint(f"halfway {staff.id} {staff.role} {staff.password_hash}")[:16]
