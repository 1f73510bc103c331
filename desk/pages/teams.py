"""The page of teams: name, queues, people. An administrator tends all of them, a lead their own, an auditor looks."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import select

from desk import teams
from desk.door import signed_in
from desk.office import Office, office_of
from desk.paper import page
from desk.refusals import Refusal
from desk.rights import ADMIN, LEAD
from desk.wording import QUEUES
from records.models import Staff

router = APIRouter(prefix="/tim")
TheOffice = Annotated[Office, Depends(office_of)]
Field = Annotated[str, Form(max_length=200)]
NEWS = {"ditambah": "Tim ditambahkan.", "diubah": "Tim disimpan.", "dihapus": "Tim dihapus."}


@router.get("")
async def teams_page(request: Request, office: TheOffice, kabar: str = "") -> Response:
    """Show every team."""
    return await _show(request, office, news=NEWS.get(kabar))


@router.post("")
async def add_team(request: Request, office: TheOffice, name: Field = "") -> Response:
    """Make a team."""
    try:
        async with office.database.write() as session:
            by = await session.get_one(Staff, signed_in(request).id)
            await teams.add_team(session, name=name, by=by, at=office.clock())
    except Refusal as refusal:
        return await _show(request, office, status=refusal.status, problem=str(refusal))
    return RedirectResponse("/tim?kabar=ditambah", status_code=303)


@router.post("/{team_id}")
async def change_team(
    request: Request,
    office: TheOffice,
    team_id: UUID,
    name: Field = "",
    queue: Annotated[list[str] | None, Form()] = None,
    member: Annotated[list[UUID] | None, Form()] = None,
    first: Annotated[bool, Form()] = False,
) -> Response:
    """Name a team, its queues and its people anew."""
    try:
        async with office.database.write() as session:
            await teams.change_team(
                session,
                office.bell,
                team_id=team_id,
                name=name,
                queues=queue or [],
                members=frozenset(member or ()),
                first=first,
                by=await session.get_one(Staff, signed_in(request).id),
                at=office.clock(),
            )
    except Refusal as refusal:
        return await _show(request, office, status=refusal.status, problem=str(refusal))
    return RedirectResponse("/tim?kabar=diubah", status_code=303)


@router.post("/{team_id}/hapus")
async def remove_team(request: Request, office: TheOffice, team_id: UUID) -> Response:
    """Take away a team that never had a case."""
    try:
        async with office.database.write() as session:
            by = await session.get_one(Staff, signed_in(request).id)
            await teams.remove_team(session, team_id=team_id, by=by, at=office.clock())
    except Refusal as refusal:
        return await _show(request, office, status=refusal.status, problem=str(refusal))
    return RedirectResponse("/tim?kabar=dihapus", status_code=303)


async def _show(
    request: Request, office: Office, *, status: int = 200, news: str | None = None, problem: str | None = None
) -> Response:
    person = signed_in(request)
    async with office.database.read() as session:
        shown = await teams.everything(session)
        everybody = list(await session.scalars(select(Staff).where(Staff.active).order_by(Staff.name)))
    tended = {
        one.team.id for one in shown if person.role == ADMIN or (person.role == LEAD and one.team.id in person.teams)
    }
    told = {"shown": shown, "everybody": everybody, "tended": tended, "queues": QUEUES}
    return page(request, "teams.html", status, news=news, problem=problem, **told)
