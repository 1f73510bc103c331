"""What is asked of the sources from the page: checks again, all or one, before anything is written; the participant."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse, Response
from sqlalchemy.ext.asyncio import AsyncSession

from desk.door import signed_in
from desk.looking import View, read_view
from desk.office import Office, office_of
from desk.pages.acting import do_in_conversation
from desk.pages.conversation import must_have_looked
from desk.paper import render
from desk.rechecking import NoSources, Result, Subject
from desk.rechecks import chosen, keep_results, subject_of
from desk.refusals import Refusal
from records.models import Staff

router = APIRouter(prefix="/percakapan/{conversation_id}")
TheOffice = Annotated[Office, Depends(office_of)]


@router.post("/cek")
async def recheck(
    request: Request, office: TheOffice, conversation_id: UUID, cek: Annotated[list[str] | None, Form()] = None
) -> Response:
    """Run these checks again, or all of them where none is named."""
    try:
        before, subject, results = await _ask(request, office, conversation_id, cek or [])
    except Refusal as refusal:
        return await _refused(request, office, conversation_id, refusal)

    async def act(session: AsyncSession, conversation: UUID, staff: Staff) -> str:
        at = office.clock()
        return await keep_results(session, office.bell, subject, results, before=before, staff=staff, at=at)

    return await do_in_conversation(request, office, conversation_id, act)


@router.get("/peserta")
async def participant_facts(request: Request, office: TheOffice, conversation_id: UUID, lihat: str = "") -> Response:
    """Show what the programme knows of the participant, to a page that is open."""
    must_have_looked(request, conversation_id, lihat)
    if office.rechecking is None:
        raise NoSources
    async with office.database.read() as session:
        view = await read_view(session, conversation_id, signed_in(request))
        subject = await subject_of(session, view, office.clock())
    facts = await office.rechecking.programme(subject)
    return HTMLResponse(render(request, "participant_facts.html", facts=facts))


async def _ask(
    request: Request, office: Office, conversation_id: UUID, names: list[str]
) -> tuple[View, Subject, list[Result]]:
    person = signed_in(request)
    if office.rechecking is None:
        raise NoSources
    async with office.database.read() as session:
        view = await read_view(session, conversation_id, person)
        subject = await subject_of(session, view, office.clock())
    wanted = chosen(view, names)
    office.politeness.ask(person.id, conversation_id)
    return view, subject, await office.rechecking.run(subject, wanted)


async def _refused(request: Request, office: Office, conversation_id: UUID, refusal: Refusal) -> Response:
    """Show the page with the reason, as for an act that was refused."""

    async def act(session: AsyncSession, conversation: UUID, staff: Staff) -> str:
        raise refusal

    return await do_in_conversation(request, office, conversation_id, act)
