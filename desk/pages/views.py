"""Saved views of the queue: kept from what is shown, put in order, shared, opened first, and taken away."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from desk.door import signed_in
from desk.office import Office, office_of
from desk.pages.queue_asked import Asked
from desk.paper import page
from desk.queue.views import EARLIER, LATER, forget, move, open_first, save, teams_of, views
from desk.refusals import NotWellSaid

router = APIRouter(prefix="/antrean/tampilan")
TheOffice = Annotated[Office, Depends(office_of)]


@router.get("")
async def views_page(request: Request, office: TheOffice) -> Response:
    """Show the views of one's own and of one's teams."""
    person = signed_in(request)
    async with office.database.read() as session:
        saved = await views(session, person)
        teams = await teams_of(session, person)
    return page(request, "views.html", views=[(view, Asked.of(view.asked)) for view in saved], teams=teams)


@router.post("")
async def save_view(request: Request, office: TheOffice) -> Response:
    """Keep what the queue shows under a name."""
    form = {name: str(value) for name, value in (await request.form()).items()}
    asked = Asked.of(form)
    async with office.database.write() as session:
        await save(
            session,
            person=signed_in(request),
            name=form.get("nama", ""),
            asked=asked.kept,
            team_id=_team(form.get("bagi", "")),
            at=office.clock(),
        )
    return RedirectResponse(f"/antrean{asked.address(kabar='tampilan-disimpan')}", status_code=303)


@router.post("/{view_id}")
async def change_view(
    request: Request, office: TheOffice, view_id: UUID, ubah: Annotated[str, Form(max_length=20)] = ""
) -> Response:
    """Put a view earlier or later, let the queue open with it or not, or take it away."""
    person = signed_in(request)
    async with office.database.write() as session:
        if ubah == "hapus":
            await forget(session, view_id, person=person, at=office.clock())
        elif ubah in {"utama", "biasa"}:
            await open_first(session, view_id, person=person, wanted=ubah == "utama")
        elif ubah in {"naik", "turun"}:
            await move(session, view_id, person=person, by=EARLIER if ubah == "naik" else LATER)
        else:
            raise NotWellSaid("Pilih apa yang diubah.")
    return RedirectResponse("/antrean/tampilan", status_code=303)


def _team(said: str) -> UUID | None:
    try:
        return UUID(said) if said else None
    except ValueError:
        raise NotWellSaid("Pilih timnya dari daftar.") from None
