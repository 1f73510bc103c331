"""What is done about a promise that comes near or is missed: it is flagged, leads hear of it, the participant is told.

Leads hear with a quarter of the working time left, and again when it is missed. The participant is told once, before it
is missed: with that quarter left where the pace says that it will be, else with an eighth left.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from checks.expected import later
from checks.wording import Wording
from desk.acts.case import Case, locked_case
from desk.acts.steering import write_down
from desk.house_words import say
from desk.message_templates import Template
from desk.notices import PROMISE, give_notice
from desk.rights import ADMIN, LEAD
from records.bell import Bell
from records.database import ReadSession
from records.expectation import expectation
from records.models import Message, Staff, TeamMember, Ticket
from records.working_time import WorkingTime

AHEAD = timedelta(days=5)
BATCH = 1_000
FLAG, TELL = 4, 8
"""A quarter and an eighth of the time."""
TEMPLATE = "laporan_terlambat"


@dataclass(frozen=True)
class Promise:
    """A case nobody has answered yet, as far as its promise goes."""

    id: UUID
    team_id: UUID
    opened_at: datetime
    promised_at: datetime
    warned_at: datetime | None
    reopened: int
    told: bool = False
    """The participant knows, or cannot be told."""

    @property
    def key(self) -> UUID:
        """The id of the one message the participant gets about it."""
        return uuid5(self.id, f"promise {self.reopened}")

    def left_is(self, part: int, working: WorkingTime, now: datetime) -> bool:
        """Whether no more than this part of the working time is left."""
        return working.between(now, self.promised_at) * part <= working.between(self.opened_at, self.promised_at)


async def unanswered(session: ReadSession, now: datetime) -> list[Promise]:
    """Return what may have to be looked at: promises that end within days and have not been seen to be missed."""
    columns = (Ticket.id, Ticket.team_id, Ticket.opened_at, Ticket.promised_at, Ticket.warned_at, Ticket.reopened)
    found = select(*columns).where(
        Ticket.status != "resolved",
        Ticket.first_reply_at.is_(None),
        Ticket.broken_at.is_(None),
        Ticket.promised_at < now + AHEAD,
    )
    rows = await session.execute(found.order_by(Ticket.promised_at, Ticket.number).limit(BATCH))
    promises = [Promise(*row) for row in rows]
    keys = [it.key for it in promises]
    told = set(await session.scalars(select(Message.id).where(Message.id.in_(keys)))) if keys else set()
    return [replace(it, told=it.key in told) for it in promises]


async def flag(session: AsyncSession, bell: Bell, it: Promise, *, loud: bool, at: datetime) -> bool:
    """Write down that a promise comes near or was missed; `loud`: tell the leads. False when that was done before."""
    missed = it.promised_at <= at
    column = Ticket.broken_at if missed else Ticket.warned_at
    case = await locked_case(session, it.id, by=None, at=at)
    if case.ticket.status == "resolved" or case.ticket.first_reply_at or case.ticket.promised_at != it.promised_at:
        return False
    changed = update(Ticket).where(Ticket.id == it.id, column.is_(None)).values({column.key: at})
    if (await session.execute(changed.returning(Ticket.id))).first() is None:
        return False
    if loud:
        said = "Janji sudah lewat dan belum dijawab." if missed else "Sisa waktu janji tinggal seperempat."
        await give_notice(session, bell, case, PROMISE, to=await leads(session, it.team_id), by=None, at=at, said=said)
    await write_down(session, bell, case, "promise_missed" if missed else "promise_near", by=None, at=at)
    return True


async def tell(
    session: AsyncSession,
    bell: Bell,
    it: Promise,
    wording: Wording,
    *,
    early: bool,
    template: Template | None,
    at: datetime,
) -> bool:
    """Tell the participant once; `early` only where the pace says that it will be missed."""
    case = await locked_case(session, it.id, by=None, at=at)
    if not _waits(case):
        return False
    hoped = await expectation(session, case.ticket, at)
    if early and (hoped.likely is None or hoped.likely <= it.promised_at):
        return False
    text = later(hoped, case.ticket.number, wording, at)
    return await say(session, bell, case, key=it.key, text=text, kind="promise", at=at, template=template)


async def leads(session: AsyncSession, team: UUID) -> list[UUID]:
    """Return who leads a team; where nobody does, the administrators."""
    active = select(Staff.id).where(Staff.active)
    members = active.join(TeamMember, TeamMember.staff_id == Staff.id).where(TeamMember.team_id == team)
    found = list(await session.scalars(members.where(Staff.role == LEAD)))
    return found or list(await session.scalars(active.where(Staff.role == ADMIN)))


def _waits(case: Case) -> bool:
    ticket = case.ticket
    return ticket.status != "resolved" and ticket.first_reply_at is None and ticket.merged_into_id is None
