"""Beginning and ending an act on many: the form's key makes one act, whose cases are fixed from then on."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from desk.acts.priority import PRIORITIES
from desk.acts.resolve import LONGEST_RESOLUTION
from desk.acts.saying import well_said
from desk.acts.snooze import until_when
from desk.acts.tags import well_named
from desk.acts.transfer import LONGEST_REASON
from desk.bulk.acts import ACTS, Act
from desk.queue.tabs import in_queue
from desk.refusals import LeadOnly, NoSuchCase, NotWellSaid
from desk.rights import HANDLING, LEADING
from desk.sessions import Person
from records import audit
from records.bell import DESK, Bell
from records.masking import mask
from records.models import BulkAct, BulkItem, Staff, Ticket

MOST = 5000
"""Cases in one act."""


async def well_given(session: AsyncSession, act: Act, form: Mapping[str, str], at: datetime) -> dict[str, Any]:
    """Return what the act is given, as it will be used for each case; raises NotWellSaid."""
    given: dict[str, Any] = {"take": bool(form.get("take")) and act.holds}
    text = form.get("text", "")
    if act.key == "balas":
        given["text"] = well_said(text)
    elif act.key == "selesai":
        given["text"] = well_said(text, LONGEST_RESOLUTION)
    elif act.key == "tag":
        given["tag"] = well_named(form.get("tag", ""))
    elif act.key == "prioritas":
        given["priority"] = _priority(form.get("priority", ""))
    elif act.key == "tunda":
        given["until"] = until_when(form.get("until", ""), at).isoformat()
    elif act.key == "tugaskan":
        given |= {
            "text": mask(well_said(text, LONGEST_REASON)).text,
            "to": await _receiver(session, form.get("to", "")),
        }
    return given


async def start(
    session: AsyncSession,
    *,
    key: UUID,
    act: str,
    given: dict[str, Any],
    numbers: Sequence[str],
    person: Person,
    at: datetime,
) -> UUID:
    """Fix the act and its cases under the form's key; the same key is the same act. Raises NotWellSaid or LeadOnly."""
    wanted = ACTS.get(act)
    if wanted is None or not numbers:
        raise NotWellSaid("Pilih dulu tiketnya.")
    if wanted.leads and person.role not in LEADING:
        raise LeadOnly
    if len(numbers) > MOST:
        raise NotWellSaid(f"Sekali jalan paling banyak {MOST} tiket.")
    theirs = select(Ticket.id, Ticket.number, Ticket.staff_id).where(in_queue(person), Ticket.number.in_(numbers))
    found = {number: (ticket, holder) for ticket, number, holder in await session.execute(theirs)}
    if act == "tugaskan":
        given = {**given, "holders": {str(ticket): str(holder) for ticket, holder in found.values() if holder}}
    chosen = [found[number][0] for number in dict.fromkeys(numbers) if number in found]
    values = {"id": key, "staff_id": person.id, "act": act, "given": given, "total": len(chosen), "created_at": at}
    made = await session.scalar(insert(BulkAct).values(**values).on_conflict_do_nothing().returning(BulkAct.id))
    if made is None or not chosen:
        return key
    rows = [{"bulk_id": key, "ticket_id": ticket, "position": place} for place, ticket in enumerate(chosen)]
    await session.execute(insert(BulkItem), rows)
    detail = {"act": act, "cases": len(chosen)}
    await audit.record(session, at=at, actor=person.username, action="bulk", object=f"bulk:{key}", detail=detail)
    return key


async def stop(session: AsyncSession, bell: Bell, bulk_id: UUID, *, person: Person, at: datetime) -> None:
    """End an act before its end: what waits is left, what was done stays. Raises NoSuchCase."""
    bulk = await session.get(BulkAct, bulk_id)
    if bulk is None or not may_see(bulk, person):
        raise NoSuchCase
    left = update(BulkItem).where(BulkItem.bulk_id == bulk_id, BulkItem.status == "waiting")
    await session.execute(left.values(status="left", said="Dihentikan sebelum gilirannya.", at=at))
    ended = update(BulkAct).where(BulkAct.id == bulk_id, BulkAct.done_at.is_(None))
    await session.execute(ended.values(done_at=at, stopped_by=person.id))
    await bell.ring(session, DESK)


def may_see(bulk: BulkAct, person: Person) -> bool:
    """Say whether this person may look at an act on many and stop it: whoever began it, and leads."""
    return bulk.staff_id == person.id or person.role in LEADING


def _priority(said: str) -> str:
    if said not in PRIORITIES:
        raise NotWellSaid("Pilih prioritasnya.")
    return said


async def _receiver(session: AsyncSession, said: str) -> str:
    try:
        receiver = await session.get(Staff, UUID(said))
    except ValueError:
        receiver = None
    if receiver is None or not receiver.active or receiver.role not in HANDLING:
        raise NotWellSaid("Pilih rekan yang menerima.")
    return str(receiver.id)


async def progress(session: AsyncSession, bulk_id: UUID) -> dict[str, int]:
    """Return how many cases of an act are waiting, done, refused and left."""
    counted = select(BulkItem.status, func.count()).where(BulkItem.bulk_id == bulk_id).group_by(BulkItem.status)
    return dict((await session.execute(counted)).all())
