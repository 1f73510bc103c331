"""The history of a case: who did what with it and when, from the audit trail, with the reasons of its hand-overs."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from desk.wording import PRIORITIES, moment
from desk.wording_case_work import DONE, SYSTEM
from records.database import ReadSession
from records.models import AuditEntry, HandOver, Staff, Ticket

LATEST = 200
UNTOLD = ("diambil dari antrean", "dilepas ke antrean", "selesai")
LOOKS = ("view", "search")
"""Looking changes nothing about a case; the audit page shows it."""


@dataclass(frozen=True)
class Happened:
    """One line."""

    at: datetime
    by: str
    did: str
    more: str
    """The reason, or what it was changed to."""


async def history(session: ReadSession, ticket: Ticket, now: datetime) -> list[Happened]:
    """Return what happened to the case, newest first."""
    entries = await session.execute(
        select(AuditEntry, Staff.name)
        .outerjoin(Staff, Staff.username == AuditEntry.actor)
        .where(AuditEntry.object == f"ticket:{ticket.number}", AuditEntry.action.not_in(LOOKS))
        .order_by(AuditEntry.id.desc())
        .limit(LATEST)
    )
    handed = (
        select(HandOver.version, HandOver.reason, HandOver.at, HandOver.staff_id, HandOver.from_owner)
        .where(HandOver.ticket_id == ticket.id, HandOver.conversation_id == ticket.conversation_id)
        .order_by(HandOver.version.desc())
        .limit(LATEST)
    )
    overs = list(await session.execute(handed))
    reasons = {version: reason for version, reason, *_ in overs}
    acts = list(entries)
    lines = [_line(entry, name, reasons, now) for entry, name in acts]
    # what nobody of staff did is in no audit entry, unless the house did it: the bot asked for a person
    told = {entry.detail.get("owner_version") for entry, _ in acts}
    lines += [
        Happened(at, "Bot", "menyerahkan ke petugas", reason)
        for version, reason, at, by, of in overs
        if _bots(by, of) and version not in told
    ]
    return sorted(lines, key=lambda line: line.at, reverse=True)


def _bots(staff_id: object, from_owner: str) -> bool:
    return staff_id is None and from_owner == "bot"


def _line(entry: AuditEntry, name: str | None, reasons: dict[int, str], now: datetime) -> Happened:
    by = SYSTEM if entry.actor == "system" else name or entry.actor
    why = _why(reasons.get(entry.detail.get("owner_version", -1), ""))
    return Happened(entry.at, by, DONE.get(entry.action, entry.action), why or _changed(entry, now))


def _why(reason: str) -> str:
    """What the act is called stands before the reason already, and some hand-overs have none but their act."""
    return "" if reason in UNTOLD else reason.partition(": ")[2] or reason


def _changed(entry: AuditEntry, now: datetime) -> str:
    detail: dict[str, Any] = entry.detail
    if entry.action == "priority":
        return f"{PRIORITIES.get(detail['from'], '')} → {PRIORITIES.get(detail['to'], '')}"
    if entry.action == "snooze":
        return f"sampai {moment(datetime.fromisoformat(detail['until']), now)}"
    if entry.action == "tag":
        return ", ".join([f"+{name}" for name in detail["added"]] + [f"-{name}" for name in detail["removed"]])
    named = detail.get("into") or detail.get("other") or detail.get("incident") or detail.get("from")
    return str(named) if named else ""
