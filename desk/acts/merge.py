"""Merge: two cases of one participant become one; the other is closed and its conversation goes with the master.

The chats stay apart: each gets the master's answers in its own channel, and who writes in either is heard in the
master. Two people are never put together unless nobody knows who either is and a lead says they are the same.
"""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from desk.acts.case import Case, hand_over, locked_case, set_owner, set_ticket
from desk.acts.priority import PRIORITIES
from desk.acts.steering import must_steer, open_case, write_down
from desk.refusals import ChangedMeanwhile, NotHeldByYou, NotWellSaid, Refusal
from desk.rights import LEADING
from records.bell import DESK, Bell
from records.models import ChannelIdentity, Message, Staff, Ticket

UNDOABLE = timedelta(hours=24)


class NotTheSamePerson(Refusal):
    """The two cases belong to different people, or it is not known."""


class TooLate(Refusal):
    """What was merged has gone on since."""

    def __init__(self) -> None:
        super().__init__(
            "Sudah tidak bisa dipisah: lewat 24 jam, tiket induknya selesai, atau ada tiket yang lebih baru."
        )


async def merge(
    session: AsyncSession,
    bell: Bell,
    *,
    ticket_id: UUID,
    other_id: UUID,
    staff: Staff,
    at: datetime,
    surely: bool = False,
) -> Case:
    """Close the other case into this one (the master), which must be claimed; `surely`: a lead vouches for strangers.

    Raises NotTheSamePerson, HeldByOther, NotWellSaid, AlreadyResolved, NoSuchCase, NeedsPermit or ChangedMeanwhile.
    """
    if ticket_id == other_id:
        raise NotWellSaid("Pilih tiket lain; tiket ini tidak bisa digabung ke dirinya sendiri.")
    # two who merge crosswise wait for each other instead of embracing
    locked = {each: await open_case(session, each, by=staff, at=at) for each in sorted((ticket_id, other_id))}
    master, other = locked[ticket_id], locked[other_id]
    for case in (master, other):
        await must_steer(session, case, staff)
    if master.ticket.status != "claimed":
        raise NotHeldByYou
    await _must_be_one_person(session, master, other, staff, surely)
    holder = await session.get(Staff, master.ticket.staff_id) if master.ticket.staff_id else None
    waiting = other.ticket.waiting_since
    said = f"Digabung ke {master.ticket.number}."
    await set_ticket(
        session, other.ticket, status="resolved", resolved_at=at, resolution=said, merged_into_id=master.ticket.id
    )
    # what had been merged into the other goes along, so every merged case names the one that goes on
    along = update(Ticket).where(Ticket.merged_into_id == other.ticket.id).values(merged_into_id=master.ticket.id)
    await session.execute(along)
    await _take_over_what_binds(session, master.ticket, other.ticket, waiting)
    for conversation in (other.conversation, *other.joined):
        reason = f"digabung ke {master.ticket.number}"
        who = {"owner": master.conversation.owner, "staff": holder, "by": staff, "reason": reason, "at": at}
        await hand_over(session, other, conversation, **who)  # type: ignore[arg-type]
    detail = {"into": master.ticket.number, "owner_version": other.conversation.owner_version}
    await write_down(session, bell, other, "merge", by=staff, at=at, detail=detail)
    await write_down(session, bell, master, "merged_in", by=staff, at=at, detail={"other": other.ticket.number})
    return master


async def unmerge(session: AsyncSession, bell: Bell, *, ticket_id: UUID, staff: Staff, at: datetime) -> Case:
    """Part the case again from the one it was merged into, with its old promise; whoever holds the master holds both.

    Raises TooLate when that was long ago or the master is done, and what `merge` raises.
    """
    ticket = await session.get(Ticket, ticket_id)
    if ticket is None or ticket.merged_into_id is None:
        raise ChangedMeanwhile
    pair = (ticket_id, ticket.merged_into_id)
    locked = {each: await locked_case(session, each, by=staff, at=at) for each in sorted(pair)}
    other, master = (locked[each] for each in pair)
    if other.ticket.merged_into_id != master.ticket.id:
        raise ChangedMeanwhile
    if master.ticket.status == "resolved" or not undoable(other.ticket, at):
        raise TooLate
    await must_steer(session, master, staff)
    await _must_be_latest(session, other.ticket)
    holder = await session.get(Staff, master.ticket.staff_id) if master.ticket.staff_id else None
    await set_ticket(
        session,
        other.ticket,
        status=master.ticket.status,
        staff_id=holder.id if holder else None,
        resolved_at=None,
        resolution=None,
        merged_into_id=None,
        waiting_since=await _unanswered_since(session, other.ticket),
    )
    said = {"owner": master.conversation.owner, "staff": holder, "by": staff, "at": at}
    await set_owner(session, other, **said, reason=f"dipisah dari {master.ticket.number}")  # type: ignore[arg-type]
    detail = {"from": master.ticket.number, "owner_version": other.conversation.owner_version}
    await write_down(session, bell, other, "unmerge", by=staff, at=at, detail=detail)
    await bell.ring(session, DESK, str(master.conversation.id))
    return other


def undoable(ticket: Ticket, now: datetime) -> bool:
    """Say whether a merged case can still be parted."""
    return ticket.resolved_at is not None and now - ticket.resolved_at <= UNDOABLE


async def _must_be_one_person(session: AsyncSession, master: Case, other: Case, staff: Staff, surely: bool) -> None:
    whose = [await _participant(session, case) for case in (master, other)]
    if whose[0] is not None and whose[0] == whose[1]:
        return
    if whose != [None, None]:
        raise NotTheSamePerson("Kedua tiket bukan milik peserta yang sama (atau salah satunya belum terbukti).")
    if staff.role not in LEADING:
        raise NotTheSamePerson("Identitas keduanya belum terbukti; hanya ketua tim yang boleh menggabungkannya.")
    if not surely:
        raise NotTheSamePerson("Identitas keduanya belum terbukti. Centang “pesertanya sama” kalau Anda yakin.")


async def _participant(session: AsyncSession, case: Case) -> str | None:
    known = case.conversation.identity_id
    identity = await session.get(ChannelIdentity, known) if known else None
    return identity.participant_id if identity else None


async def _take_over_what_binds(session: AsyncSession, master: Ticket, other: Ticket, waiting: datetime | None) -> None:
    """The earlier promise, the higher priority and the longer wait hold for both from now on."""
    waits = [since for since in (master.waiting_since, waiting) if since]
    answered = master.first_reply_at is not None
    await set_ticket(
        session,
        master,
        priority=max(master.priority, other.priority, key=PRIORITIES.index),
        promised_at=master.promised_at if answered else min(master.promised_at, other.promised_at),
        resolve_by=min((by for by in (master.resolve_by, other.resolve_by) if by), default=None),
        waiting_since=min(waits, default=None),
        snoozed_until=None,
        also=list(dict.fromkeys(p for p in [*master.also, other.intent, *other.also] if p != master.intent)),
        platform=master.platform or other.platform,
        course=master.course or other.course,
    )


async def _must_be_latest(session: AsyncSession, ticket: Ticket) -> None:
    same = Ticket.conversation_id == ticket.conversation_id
    if await session.scalar(select(Ticket.id).where(same, Ticket.id != ticket.id, Ticket.status != "resolved")):
        raise TooLate


async def _unanswered_since(session: AsyncSession, ticket: Ticket) -> datetime | None:
    """The participant's first words in this conversation that no person has answered."""
    here = Message.conversation_id == ticket.conversation_id
    answered = select(func.max(Message.position)).where(here, Message.direction == "out", Message.author == "agent")
    since: datetime | None = await session.scalar(
        select(func.min(Message.created_at)).where(
            here,
            Message.direction == "in",
            Message.created_at >= ticket.opened_at,
            Message.position > func.coalesce(answered.scalar_subquery(), 0),
        )
    )
    return since or (ticket.opened_at if ticket.first_reply_at is None else None)
