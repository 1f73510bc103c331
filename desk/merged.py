"""What one sees of cases that were merged into another: their evidence, their notes and the latest words."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, or_, select

from desk.acts.merge import undoable
from desk.findings import Checked, read_finding
from records.database import ReadSession
from records.models import Conversation, Message, Staff, Ticket

LATEST = 12


@dataclass(frozen=True)
class Line:
    """One message or note of a case that was merged in."""

    direction: str
    author: str
    by: str | None
    text: str
    at: datetime


@dataclass(frozen=True)
class Merged:
    """A case that was merged into this one."""

    ticket: Ticket
    channel: str
    evidence: tuple[Checked, ...]
    lines: tuple[Line, ...]
    """Its latest messages and notes, oldest first."""
    undoable: bool


async def merged_into(session: ReadSession, ids: list[UUID], now: datetime) -> list[Merged]:
    """Return these merged cases with their evidence and their latest words."""
    if not ids:
        return []
    rows = await session.execute(
        select(Ticket, Conversation.channel)
        .join(Conversation, Conversation.id == Ticket.conversation_id)
        .where(Ticket.id.in_(ids))
        .order_by(Ticket.opened_at)
    )
    return [
        Merged(
            ticket=other,
            channel=channel,
            evidence=tuple(read_finding(finding) for finding in other.evidence),
            lines=tuple(await _lines(session, other)),
            undoable=undoable(other, now),
        )
        for other, channel in rows
    ]


async def _lines(session: ReadSession, other: Ticket) -> list[Line]:
    """Return its latest words, up to where something newer was opened: that may be the case of another team."""
    newer = (
        select(func.min(Ticket.opened_at))
        .where(Ticket.conversation_id == other.conversation_id, Ticket.opened_at > other.opened_at)
        .scalar_subquery()
    )
    rows = await session.execute(
        select(Message.direction, Message.author, Staff.name, Message.text, Message.created_at)
        .outerjoin(Staff, Staff.id == Message.staff_id)
        .where(Message.conversation_id == other.conversation_id, or_(newer.is_(None), Message.created_at < newer))
        .order_by(Message.position.desc())
        .limit(LATEST)
    )
    return [Line(*row) for row in rows][::-1]
