"""The live stream: one line to every open page whenever something changed. Pages then ask for what they show."""

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import StreamingResponse

from desk.door import SESSION_COOKIE
from desk.office import Office, office_of
from desk.sessions import find_person

router = APIRouter()


@router.get("/aliran")
async def stream(request: Request, office: Annotated[Office, Depends(office_of)]) -> StreamingResponse:
    """Send `berubah` events until the browser leaves, the sign-in ends or the desk closes."""
    token = request.cookies.get(SESSION_COOKIE)
    return StreamingResponse(
        _events(office, token), media_type="text/event-stream", headers={"X-Accel-Buffering": "no"}
    )


async def _events(office: Office, token: str | None) -> AsyncIterator[str]:
    async with office.ears.listening() as words:
        yield "retry: 2000\n: tersambung\n\n"
        while True:
            try:
                word = await asyncio.wait_for(words.get(), office.heartbeat.total_seconds())
            except TimeoutError:
                if not await _still_in(office, token):
                    return
                yield ": masih ada\n\n"
                continue
            if word is None:
                return
            yield f"event: berubah\ndata: {' '.join(word.split())}\n\n"


async def _still_in(office: Office, token: str | None) -> bool:
    async with office.database.read() as session:
        return await find_person(session, token, now=office.real_clock()) is not None
