"""What an open conversation says and asks about presence: I am here, I type, I left; and who else is here."""

import hmac
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import Response

from desk.door import signed_in
from desk.looking import glance_token
from desk.office import Office, office_of
from desk.paper import render
from desk.parts import Part, part, send_changed
from desk.presence import left, looking, present
from desk.refusals import NotOpened

router = APIRouter(prefix="/percakapan/{conversation_id}/hadir")
TheOffice = Annotated[Office, Depends(office_of)]


@router.post("")
async def presence_here(
    request: Request,
    office: TheOffice,
    conversation_id: UUID,
    lihat: Annotated[str, Form()] = "",
    mengetik: Annotated[bool, Form()] = False,
    pergi: Annotated[bool, Form()] = False,
    sidik: Annotated[list[str] | None, Form()] = None,
) -> Response:
    """Take note that somebody is here, and tell them who else is where that changed."""
    me = _opened(request, conversation_id, lihat)
    if pergi:
        await left(office, me, conversation_id)
        return Response(status_code=204)
    await looking(office, me, conversation_id, typing=mengetik)
    return send_changed(request, [await _part(request, office, conversation_id)], sidik)


@router.get("")
async def presence_others(
    request: Request,
    office: TheOffice,
    conversation_id: UUID,
    lihat: str = "",
    sidik: Annotated[list[str] | None, Query()] = None,
) -> Response:
    """Tell an open page who else is here, where that changed."""
    _opened(request, conversation_id, lihat)
    return send_changed(request, [await _part(request, office, conversation_id)], sidik)


def _opened(request: Request, conversation_id: UUID, token: str) -> UUID:
    person = signed_in(request)
    if not hmac.compare_digest(token.encode(), glance_token(person, conversation_id).encode()):
        raise NotOpened
    return person.id


async def _part(request: Request, office: Office, conversation_id: UUID) -> Part:
    async with office.database.read() as session:
        there = await present(session, conversation_id, signed_in(request).id, office.real_clock())
    return part("hadir", render(request, "conversation_hadir.html", there=there))
