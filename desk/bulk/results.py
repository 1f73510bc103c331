"""What became of an act on many: how far it is, and each case with what was said of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, or_, select

from desk.access import visible
from desk.bulk.acts import ACTS
from desk.bulk.starting import may_see, progress
from desk.refusals import NoSuchCase
from desk.rights import HANDLING
from desk.sessions import Person
from records.database import ReadSession
from records.models import BulkAct, BulkItem, ChannelIdentity, Conversation, Staff, Ticket

SHOWN = 300
STILL_SHOWN = timedelta(minutes=10)
"""How long the queue points at an act that is done."""
STANDING = {"refused": "Ditolak", "left": "Tidak dikerjakan", "waiting": "Menunggu giliran", "done": "Selesai"}
"""Also the order in which they are read: first what needs somebody."""


@dataclass(frozen=True)
class Outcome:
    """One case of an act on many."""

    number: str
    conversation_id: UUID
    name: str | None
    readable: bool
    status: str
    said: str


@dataclass(frozen=True)
class Bulk:
    """An act on many as its page shows it."""

    id: UUID
    title: str
    words: str
    """The text that was sent or written, where there is one."""
    by: str
    total: int
    created_at: datetime
    done_at: datetime | None
    stopped: bool
    numbers: dict[str, int]
    outcomes: Sequence[Outcome]

    @property
    def through(self) -> int:
        """Return how many cases have had their turn."""
        return self.total - self.numbers.get("waiting", 0)


async def read_bulk(session: ReadSession, bulk_id: UUID, person: Person) -> Bulk:
    """Return the act; raises NoSuchCase where there is none or it is somebody else's."""
    row = (
        await session.execute(
            select(BulkAct, Staff.name).join(Staff, Staff.id == BulkAct.staff_id).where(BulkAct.id == bulk_id)
        )
    ).first()
    if row is None or not may_see(row[0], person):
        raise NoSuchCase
    bulk, by = row
    return Bulk(
        bulk.id,
        ACTS[bulk.act].title,
        str(bulk.given.get("text", "")),
        by,
        bulk.total,
        bulk.created_at,
        bulk.done_at,
        bulk.stopped_by is not None,
        await progress(session, bulk_id),
        await _outcomes(session, bulk_id, person),
    )


async def _outcomes(session: ReadSession, bulk_id: UUID, person: Person) -> list[Outcome]:
    order = [BulkItem.status == it for it in reversed(STANDING)]
    rows = await session.execute(
        select(
            *(Ticket.number, Ticket.conversation_id, ChannelIdentity.display_name, visible(person).label("readable")),
            *(BulkItem.status, BulkItem.said),
        )
        .join(Ticket, Ticket.id == BulkItem.ticket_id)
        .join(Conversation, Conversation.id == Ticket.conversation_id)
        .outerjoin(ChannelIdentity, ChannelIdentity.id == Conversation.identity_id)
        .where(BulkItem.bulk_id == bulk_id)
        .order_by(*order, BulkItem.position)
        .limit(SHOWN)
    )
    return [Outcome(*row) if row.readable else Outcome(row.number, row.conversation_id, None, *row[3:]) for row in rows]


async def recent(session: ReadSession, person: Person, now: datetime) -> list[tuple[UUID, str, int, int, bool]]:
    """Return one's own acts that go on or were just done: id, title, how far, of how many, and whether it is done."""
    waiting = select(func.count()).where(BulkItem.bulk_id == BulkAct.id, BulkItem.status == "waiting").scalar_subquery()
    rows = await session.execute(
        select(BulkAct.id, BulkAct.act, BulkAct.total - waiting, BulkAct.total, BulkAct.done_at.is_not(None))
        .where(BulkAct.staff_id == person.id, BulkAct.created_at > now - timedelta(days=1))
        .where(or_(BulkAct.done_at.is_(None), BulkAct.done_at > now - STILL_SHOWN))
        .order_by(BulkAct.created_at.desc())
        .limit(3)
    )
    return [(bulk, ACTS[act].title, through, total, done) for bulk, act, through, total, done in rows]


async def receivers(session: ReadSession) -> list[tuple[str, str]]:
    """Return to which colleagues cases may be given, with how much they hold; who is away stands last."""
    held = select(func.count()).where(Ticket.staff_id == Staff.id, Ticket.status == "claimed").scalar_subquery()
    people = select(Staff.id, Staff.name, held, Staff.capacity, Staff.away_since).where(
        Staff.active, Staff.role.in_(HANDLING)
    )
    rows = await session.execute(people.order_by(Staff.away_since.is_not(None), Staff.name))
    return [
        (str(staff), f"{name} · {cases} dari {capacity}{' · sedang tidak di tempat' if away else ''}")
        for staff, name, cases, capacity, away in rows
    ]
