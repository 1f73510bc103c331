"""Prepared words: of one agent, of a team, or of everybody; found by a shortcut, changed by whoever they belong to."""

import re
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from desk.refusals import LeadOnly, NoSuchCase, NotWellSaid
from desk.rights import ADMIN, LEADING
from desk.sessions import Person
from records import audit
from records.database import ReadSession
from records.models import CannedReply, Team

OWN, TEAM, ALL = "own", "team", "all"
SCOPES = {OWN: "Milik saya", TEAM: "Tim", ALL: "Semua petugas"}
SHORTCUT = re.compile(r"[a-z0-9][a-z0-9-]{1,29}")
LONGEST_TITLE, LONGEST = 60, 3_000
MOST = 300
"""Shown to one person; nobody looks through more."""


@dataclass(frozen=True)
class Wanted:
    """Prepared words as a form gives them."""

    shortcut: str
    title: str
    text: str
    scope: str
    team_id: UUID | None = None


@dataclass(frozen=True)
class Prepared:
    """One prepared reply, as its page shows it."""

    reply: CannedReply
    team: str | None
    changeable: bool

    @property
    def scope(self) -> str:
        """Whose it is."""
        return OWN if self.reply.staff_id else TEAM if self.reply.team_id else ALL


async def prepared(session: ReadSession | AsyncSession, person: Person) -> list[Prepared]:
    """Return what this person may use: their own first, then the most used."""
    query = (
        select(CannedReply, Team.name)
        .outerjoin(Team, Team.id == CannedReply.team_id)
        .where(_usable(person))
        .order_by(CannedReply.staff_id.is_(None), CannedReply.used.desc(), CannedReply.shortcut)
        .limit(MOST)
    )
    rows = await session.execute(query)
    return [Prepared(reply, team, _may_change(person, reply.staff_id, reply.team_id)) for reply, team in rows]


async def add(session: AsyncSession, wanted: Wanted, *, by: Person, at: datetime) -> CannedReply:
    """Add prepared words; raises NotWellSaid or LeadOnly."""
    reply = CannedReply(changed_at=at)
    await _write(session, reply, wanted, by, at)
    await _audit(session, by, "canned_added", reply, at)
    return reply


async def change(session: AsyncSession, canned_id: UUID, wanted: Wanted, *, by: Person, at: datetime) -> CannedReply:
    """Change prepared words; raises NoSuchCase, NotWellSaid or LeadOnly."""
    reply = await _theirs(session, canned_id, by)
    await _write(session, reply, wanted, by, at)
    await _audit(session, by, "canned_changed", reply, at)
    return reply


async def remove(session: AsyncSession, canned_id: UUID, *, by: Person, at: datetime) -> None:
    """Take prepared words away; raises NoSuchCase or LeadOnly."""
    reply = await _theirs(session, canned_id, by)
    await _audit(session, by, "canned_removed", reply, at)
    await session.delete(reply)


async def _theirs(session: AsyncSession, canned_id: UUID, by: Person) -> CannedReply:
    query = select(CannedReply).where(CannedReply.id == canned_id, _usable(by)).with_for_update()
    reply = await session.scalar(query)
    if reply is None:
        raise NoSuchCase
    if not _may_change(by, reply.staff_id, reply.team_id):
        raise LeadOnly
    return reply


async def _write(session: AsyncSession, reply: CannedReply, wanted: Wanted, by: Person, at: datetime) -> None:
    shortcut, title, words = wanted.shortcut.strip().lower().lstrip("/"), wanted.title.strip(), _words(wanted.text)
    if not SHORTCUT.fullmatch(shortcut):
        raise NotWellSaid("Pintasan 2-30 huruf kecil, angka atau strip, misalnya maaf.")
    if not 1 <= len(title) <= LONGEST_TITLE:
        raise NotWellSaid(f"Isi judul, paling banyak {LONGEST_TITLE} huruf.")
    staff_id, team_id = _owner(wanted, by)
    if not _may_change(by, staff_id, team_id):
        raise LeadOnly
    reply.shortcut, reply.title, reply.text = shortcut, title, words
    reply.staff_id, reply.team_id, reply.changed_at = staff_id, team_id, at
    session.add(reply)
    try:
        async with session.begin_nested():
            await session.flush()
    except IntegrityError as taken:
        raise NotWellSaid(f"Pintasan /{shortcut} sudah dipakai di sana. Pilih yang lain.") from taken


def _words(text: str) -> str:
    words = text.replace("\r\n", "\n").replace("\0", "").strip()
    if not 1 <= len(words) <= LONGEST:
        raise NotWellSaid(f"Isi teksnya, paling banyak {LONGEST} huruf.")
    return words


def _owner(wanted: Wanted, by: Person) -> tuple[UUID | None, UUID | None]:
    if wanted.scope == OWN:
        return by.id, None
    if wanted.scope == ALL:
        return None, None
    if wanted.scope != TEAM or wanted.team_id is None:
        raise NotWellSaid("Pilih untuk siapa balasan ini.")
    return None, wanted.team_id


def _usable(person: Person) -> ColumnElement[bool]:
    everybody = and_(CannedReply.staff_id.is_(None), CannedReply.team_id.is_(None))
    of_teams = CannedReply.team_id.is_not(None) if person.role == ADMIN else CannedReply.team_id.in_(person.teams)
    return or_(CannedReply.staff_id == person.id, of_teams, everybody)


def _may_change(person: Person, staff_id: UUID | None, team_id: UUID | None) -> bool:
    if staff_id is not None:
        return staff_id == person.id
    if person.role not in LEADING:
        return False
    return team_id is None or person.role == ADMIN or team_id in person.teams


async def _audit(session: AsyncSession, by: Person, action: str, reply: CannedReply, at: datetime) -> None:
    scope = {"team": str(reply.team_id)} if reply.team_id else {"scope": OWN if reply.staff_id else ALL}
    detail = {"shortcut": reply.shortcut, **scope}
    await audit.record(session, at=at, actor=by.username, action=action, object=f"canned:{reply.id}", detail=detail)
