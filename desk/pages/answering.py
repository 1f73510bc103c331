"""Beside the answer box: keeping what is being written, and choosing prepared words with the case filled in."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse, Response

from desk.access import check_conversation
from desk.answering.canned import prepared
from desk.answering.drafts import ACTS, keep_draft
from desk.answering.sources import CANNED
from desk.answering.variables import filled, values_of
from desk.door import signed_in
from desk.looking import read_view
from desk.office import Office, office_of
from desk.paper import page, render
from desk.refusals import NotWellSaid

router = APIRouter(prefix="/percakapan/{conversation_id}")
TheOffice = Annotated[Office, Depends(office_of)]


@router.post("/draf")
async def keep_reply_draft(
    request: Request,
    office: TheOffice,
    conversation_id: UUID,
    key: Annotated[UUID, Form()],
    act: Annotated[str, Form(max_length=20)] = "",
    text: Annotated[str, Form(max_length=20_000)] = "",
    dari: Annotated[list[str] | None, Form()] = None,
) -> Response:
    """Keep words that are being written; says 410 where they were sent already."""
    if act not in ACTS:
        raise NotWellSaid("Tulisan ini tidak dikenal.")
    person = signed_in(request)
    async with office.database.write() as session:
        await check_conversation(session, person, conversation_id)
        kept = await keep_draft(
            session,
            staff_id=person.id,
            conversation_id=conversation_id,
            act=act,
            text=text,
            key=key,
            sources=dari or [],
            at=office.clock(),
        )
    return Response(status_code=204 if kept else 410)


@router.get("/siap-pakai")
async def canned_pick_page(request: Request, office: TheOffice, conversation_id: UUID) -> Response:
    """Show prepared words with what is known of the case filled in; an open page is given the list alone."""
    person, now = signed_in(request), office.clock()
    async with office.database.read() as session:
        view = await read_view(session, conversation_id, person)
        values = values_of(view, person, now)
        shown = [
            {"it": one, "text": filled(one.reply.text, values), "named": f"{CANNED}:{one.reply.id}"}
            for one in await prepared(session, person)
        ]
    if "hx-request" in request.headers:
        return HTMLResponse(render(request, "canned_pick.html", replies=shown, conversation_id=conversation_id))
    return page(request, "canned_pick_page.html", replies=shown, conversation_id=conversation_id)
