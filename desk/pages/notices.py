"""What is for oneself: where colleagues named one in a note or gave one a case, and one's own notes to change."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.ext.asyncio import AsyncSession

from desk.access import check_conversation
from desk.acts.note_changes import change_note, changeable, versions, withdraw_note
from desk.door import signed_in
from desk.notices import notices, seen, unseen
from desk.office import Office, office_of
from desk.pages.acting import do_in_conversation
from desk.paper import page, render
from desk.refusals import NoSuchCase
from desk.wording_case_work import NOTICES
from records import audit
from records.database import ReadSession
from records.models import Message, Staff

router = APIRouter()
TheOffice = Annotated[Office, Depends(office_of)]


@router.get("/sebutan")
async def notices_page(request: Request, office: TheOffice) -> Response:
    """Show one's notices, newest first."""
    async with office.database.read() as session:
        mine = await notices(session, signed_in(request))
    return page(request, "notices.html", notices=mine, kinds=NOTICES)


@router.post("/sebutan")
async def notices_seen(request: Request, office: TheOffice) -> Response:
    """Mark all of one's notices as seen."""
    async with office.database.write() as session:
        await seen(session, signed_in(request).id, office.clock())
    return RedirectResponse("/sebutan", status_code=303)


@router.get("/sebutan/jumlah")
async def notices_count(request: Request, office: TheOffice) -> Response:
    """Tell an open page how many notices are unseen."""
    async with office.database.read() as session:
        number = await unseen(session, signed_in(request).id)
    return Response(render(request, "notices_count.html", unseen=number), media_type="text/html")


@router.get("/catatan/{message_id}")
async def note_page(request: Request, office: TheOffice, message_id: UUID) -> Response:
    """Show one's note with a form to change it."""
    person = signed_in(request)
    async with office.database.read() as session:
        message = await _note(session, message_id)
        await check_conversation(session, person, message.conversation_id)
    return page(request, "note.html", message=message, mine=changeable(message, person.id, office.clock()))


@router.get("/catatan/{message_id}/sebelumnya")
async def note_versions_page(request: Request, office: TheOffice, message_id: UUID) -> Response:
    """Show what a note said before; looking is audited."""
    person = signed_in(request)
    async with office.database.write() as session:
        message = await _note(session, message_id)
        await check_conversation(session, person, message.conversation_id)
        before = await versions(session, message_id)
        what: dict[str, Any] = {"actor": person.username, "action": "note_versions", "object": f"message:{message_id}"}
        await audit.record(session, at=office.clock(), **what)
    return page(request, "note_versions.html", message=message, before=before)


@router.post("/catatan/{message_id}")
async def note_change(
    request: Request, office: TheOffice, message_id: UUID, text: Annotated[str, Form()] = ""
) -> Response:
    """Say one's note differently."""

    async def act(session: AsyncSession, _: UUID, staff: Staff) -> str:
        await change_note(session, office.bell, message_id=message_id, text=text, staff=staff, at=office.clock())
        return "catatan-diubah"

    return await do_in_conversation(request, office, await _where(office, message_id), act)


@router.post("/catatan/{message_id}/tarik")
async def note_withdraw(request: Request, office: TheOffice, message_id: UUID) -> Response:
    """Take one's note back."""

    async def act(session: AsyncSession, _: UUID, staff: Staff) -> str:
        await withdraw_note(session, office.bell, message_id=message_id, staff=staff, at=office.clock())
        return "catatan-ditarik"

    return await do_in_conversation(request, office, await _where(office, message_id), act)


async def _where(office: Office, message_id: UUID) -> UUID:
    async with office.database.read() as session:
        return (await _note(session, message_id)).conversation_id


async def _note(session: AsyncSession | ReadSession, message_id: UUID) -> Message:
    message = await session.get(Message, message_id)
    if message is None or message.direction != "note":
        raise NoSuchCase
    return message
