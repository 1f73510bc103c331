"""The forms of a conversation: claim, release, reply, note, resolve. Each calls one act in one transaction.

A refused act shows the conversation again with the reason and, where there were words, the words.
"""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from desk.claim import claim as take
from desk.door import SignInFirst, signed_in
from desk.message_templates import usable
from desk.note import note as write_note
from desk.office import Office, office_of
from desk.pages.conversation import NEWS, Draft, show, show_parts
from desk.refusals import NoSuchCase, Refusal
from desk.release import release as put_back
from desk.reply import reply as send_reply
from desk.resolve import resolve as close
from desk.silence import bot_is_silent
from records.channel_news import latest
from records.failpoints import reach
from records.models import Staff, Ticket

router = APIRouter(prefix="/tiket/{number}")
TheOffice = Annotated[Office, Depends(office_of)]
Words = Annotated[str, Form()]
TAKEN = "diambil"
type Act = Callable[[AsyncSession, UUID, Staff], Awaitable[str]]


@router.post("/ambil")
async def claim(request: Request, office: TheOffice, number: str) -> Response:
    """Take the case."""

    async def act(session: AsyncSession, ticket: UUID, staff: Staff) -> str:
        await take(session, office.bell, ticket_id=ticket, staff=staff, at=office.clock())
        return TAKEN

    return await _do(request, office, number, act)


@router.post("/lepas")
async def release(request: Request, office: TheOffice, number: str) -> Response:
    """Put the case back."""

    async def act(session: AsyncSession, ticket: UUID, staff: Staff) -> str:
        await put_back(session, office.bell, ticket_id=ticket, staff=staff, at=office.clock())
        return "dilepas"

    return await _do(request, office, number, act)


@router.post("/balas")
async def reply(
    request: Request,
    office: TheOffice,
    number: str,
    key: Annotated[UUID, Form()],
    text: Words = "",
    template: Words = "",
) -> Response:
    """Send the reply, once for this form; where the window is closed it waits, and a template may ask for it."""

    async def act(session: AsyncSession, ticket: UUID, staff: Staff) -> str:
        usable_now = usable(office.whatsapp_templates, await latest(session))
        chosen = next((one for one in usable_now if one.name == template), None)
        what: dict[str, Any] = {"ticket_id": ticket, "key": key, "text": text, "staff": staff, "at": office.clock()}
        return await send_reply(session, office.bell, **what, template=chosen) or "terkirim"

    return await _do(request, office, number, act, words=("reply", text, key))


@router.post("/catat")
async def note(
    request: Request, office: TheOffice, number: str, key: Annotated[UUID, Form()], text: Words = ""
) -> Response:
    """Write a note among staff."""

    async def act(session: AsyncSession, ticket: UUID, staff: Staff) -> str:
        await write_note(session, office.bell, ticket_id=ticket, key=key, text=text, staff=staff, at=office.clock())
        return "dicatat"

    return await _do(request, office, number, act, words=("note", text, key))


@router.post("/selesai")
async def resolve(
    request: Request, office: TheOffice, number: str, key: Annotated[UUID, Form()], text: Words = ""
) -> Response:
    """Close the case."""

    async def act(session: AsyncSession, ticket: UUID, staff: Staff) -> str:
        return await close(session, office.bell, ticket_id=ticket, resolution=text, staff=staff, at=office.clock())

    return await _do(request, office, number, act, words=("resolve", text, key))


async def _do(
    request: Request, office: Office, number: str, act: Act, words: tuple[str, str, UUID] | None = None
) -> Response:
    person = signed_in(request)
    async with office.database.read() as session:
        ticket = (
            await session.execute(select(Ticket.id, Ticket.conversation_id).where(Ticket.number == number))
        ).first()
    if ticket is None:
        raise NoSuchCase
    ticket_id, conversation_id = ticket
    try:
        async with office.database.write() as session:
            staff = await session.get(Staff, person.id)
            if staff is None or not staff.active:
                raise SignInFirst
            news = await act(session, ticket_id, staff)
        await reach("desk committed")
        if news == TAKEN:
            await bot_is_silent(office.database, conversation_id)
    except Refusal as refusal:
        said = str(refusal)
        draft = Draft(words[0], words[1], said, words[2]) if words else None
        problem = None if draft else said
        again = show_parts if "hx-request" in request.headers else show
        return await again(request, office, conversation_id, status=refusal.status, problem=problem, draft=draft)
    if "hx-request" in request.headers:
        return await show_parts(request, office, conversation_id, news=NEWS[news])
    return RedirectResponse(f"/percakapan/{conversation_id}?kabar={news}", status_code=303)
