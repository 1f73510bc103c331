"""Deciding about a broadcast from its page: approve, take back, stop, go on, end, count again, throw away."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.ext.asyncio import AsyncSession

from desk.broadcasts import making, steering
from desk.door import signed_in
from desk.office import Office, office_of
from desk.refusals import NotWellSaid

router = APIRouter(prefix="/siaran/{broadcast_id}")
TheOffice = Annotated[Office, Depends(office_of)]
type Act = Callable[[AsyncSession], Awaitable[object]]


@router.post("/setujui")
async def broadcast_approve(
    request: Request,
    office: TheOffice,
    broadcast_id: UUID,
    versi: Annotated[int, Form()],
    dibaca: Annotated[str, Form()] = "",
) -> Response:
    """Approve what was seen."""
    if not dibaca:
        raise NotWellSaid("Baca dulu teks dan jumlah penerimanya, lalu beri tanda.")
    who = _who(request, office)
    return await _do(
        office, broadcast_id, lambda it: steering.approve(it, office.bell, broadcast_id, version=versi, **who)
    )


@router.post("/batal-setuju")
async def broadcast_take_back(request: Request, office: TheOffice, broadcast_id: UUID) -> Response:
    """Take an approval back before it begins."""
    who = _who(request, office)
    return await _do(office, broadcast_id, lambda it: steering.take_back(it, office.bell, broadcast_id, **who))


@router.post("/hentikan")
async def broadcast_stop(
    request: Request, office: TheOffice, broadcast_id: UUID, alasan: Annotated[str, Form()] = ""
) -> Response:
    """Stop it now."""
    who = _who(request, office)
    return await _do(office, broadcast_id, lambda it: steering.stop(it, office.bell, broadcast_id, why=alasan, **who))


@router.post("/lanjutkan")
async def broadcast_go_on(request: Request, office: TheOffice, broadcast_id: UUID) -> Response:
    """Let a stopped one go on."""
    who = _who(request, office)
    return await _do(office, broadcast_id, lambda it: steering.go_on(it, office.bell, broadcast_id, **who))


@router.post("/akhiri")
async def broadcast_end(request: Request, office: TheOffice, broadcast_id: UUID) -> Response:
    """End a stopped one for good."""
    who = _who(request, office)
    return await _do(office, broadcast_id, lambda it: steering.end(it, office.bell, broadcast_id, **who))


@router.post("/hitung")
async def broadcast_count(request: Request, office: TheOffice, broadcast_id: UUID) -> Response:
    """Look anew whom it is meant for."""
    who = _who(request, office)
    return await _do(office, broadcast_id, lambda it: making.count_again(it, office.bell, broadcast_id, **who))


@router.post("/buang")
async def broadcast_discard(request: Request, office: TheOffice, broadcast_id: UUID) -> Response:
    """Throw it away."""
    who = _who(request, office)
    return await _do(office, broadcast_id, lambda it: making.discard(it, office.bell, broadcast_id, **who))


def _who(request: Request, office: Office) -> dict[str, Any]:
    return {"person": signed_in(request), "at": office.clock()}


async def _do(office: Office, broadcast_id: UUID, act: Act) -> Response:
    async with office.database.write() as session:
        await act(session)
    return RedirectResponse(f"/siaran/{broadcast_id}", status_code=303)
