"""The forms of a conversation: claim, release, reply, note, resolve. Each calls one act in one transaction."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import Response
from sqlalchemy.ext.asyncio import AsyncSession

from desk.acts.claim import claim as take
from desk.acts.note import note as write_note
from desk.acts.release import release as put_back
from desk.acts.reply import reply as send_reply
from desk.acts.resolve import resolve as close
from desk.answering.sending import sources_of, written
from desk.message_templates import usable
from desk.office import Office, office_of
from desk.pages.acting import TAKEN, do_act
from records.channel_news import latest
from records.models import Staff

router = APIRouter(prefix="/tiket/{number}")
TheOffice = Annotated[Office, Depends(office_of)]
Words = Annotated[str, Form()]


@router.post("/ambil")
async def claim(request: Request, office: TheOffice, number: str) -> Response:
    """Take the case."""

    async def act(session: AsyncSession, ticket: UUID, staff: Staff) -> str:
        await take(session, office.bell, ticket_id=ticket, staff=staff, at=office.clock())
        return TAKEN

    return await do_act(request, office, number, act)


@router.post("/lepas")
async def release(request: Request, office: TheOffice, number: str) -> Response:
    """Put the case back."""

    async def act(session: AsyncSession, ticket: UUID, staff: Staff) -> str:
        await put_back(session, office.bell, ticket_id=ticket, staff=staff, at=office.clock())
        return "dilepas"

    return await do_act(request, office, number, act)


@router.post("/balas")
async def reply(
    request: Request,
    office: TheOffice,
    number: str,
    key: Annotated[UUID, Form()],
    text: Words = "",
    template: Words = "",
    dari: Annotated[list[str] | None, Form()] = None,
) -> Response:
    """Send the reply, once for this form; where the window is closed it waits, and a template may ask for it."""

    async def act(session: AsyncSession, ticket: UUID, staff: Staff) -> str:
        usable_now = usable(office.whatsapp_templates, await latest(session))
        chosen = next((one for one in usable_now if one.name == template), None)
        what: dict[str, Any] = {"ticket_id": ticket, "key": key, "text": text, "staff": staff, "at": office.clock()}
        sources = await sources_of(session, ticket, dari or [])
        sent = await send_reply(session, office.bell, **what, template=chosen, sources=sources)
        await written(session, staff, ticket, "reply")
        return sent or "terkirim"

    return await do_act(request, office, number, act, words=("reply", text, key))


@router.post("/catat")
async def note(
    request: Request, office: TheOffice, number: str, key: Annotated[UUID, Form()], text: Words = ""
) -> Response:
    """Write a note among staff."""

    async def act(session: AsyncSession, ticket: UUID, staff: Staff) -> str:
        await write_note(session, office.bell, ticket_id=ticket, key=key, text=text, staff=staff, at=office.clock())
        await written(session, staff, ticket, "note")
        return "dicatat"

    return await do_act(request, office, number, act, words=("note", text, key))


@router.post("/selesai")
async def resolve(
    request: Request, office: TheOffice, number: str, key: Annotated[UUID, Form()], text: Words = ""
) -> Response:
    """Close the case."""

    async def act(session: AsyncSession, ticket: UUID, staff: Staff) -> str:
        told = await close(session, office.bell, ticket_id=ticket, resolution=text, staff=staff, at=office.clock())
        await written(session, staff, ticket, "resolve")
        return told

    return await do_act(request, office, number, act, words=("resolve", text, key))
