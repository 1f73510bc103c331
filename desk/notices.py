"""Notices: news for one member of staff about a case, or about a page of the desk, kept until they have seen it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from desk.access import visible
from desk.acts.case import Case
from desk.sessions import Person
from records.bell import DESK, Bell
from records.database import ReadSession
from records.models import Conversation, Message, Staff, StaffNotice, Ticket

MENTION, TRANSFER, WOKEN = "mention", "transfer", "woken"
PROMISE, RATING, GIVEN, RETURNED = "promise", "rating", "given", "returned"
SUSPICION, INCIDENT, BROADCAST = "suspicion", "incident", "broadcast"
LATEST = 100


@dataclass(frozen=True)
class Notice:
    """One line of somebody's list."""

    id: UUID
    kind: str
    conversation_id: UUID | None
    path: str | None
    """The page it leads to, where it is about no case."""
    number: str | None
    intent: str | None
    channel: str | None
    by: str | None
    said: str | None
    """The note or the reason; None where this person may not open the case now."""
    at: datetime
    unseen: bool


async def give_notice(
    session: AsyncSession,
    bell: Bell,
    case: Case,
    kind: str,
    *,
    to: Iterable[UUID],
    by: Staff | None,
    at: datetime,
    message_id: UUID | None = None,
    said: str = "",
) -> None:
    """Write one notice for each of these people, but never for whoever caused it; a note tells nobody twice."""
    rows: list[dict[str, Any]] = [
        {
            "staff_id": staff_id,
            "kind": kind,
            "conversation_id": case.conversation.id,
            "ticket_id": case.ticket.id,
            "message_id": message_id,
            "by_id": by.id if by else None,
            "said": said,
            "at": at,
        }
        for staff_id in sorted(set(to))
        if by is None or staff_id != by.id
    ]
    if rows:
        await session.execute(insert(StaffNotice).values(rows).on_conflict_do_nothing())
    await ring_for(session, bell, (row["staff_id"] for row in rows))


async def give_news(
    session: AsyncSession, bell: Bell, kind: str, path: str, *, roles: Iterable[str], said: str, at: datetime
) -> None:
    """Tell everybody active of these roles of a page to look at; `said` is shown to all of them."""
    people = list(await session.scalars(select(Staff.id).where(Staff.active, Staff.role.in_(set(roles)))))
    rows = [{"staff_id": it, "kind": kind, "path": path, "said": said, "at": at} for it in sorted(people)]
    if rows:
        await session.execute(insert(StaffNotice).values(rows))
    await ring_for(session, bell, people)


async def ask_of(
    session: AsyncSession, bell: Bell, kind: str, path: str, *, roles: Iterable[str], but: Iterable[UUID], **what: Any
) -> None:
    """Tell everybody active of these roles, but for some, that a page waits for them; not twice while unseen."""
    unread = select(StaffNotice.id).where(
        StaffNotice.staff_id == Staff.id,
        *(StaffNotice.kind == kind, StaffNotice.path == path, StaffNotice.seen_at.is_(None)),
    )
    may = (Staff.active, Staff.role.in_(set(roles)), Staff.id.not_in(set(but)), ~unread.exists())
    people = list(await session.scalars(select(Staff.id).where(*may).order_by(Staff.id)))
    if people:
        rows = [{"staff_id": it, "kind": kind, "path": path, **what} for it in people]
        await session.execute(insert(StaffNotice).values(rows))
    await ring_for(session, bell, people)


async def ring_for(session: AsyncSession, bell: Bell, people: Iterable[UUID]) -> None:
    """Ring for the open pages of these people."""
    for staff_id in people:
        await bell.ring(session, DESK, f"sebutan {staff_id}")


async def unseen(session: ReadSession, staff_id: UUID) -> int:
    """Return how many notices somebody has not seen yet."""
    mine = (StaffNotice.staff_id == staff_id, StaffNotice.seen_at.is_(None))
    return await session.scalar(select(func.count()).select_from(StaffNotice).where(*mine)) or 0


async def notices(session: ReadSession, person: Person) -> list[Notice]:
    """Return somebody's latest notices, newest first; words only of cases they may open now."""
    by = aliased(Staff)
    found = await session.execute(
        select(StaffNotice, Ticket.number, Ticket.intent, Conversation.channel, by.name, Message.text, visible(person))
        .outerjoin(Conversation, Conversation.id == StaffNotice.conversation_id)
        .outerjoin(Ticket, Ticket.id == StaffNotice.ticket_id)
        .outerjoin(by, by.id == StaffNotice.by_id)
        .outerjoin(Message, Message.id == StaffNotice.message_id)
        .where(StaffNotice.staff_id == person.id)
        .order_by(StaffNotice.at.desc())
        .limit(LATEST)
    )
    return [
        Notice(
            id=notice.id,
            kind=notice.kind,
            conversation_id=notice.conversation_id,
            path=notice.path,
            number=number,
            intent=intent,
            channel=channel,
            by=name,
            said=(text if text is not None else notice.said) if may_open or notice.path else None,
            at=notice.at,
            unseen=notice.seen_at is None,
        )
        for notice, number, intent, channel, name, text, may_open in found
    ]


async def seen(session: AsyncSession, staff_id: UUID, at: datetime, conversation_id: UUID | None = None) -> bool:
    """Mark somebody's notices as seen, all or those of one conversation; False when there was none."""
    mine = update(StaffNotice).where(StaffNotice.staff_id == staff_id, StaffNotice.seen_at.is_(None))
    if conversation_id:
        mine = mine.where(StaffNotice.conversation_id == conversation_id)
    changed = await session.execute(mine.values(seen_at=at).returning(StaffNotice.id))
    return changed.first() is not None
