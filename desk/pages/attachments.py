"""Files of participants: previews in the pages that were opened, everything else as a download, each look audited.

A preview is a picture the bot wrote anew. What a participant made themselves is never shown in a page of ours: it is
handed out as a download under a name of ours, with every power taken from it.
"""

import hmac
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.ext.asyncio import AsyncSession

from desk import attachments
from desk.access import check_conversation
from desk.attachments import PLAYABLE, NotKept, Opened
from desk.door import signed_in
from desk.headers import POWERLESS
from desk.looking import glance_token
from desk.office import Office, office_of
from desk.paper import page
from desk.refusals import NotOpened
from records.database import ReadSession

router = APIRouter(prefix="/lampiran/{media_id}")
TheOffice = Annotated[Office, Depends(office_of)]


@router.get("")
async def attachment_page(request: Request, office: TheOffice, media_id: UUID) -> Response:
    """Show one file large, with what is known of it."""
    person = signed_in(request)
    async with office.database.read() as session:
        media = await _found(session, request, media_id)
        shown = await attachments.read_attachments(session, media.conversation_id)
    file = next((one for one in shown.files if one.id == media.id), None)
    if file is None or file.status != "kept":
        raise NotKept
    async with office.database.write() as session:
        await attachments.opened(session, media, person, "opened", office.clock())
    glance = glance_token(person, media.conversation_id)
    return page(request, "attachment_page.html", file=file, conversation=media.conversation_id, glance=glance)


@router.get("/pratinjau")
async def attachment_preview(request: Request, office: TheOffice, media_id: UUID, lihat: str = "") -> Response:
    """Give the preview to a page that was opened, which was audited."""
    async with office.database.read() as session:
        media = await _found(session, request, media_id)
        if not hmac.compare_digest(lihat.encode(), glance_token(signed_in(request), media.conversation_id).encode()):
            raise NotOpened
        content = await attachments.preview_of(session, office.seal, media)
    return Response(content, media_type="image/jpeg", headers=POWERLESS | {"Content-Disposition": "inline"})


@router.get("/unduh")
async def attachment_download(request: Request, office: TheOffice, media_id: UUID) -> Response:
    """Hand the file out as a download."""
    return await _hand_out(request, office, media_id, "downloaded", playing=False)


@router.get("/suara")
async def attachment_sound(request: Request, office: TheOffice, media_id: UUID) -> Response:
    """Let a voice note be heard in the page: sound alone, of the types a browser plays."""
    return await _hand_out(request, office, media_id, "heard", playing=True)


@router.post("/ambil-lagi")
async def attachment_again(request: Request, office: TheOffice, media_id: UUID) -> Response:
    """Ask the channel for a file once more."""
    async with office.database.write() as session:
        await _found(session, request, media_id)
        conversation = await attachments.fetch_again(session, media_id, signed_in(request), office.clock())
    return RedirectResponse(f"/percakapan/{conversation}?kabar=diambil-lagi", status_code=303)


async def _found(session: AsyncSession, request: Request, media_id: UUID) -> Opened:
    media = await attachments.find(ReadSession(session), media_id)
    await check_conversation(session, signed_in(request), media.conversation_id)
    return media


async def _hand_out(request: Request, office: Office, media_id: UUID, how: str, *, playing: bool) -> Response:
    async with office.database.read() as session:
        media = await _found(session, request, media_id)
        if playing and media.type not in PLAYABLE:
            raise NotKept
        content = await attachments.content_of(session, office.seal, media)
    async with office.database.write() as session:
        await attachments.opened(session, media, signed_in(request), how, office.clock())
    named = f'attachment; filename="{media.own_name}"'
    return Response(content, media_type=media.type, headers=POWERLESS | {"Content-Disposition": named})
