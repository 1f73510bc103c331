"""The pages of staff: who there is, adding, one colleague's place, deactivating, new passwords, lost second factors."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from desk import people, staffing
from desk.door import signed_in
from desk.office import Office, office_of
from desk.paper import page
from desk.refusals import NoSuchCase, NotWellSaid
from desk.sign_in.second_factor import has_factor, required
from desk.wording import QUEUES, ROLES
from desk.wording_people import ROLE_HINTS
from records.models import Staff, Team, TeamMember, Ticket

router = APIRouter(prefix="/petugas")
TheOffice = Annotated[Office, Depends(office_of)]
Field = Annotated[str, Form(max_length=200)]
Chosen = Annotated[list[UUID] | None, Form()]
NEWS = {
    "ditambah": "Petugas ditambahkan.",
    "diubah": "Perubahan disimpan dan berlaku mulai permintaan berikutnya.",
    "dilepas": "Faktor kedua dilepas; ia memasangnya lagi saat masuk.",
}
type Act = Callable[[AsyncSession, Staff], Awaitable[object]]


@router.get("")
async def staff_page(request: Request, office: TheOffice, kabar: str = "") -> Response:
    """Show everybody who may sign in."""
    return await _show(request, office, news=NEWS.get(kabar))


@router.post("")
async def add_staff(
    request: Request,
    office: TheOffice,
    username: Field = "",
    name: Field = "",
    role: Field = "agent",
    password: Field = "",
    team: Chosen = None,
) -> Response:
    """Add a colleague."""
    try:
        async with office.database.write() as session:
            await people.add_staff(
                session,
                office.passwords,
                username=username,
                name=name,
                role=role,
                password=password,
                by=signed_in(request).username,
                at=office.clock(),
                teams=frozenset(team or ()),
            )
    except NotWellSaid as refusal:
        typed = {"username": username, "name": name, "role": role, "teams": team or []}
        return await _show(request, office, status=refusal.status, problem=str(refusal), typed=typed)
    return RedirectResponse("/petugas?kabar=ditambah", status_code=303)


@router.get("/{staff_id}")
async def staff_member_page(request: Request, office: TheOffice, staff_id: UUID, kabar: str = "") -> Response:
    """Show one colleague's place."""
    return await _show_one(request, office, staff_id, news=NEWS.get(kabar))


@router.post("/{staff_id}")
async def change_staff(
    request: Request,
    office: TheOffice,
    staff_id: UUID,
    name: Field = "",
    role: Field = "",
    capacity: Annotated[int, Form()] = 0,
    email: Field = "",
    team: Chosen = None,
    skill: Annotated[list[str] | None, Form()] = None,
) -> Response:
    """Give a colleague another place."""

    async def act(session: AsyncSession, by: Staff) -> None:
        to = staffing.place(
            name=name, role=role, teams=frozenset(team or ()), capacity=capacity, skills=skill or [], email=email
        )
        await staffing.change_staff(session, office.bell, staff_id=staff_id, to=to, by=by, at=office.clock())

    return await _do(request, office, staff_id, act)


@router.post("/{staff_id}/aktif")
async def set_active(request: Request, office: TheOffice, staff_id: UUID, active: Annotated[bool, Form()]) -> Response:
    """Deactivate somebody (their cases go back to the queue) or let them in again."""

    async def act(session: AsyncSession, by: Staff) -> None:
        await people.set_active(session, office.bell, staff_id=staff_id, active=active, by=by, at=office.clock())

    return await _do(request, office, staff_id, act)


@router.post("/{staff_id}/sandi")
async def reset_password(request: Request, office: TheOffice, staff_id: UUID, password: Field = "") -> Response:
    """Give somebody a new password and sign them out."""

    async def act(session: AsyncSession, by: Staff) -> None:
        at = office.clock()
        await people.set_password(
            session, office.passwords, staff_id=staff_id, password=password, by=by.username, at=at
        )

    return await _do(request, office, staff_id, act)


@router.post("/{staff_id}/faktor-lepas")
async def reset_factor(request: Request, office: TheOffice, staff_id: UUID) -> Response:
    """Take off the second factor of somebody who lost it."""

    async def act(session: AsyncSession, by: Staff) -> None:
        await staffing.reset_factor(session, staff_id=staff_id, by=by, at=office.clock())

    return await _do(request, office, staff_id, act, news="dilepas")


async def _do(request: Request, office: Office, staff_id: UUID, act: Act, news: str = "diubah") -> Response:
    try:
        async with office.database.write() as session:
            await act(session, await session.get_one(Staff, signed_in(request).id))
    except NotWellSaid as refusal:
        return await _show_one(request, office, staff_id, status=refusal.status, problem=str(refusal))
    return RedirectResponse(f"/petugas/{staff_id}?kabar={news}", status_code=303)


async def _show(
    request: Request,
    office: Office,
    *,
    status: int = 200,
    news: str | None = None,
    problem: str | None = None,
    typed: dict[str, Any] | None = None,
) -> Response:
    held = (
        select(func.count(Ticket.id)).where(Ticket.staff_id == Staff.id, Ticket.status == "claimed").scalar_subquery()
    )
    inside = (
        select(func.string_agg(Team.name, ", "))
        .join(TeamMember, TeamMember.team_id == Team.id)
        .where(TeamMember.staff_id == Staff.id)
        .scalar_subquery()
    )
    async with office.database.read() as session:
        everybody = list(await session.execute(select(Staff, held, inside).order_by(Staff.active.desc(), Staff.name)))
        teams = list(await session.scalars(select(Team).order_by(Team.is_default.desc(), Team.name)))
    typed = typed or {"username": "", "name": "", "role": "agent", "teams": [team.id for team in teams[:1]]}
    shown = {"everybody": everybody, "teams": teams, "typed": typed, "hints": ROLE_HINTS}
    return page(request, "staff.html", status, roles=ROLES, news=news, problem=problem, **shown)


async def _show_one(
    request: Request,
    office: Office,
    staff_id: UUID,
    *,
    status: int = 200,
    news: str | None = None,
    problem: str | None = None,
) -> Response:
    async with office.database.read() as session:
        staff = await session.get(Staff, staff_id)
        if staff is None:
            raise NoSuchCase
        shown = {
            "staff": staff,
            "teams": list(await session.scalars(select(Team).order_by(Team.is_default.desc(), Team.name))),
            "inside": set(await session.scalars(select(TeamMember.team_id).where(TeamMember.staff_id == staff.id))),
            "held": await session.scalar(
                select(func.count(Ticket.id)).where(Ticket.staff_id == staff.id, Ticket.status == "claimed")
            ),
            "has_factor": await has_factor(session, staff.id),
        }
    shown |= {"must": required(staff.role, office.second_factor), "queues": QUEUES, "hints": ROLE_HINTS}
    return page(request, "staff_member.html", status, roles=ROLES, news=news, problem=problem, **shown)
