"""The tags in use, for a lead: how many open cases carry each, and one form to rename or put together."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from desk.acts.tags import rename, with_counts
from desk.office import Office, office_of
from desk.pages.acting import staff_of
from desk.paper import page
from desk.refusals import Refusal

router = APIRouter(prefix="/tag")
TheOffice = Annotated[Office, Depends(office_of)]


@router.get("")
async def tags_page(request: Request, office: TheOffice, kabar: str = "") -> Response:
    """Show the tags."""
    return await _show(request, office, news="Tag diganti di semua tiket." if kabar == "diganti" else None)


@router.post("")
async def tag_rename(
    request: Request, office: TheOffice, old: Annotated[str, Form()] = "", new: Annotated[str, Form()] = ""
) -> Response:
    """Call a tag something else everywhere; where that is a tag already, both become one."""
    try:
        async with office.database.write() as session:
            staff = await staff_of(session, request)
            await rename(session, office.bell, old=old, new=new, staff=staff, at=office.clock())
    except Refusal as refusal:
        return await _show(request, office, problem=str(refusal), status=refusal.status)
    return RedirectResponse("/tag?kabar=diganti", status_code=303)


async def _show(
    request: Request, office: Office, *, news: str | None = None, problem: str | None = None, status: int = 200
) -> Response:
    async with office.database.read() as session:
        tags = await with_counts(session)
    return page(request, "tags.html", status, tags=tags, news=news, problem=problem)
