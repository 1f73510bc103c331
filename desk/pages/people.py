"""The administrator's page of staff: who there is, adding, deactivating, new passwords."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import func, select

from desk import people
from desk.door import signed_in
from desk.office import Office, office_of
from desk.paper import page
from desk.refusals import NotWellSaid
from desk.wording import ROLES
from records.models import Staff, Ticket

router = APIRouter(prefix="/petugas")
TheOffice = Annotated[Office, Depends(office_of)]
Field = Annotated[str, Form(max_length=200)]


@router.get("")
async def staff_page(request: Request, office: TheOffice, kabar: str = "") -> Response:
    """Show everybody who may sign in."""
    news = {"ditambah": "Petugas ditambahkan.", "diubah": "Perubahan disimpan."}.get(kabar)
    return await _show(request, office, news=news)


@router.post("")
async def add_staff(
    request: Request,
    office: TheOffice,
    username: Field = "",
    name: Field = "",
    role: Field = "agent",
    password: Field = "",
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
            )
    except NotWellSaid as refusal:
        typed = {"username": username, "name": name, "role": role}
        return await _show(request, office, status=refusal.status, problem=str(refusal), typed=typed)
    return RedirectResponse("/petugas?kabar=ditambah", status_code=303)


@router.post("/{staff_id}/aktif")
async def set_active(request: Request, office: TheOffice, staff_id: UUID, active: Annotated[bool, Form()]) -> Response:
    """Deactivate somebody (their cases go back to the queue) or let them in again."""
    try:
        async with office.database.write() as session:
            by = await session.get_one(Staff, signed_in(request).id)
            await people.set_active(session, office.bell, staff_id=staff_id, active=active, by=by, at=office.clock())
    except NotWellSaid as refusal:
        return await _show(request, office, status=refusal.status, problem=str(refusal))
    return RedirectResponse("/petugas?kabar=diubah", status_code=303)


@router.post("/{staff_id}/sandi")
async def reset_password(request: Request, office: TheOffice, staff_id: UUID, password: Field = "") -> Response:
    """Give somebody a new password and sign them out."""
    try:
        async with office.database.write() as session:
            await people.set_password(
                session,
                office.passwords,
                staff_id=staff_id,
                password=password,
                by=signed_in(request).username,
                at=office.clock(),
            )
    except NotWellSaid as refusal:
        return await _show(request, office, status=refusal.status, problem=str(refusal))
    return RedirectResponse("/petugas?kabar=diubah", status_code=303)


async def _show(
    request: Request,
    office: Office,
    *,
    status: int = 200,
    news: str | None = None,
    problem: str | None = None,
    typed: dict[str, str] | None = None,
) -> Response:
    held = (
        select(func.count(Ticket.id)).where(Ticket.staff_id == Staff.id, Ticket.status == "claimed").scalar_subquery()
    )
    async with office.database.read() as session:
        everybody = list(await session.execute(select(Staff, held).order_by(Staff.active.desc(), Staff.name)))
    typed = typed or {"username": "", "name": "", "role": "agent"}
    shown = {"everybody": everybody, "news": news, "problem": problem, "typed": typed}
    return page(request, "staff.html", status, roles=ROLES, shown=shown)
