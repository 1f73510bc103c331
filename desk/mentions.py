"""Mentions: a note that names a colleague (@joko) or the case's team (@tim) tells them at the desk."""

import re
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from desk.acts.case import Case
from desk.notices import MENTION, give_notice, ring_for
from records.bell import Bell
from records.models import Staff, StaffNotice, TeamMember, Ticket

TEAM = "tim"
NAMED = re.compile(r"(?<![\w@.])@([a-z0-9][a-z0-9._-]{1,31})", re.IGNORECASE)


def names_in(text: str) -> set[str]:
    """Return the user names a note calls, in small letters, without the full stop that ended its sentence."""
    return {name.lower().rstrip("._-") for name in NAMED.findall(text)}


async def mention(
    session: AsyncSession, bell: Bell, case: Case, *, message_id: UUID, text: str, by: Staff, at: datetime
) -> set[UUID]:
    """Give everybody the note names a notice, once; who is named no more and has not seen it, loses it."""
    named = await _named(session, case.ticket, names_in(text)) - {by.id}
    unseen = delete(StaffNotice).where(StaffNotice.message_id == message_id, StaffNotice.seen_at.is_(None))
    lost = set(await session.scalars(unseen.where(StaffNotice.staff_id.not_in(named)).returning(StaffNotice.staff_id)))
    await give_notice(session, bell, case, MENTION, to=named, by=by, at=at, message_id=message_id)
    await ring_for(session, bell, lost)
    return named


async def _named(session: AsyncSession, ticket: Ticket, names: set[str]) -> set[UUID]:
    if not names:
        return set()
    found = set(await session.scalars(select(Staff.id).where(Staff.username.in_(names), Staff.active)))
    if TEAM in names:
        members = select(TeamMember.staff_id).join(Staff, Staff.id == TeamMember.staff_id)
        found |= set(await session.scalars(members.where(TeamMember.team_id == ticket.team_id, Staff.active)))
    return found
