"""Tags: short words by which staff find cases again. What is in use is offered; a lead puts spellings together."""

import re
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from desk.acts.case import locked_case
from desk.acts.steering import must_lead, write_down
from desk.refusals import NotWellSaid
from records import audit
from records.bell import DESK, Bell
from records.database import ReadSession
from records.masking import mask
from records.models import Staff, Tag, Ticket

LONGEST = 30
MOST = 10
OFFERED = 200
WORDS = re.compile(r"[\w][\w .&/+-]*")
RENAME = text(
    """
    UPDATE tickets SET tags = (
        SELECT jsonb_agg(DISTINCT CASE WHEN tag = :old THEN :new ELSE tag END)
        FROM jsonb_array_elements_text(tags) AS tag
    ) WHERE tags @> to_jsonb(CAST(:old AS text)) AND tags <> '[]'
    """
)


def well_named(tag: str) -> str:
    """Return the tag as it is kept; raises NotWellSaid for one that is empty, too long or holds somebody's number."""
    name = " ".join(tag.lower().removeprefix("#").split())
    if not name:
        raise NotWellSaid("Tulis dulu tagnya.")
    if len(name) > LONGEST or not WORDS.fullmatch(name):
        raise NotWellSaid(f"Tag terdiri dari huruf, angka, spasi atau strip, paling banyak {LONGEST} huruf.")
    if mask(name).text != name:
        raise NotWellSaid("Tag tidak boleh berisi nomor atau data peserta.")
    return name


async def tag(
    session: AsyncSession,
    bell: Bell,
    *,
    ticket_id: UUID,
    staff: Staff,
    at: datetime,
    add: Iterable[str] = (),
    remove: Iterable[str] = (),
) -> bool:
    """Put tags on a case and take others off; False when that changes nothing.

    Raises NotWellSaid, NoSuchCase or NeedsPermit. A resolved case may be tagged too: that is when one sorts.
    """
    case = await locked_case(session, ticket_id, by=staff, at=at)
    added, removed = [well_named(name) for name in add], list(remove)
    tags = list(dict.fromkeys([name for name in case.ticket.tags if name not in removed] + added))
    if tags == case.ticket.tags:
        return False
    if len(tags) > MOST:
        raise NotWellSaid(f"Paling banyak {MOST} tag pada satu tiket. Lepas dulu salah satunya.")
    # sorting is beside the case: it neither moves its version nor stands in anybody's way
    case.ticket.tags = tags
    for name in added:
        await session.execute(
            insert(Tag).values(name=name, created_by=staff.id, created_at=at).on_conflict_do_nothing()
        )
    await session.flush()
    await write_down(session, bell, case, "tag", by=staff, at=at, detail={"added": added, "removed": removed})
    return True


async def rename(session: AsyncSession, bell: Bell, *, old: str, new: str, staff: Staff, at: datetime) -> int:
    """Call a tag something else on every case; where the new name is in use both become one. Returns how many cases.

    Raises LeadOnly or NotWellSaid.
    """
    must_lead(staff)
    name = well_named(new)
    if old == name:
        return 0
    if await session.scalar(select(Tag.name).where(Tag.name == old).with_for_update()) is None:
        raise NotWellSaid(f"Tag “{old}” sudah tidak ada.")
    await session.execute(insert(Tag).values(name=name, created_by=staff.id, created_at=at).on_conflict_do_nothing())
    changed = await session.execute(RENAME, {"old": old, "new": name})
    await session.execute(delete(Tag).where(Tag.name == old))
    count: int = changed.rowcount  # type: ignore[attr-defined]
    detail = {"new": name, "cases": count}
    await audit.record(session, at=at, actor=staff.username, action="tag_renamed", object=f"tag:{old}", detail=detail)
    await bell.ring(session, DESK)
    return count


async def offered(session: ReadSession) -> list[str]:
    """Return the tags in use, by name."""
    return list(await session.scalars(select(Tag.name).order_by(Tag.name).limit(OFFERED)))


async def with_counts(session: ReadSession) -> list[tuple[str, int]]:
    """Return every tag with how many unresolved cases carry it."""
    each = (
        select(func.jsonb_array_elements_text(Ticket.tags).label("name"))
        .where(Ticket.status.in_(("open", "claimed")), Ticket.tags != [])
        .subquery()
    )
    counted = select(each.c.name, func.count().label("cases")).group_by(each.c.name).subquery()
    rows = await session.execute(
        select(Tag.name, func.coalesce(counted.c.cases, 0))
        .outerjoin(counted, counted.c.name == Tag.name)
        .order_by(Tag.name)
    )
    return [(name, cases) for name, cases in rows]
