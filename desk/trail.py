"""Reading the audit trail: narrowed by person, act, object and days, newest first, page after page without counting."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, or_, select

from records.clock import midnight
from records.database import ReadSession
from records.models import AuditEntry, Staff

PAGE = 50
TICKET = re.compile(r"(?:ticket:)?t-?\s*(\d{4,})", re.IGNORECASE)
KINDS_OF_ID = ("conversation", "message", "media", "outbox", "inbox")


@dataclass(frozen=True)
class Narrowed:
    """What is asked for; empty lets everything through."""

    who: str = ""
    action: str = ""
    object: str = ""
    first: date | None = None
    last: date | None = None
    before: int | None = None
    """Entries older than this one."""

    @property
    def dated(self) -> bool:
        """Whether days narrow it: then it is read along the times, else along the chain."""
        return bool(self.first or self.last)


async def entries(session: ReadSession, wanted: Narrowed) -> list[AuditEntry]:
    """Return one page and one entry more where there are older ones."""
    query = select(AuditEntry)
    if wanted.who:
        query = query.where(AuditEntry.actor == wanted.who)
    if wanted.action:
        query = query.where(AuditEntry.action == wanted.action)
    if wanted.object:
        query = query.where(AuditEntry.object.in_(spellings(wanted.object)))
    if wanted.first:
        query = query.where(AuditEntry.at >= midnight(wanted.first))
    if wanted.last:
        query = query.where(AuditEntry.at < midnight(wanted.last, after=True))
    query = await _onward(session, query, wanted)
    order = (AuditEntry.at.desc(), AuditEntry.id.desc()) if wanted.dated else (AuditEntry.id.desc(),)
    return list(await session.scalars(query.order_by(*order).limit(PAGE + 1)))


async def people(session: ReadSession) -> list[tuple[str, str]]:
    """Return who may stand in it: usernames with names."""
    rows = await session.execute(select(Staff.username, Staff.name).order_by(Staff.name))
    return [("system", "sistem"), *((row[0], row[1]) for row in rows)]


def spellings(said: str) -> list[str]:
    """Return how the trail may call what somebody typed: a ticket, a username, an id."""
    said = said.strip()
    if ticket := TICKET.fullmatch(said):
        return [f"ticket:T-{ticket[1]}"]
    if _is_id(said):
        return [said, *(f"{kind}:{said.lower()}" for kind in KINDS_OF_ID)]
    return [said, f"staff:{said.lower()}", f"team:{said}"]


def address_of(entry: AuditEntry) -> str | None:
    """Return the page of what an entry is about, where it has one."""
    kind, _, name = entry.object.partition(":")
    conversation = entry.detail.get("conversation")
    pages = {
        "ticket": f"/tiket/{name}",
        "conversation": f"/percakapan/{name}",
        "inbox": f"/pengiriman/masuk/{name}",
        "outbox": f"/pengiriman/keluar/{name}",
        "trends": "/tren",
        "incident": f"/insiden/{name}",
        "team": "/tim",
    }
    if kind in ("message", "media"):
        return f"/percakapan/{conversation}" if conversation else None
    return pages.get(kind)


def told(detail: dict[str, Any]) -> list[tuple[str, Any]]:
    """Return the details worth reading, without machinery and ids that the object names already."""
    unsaid = ("conversation", "message", "owner_version", "minutes")
    return [
        (name, " → ".join(map(str, value)) if isinstance(value, list) else value)
        for name, value in sorted(detail.items())
        if name not in unsaid and value not in (None, "", [], {}, 0)
    ]


async def _onward(session: ReadSession, query: Select[AuditEntry], wanted: Narrowed) -> Select[AuditEntry]:
    if wanted.before is None:
        return query
    if not wanted.dated:
        return query.where(AuditEntry.id < wanted.before)
    at: datetime | None = await session.scalar(select(AuditEntry.at).where(AuditEntry.id == wanted.before))
    if at is None:
        return query
    return query.where(or_(AuditEntry.at < at, and_(AuditEntry.at == at, AuditEntry.id < wanted.before)))


def _is_id(said: str) -> bool:
    try:
        UUID(said)
    except ValueError:
        return False
    return True
