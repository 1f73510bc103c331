"""Saved views: a question of the queue under a name, one's own or shared with a team; one of them opens first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from desk.refusals import NoSuchCase, NotWellSaid, Refusal
from desk.rights import LEADING
from desk.sessions import Person
from records import audit
from records.database import ReadSession
from records.models import DefaultView, SavedView, Staff, Team

LONGEST_NAME = 40
MOST = 20
EARLIER, LATER = -1, 1


class NotYourView(Refusal):
    """Somebody else made it."""

    def __init__(self) -> None:
        super().__init__("Tampilan ini milik rekan Anda. Simpan yang sama dengan nama sendiri untuk mengubahnya.")


@dataclass(frozen=True)
class View:
    """A view as its chip shows it."""

    id: UUID
    name: str
    asked: dict[str, Any]
    team_id: UUID | None
    mine: bool
    maker: str
    first: bool
    """The queue of this person opens with it."""


async def views(session: ReadSession, person: Person) -> list[View]:
    """Return one's own views in their order, then those shared with one's teams."""
    rows = await session.execute(
        select(SavedView, Staff.name, DefaultView.view_id.is_not(None))
        .join(Staff, Staff.id == SavedView.staff_id)
        .outerjoin(DefaultView, (DefaultView.view_id == SavedView.id) & (DefaultView.staff_id == person.id))
        .where(or_(SavedView.staff_id == person.id, SavedView.team_id.in_(person.teams)))
        .order_by(SavedView.staff_id != person.id, SavedView.position, SavedView.created_at)
    )
    return [
        View(view.id, view.name, view.asked, view.team_id, view.staff_id == person.id, maker, first)
        for view, maker, first in rows
    ]


async def save(
    session: AsyncSession, *, person: Person, name: str, asked: dict[str, str], team_id: UUID | None, at: datetime
) -> UUID:
    """Keep a view, over one's own of the same name; raises NotWellSaid."""
    words = " ".join(name.replace("\0", "").split())
    if not words or len(words) > LONGEST_NAME:
        raise NotWellSaid(f"Beri nama tampilannya, paling banyak {LONGEST_NAME} huruf.")
    if team_id is not None and team_id not in person.teams:
        raise NotWellSaid("Tampilan hanya bisa dibagikan ke tim Anda sendiri.")
    mine = select(func.count(), func.coalesce(func.max(SavedView.position), 0)).where(SavedView.staff_id == person.id)
    number, last = (await session.execute(mine)).one()
    values = {"asked": asked, "team_id": team_id}
    kept: UUID = (
        await session.execute(
            insert(SavedView)
            .values(staff_id=person.id, name=words, position=last + 1, created_at=at, **values)
            .on_conflict_do_update(constraint="uq_saved_views_staff_id_name", set_=values)
            .returning(SavedView.id)
        )
    ).scalar_one()
    if number >= MOST and (await session.execute(mine)).one()[0] > MOST:
        raise NotWellSaid(f"Paling banyak {MOST} tampilan. Hapus dulu yang tidak dipakai.")
    if team_id:
        shared = {"team": str(team_id), "name": words}
        await audit.record(
            session, at=at, actor=person.username, action="view_shared", object=f"view:{kept}", detail=shared
        )
    return kept


async def forget(session: AsyncSession, view_id: UUID, *, person: Person, at: datetime) -> None:
    """Take a view away; a lead may take away one that is shared with their team. Raises NoSuchCase or NotYourView."""
    view = await _view(session, view_id, person)
    if view.staff_id != person.id and not (person.role in LEADING and view.team_id in person.teams):
        raise NotYourView
    if view.team_id:
        await audit.record(
            session,
            at=at,
            actor=person.username,
            action="view_removed",
            object=f"view:{view_id}",
            detail={"name": view.name},
        )
    await session.delete(view)


async def open_first(session: AsyncSession, view_id: UUID, *, person: Person, wanted: bool) -> None:
    """Let the queue open with this view, or no longer; raises NoSuchCase."""
    await _view(session, view_id, person)
    if wanted:
        chosen = insert(DefaultView).values(staff_id=person.id, view_id=view_id)
        await session.execute(
            chosen.on_conflict_do_update(index_elements=[DefaultView.staff_id], set_={"view_id": view_id})
        )
    else:
        mine = DefaultView.staff_id == person.id
        await session.execute(delete(DefaultView).where(mine, DefaultView.view_id == view_id))


async def move(session: AsyncSession, view_id: UUID, *, person: Person, by: int) -> None:
    """Put one's own view one place earlier or later; raises NoSuchCase or NotYourView."""
    mine = list(
        await session.scalars(
            select(SavedView)
            .where(SavedView.staff_id == person.id)
            .order_by(SavedView.position, SavedView.created_at)
            .with_for_update()
        )
    )
    at = next((place for place, view in enumerate(mine) if view.id == view_id), None)
    if at is None:
        await _view(session, view_id, person)
        raise NotYourView
    mine.insert(max(0, at + by), mine.pop(at))
    _number(mine)
    await session.flush()


async def teams_of(session: ReadSession, person: Person) -> dict[UUID, str]:
    """Return the teams this person belongs to, by name."""
    rows = await session.execute(select(Team.id, Team.name).where(Team.id.in_(person.teams)).order_by(Team.name))
    return dict(rows.all())


def _number(views: Sequence[SavedView]) -> None:
    for place, view in enumerate(views):
        view.position = place + 1


async def _view(session: AsyncSession, view_id: UUID, person: Person) -> SavedView:
    view = await session.get(SavedView, view_id)
    if view is None or not (view.staff_id == person.id or view.team_id in person.teams):
        raise NoSuchCase
    return view
