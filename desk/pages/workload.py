"""The page of the load: who holds how much, what is in danger, and what was given to whom; and the away switch."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from desk.access import openable
from desk.door import signed_in
from desk.office import Office, office_of
from desk.paper import page
from desk.workload import given_lately, set_away, teams

router = APIRouter()
TheOffice = Annotated[Office, Depends(office_of)]
LOAD = "/beban"


@router.get(LOAD)
async def load_page(request: Request, office: TheOffice) -> Response:
    """Show every team with its people."""
    async with office.database.read() as session:
        shown = await teams(session, office.clock(), office.real_clock())
        given = await given_lately(session)
        may_open = await openable(session, signed_in(request), {it.conversation_id for it in given})
    return page(request, "workload.html", teams=shown, given=given, may_open=may_open)


@router.post("/tempat")
async def away(
    request: Request, office: TheOffice, pergi: Annotated[str, Form()] = "", kembali: Annotated[str, Form()] = ""
) -> Response:
    """Say that one is away (`pergi`), or back; then show the page one came from."""
    async with office.database.write() as session:
        person = signed_in(request)
        await set_away(session, office.bell, staff_id=person.id, away=pergi == "true", at=office.clock())
    onward = kembali if kembali.startswith("/") and not kembali.startswith(("//", "/\\")) else LOAD
    return RedirectResponse(onward, status_code=303)
