"""The form that sends a participant a file."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, File, Form, Request, UploadFile
from fastapi.responses import Response
from sqlalchemy.ext.asyncio import AsyncSession

from desk.acts.files_out import LARGEST, Given
from desk.acts.files_out import send_file as send
from desk.office import Office, office_of
from desk.pages.acting import do_act
from records.models import Staff

router = APIRouter(prefix="/tiket/{number}")
TheOffice = Annotated[Office, Depends(office_of)]
LARGEST_UPLOAD = max(LARGEST.values()) + 100_000


@router.post("/berkas", max_body_size=LARGEST_UPLOAD)
async def send_file(
    request: Request,
    office: TheOffice,
    number: str,
    key: Annotated[UUID, Form()],
    file: Annotated[UploadFile, File()],
    text: Annotated[str, Form()] = "",
) -> Response:
    """Send the file, once for this form."""
    given = Given(await file.read(), text)

    async def act(session: AsyncSession, ticket: UUID, staff: Staff) -> str:
        what = {"ticket_id": ticket, "key": key, "given": given, "staff": staff, "at": office.clock()}
        await send(session, office.bell, office.seal, **what)  # type: ignore[arg-type]
        return "berkas-dikirim"

    return await do_act(request, office, number, act, words=("file", text, key))
