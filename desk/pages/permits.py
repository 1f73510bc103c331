"""The page that asks why, before a conversation opens to somebody who has no part in it."""

from typing import Annotated
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from desk.access import why_open
from desk.door import signed_in
from desk.office import Office, office_of
from desk.pages.letting_in import own_address
from desk.paper import page
from desk.permits import closed, give_permit
from desk.refusals import NotWellSaid

router = APIRouter(prefix="/percakapan/{conversation_id}/izin")
TheOffice = Annotated[Office, Depends(office_of)]
Onward = Annotated[str, Query(max_length=300)]


def permit_address(conversation_id: UUID, onward: str = "") -> str:
    """Return where the permit for a conversation is asked for, and where it leads on to."""
    return f"/percakapan/{conversation_id}/izin" + (f"?lanjut={quote(onward, safe='')}" if onward else "")


@router.get("")
async def permit_page(request: Request, office: TheOffice, conversation_id: UUID, lanjut: Onward = "") -> Response:
    """Ask for the reason; whoever may open the conversation anyhow goes straight on."""
    return await _ask(request, office, conversation_id, lanjut)


@router.post("")
async def permit(
    request: Request,
    office: TheOffice,
    conversation_id: UUID,
    reason: Annotated[str, Form(max_length=300)] = "",
    lanjut: Annotated[str, Form(max_length=300)] = "",
) -> Response:
    """Open the conversation for half an hour."""
    try:
        async with office.database.write() as session:
            await give_permit(
                session,
                conversation_id=conversation_id,
                reason=reason,
                person=signed_in(request),
                at=office.clock(),
            )
    except NotWellSaid as refusal:
        return await _ask(request, office, conversation_id, lanjut, status=refusal.status, problem=str(refusal))
    return RedirectResponse(_onward(conversation_id, lanjut), status_code=303)


async def _ask(
    request: Request,
    office: Office,
    conversation_id: UUID,
    onward: str,
    *,
    status: int = 200,
    problem: str | None = None,
) -> Response:
    async with office.database.read() as session:
        subject = await closed(session, conversation_id)
    if why_open(signed_in(request), conversation_id, subject.ticket):
        return RedirectResponse(_onward(conversation_id, onward), status_code=303)
    return page(request, "permit.html", status, subject=subject, lanjut=onward, problem=problem)


def _onward(conversation_id: UUID, onward: str) -> str:
    return own_address(onward) if onward else f"/percakapan/{conversation_id}"
