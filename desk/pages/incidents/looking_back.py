"""The forms of the review: what happened, what changes, what is to be done by whom, and that it is done."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import Response
from sqlalchemy.ext.asyncio import AsyncSession

from desk.incidents import reviewing
from desk.office import Office, office_of
from desk.pages.incidents.acts import Field, Version, do
from desk.pages.incidents.asked import id_of
from desk.pages.incidents.showing import Name
from desk.refusals import NotWellSaid
from records.models import Staff

router = APIRouter(prefix="/insiden/{incident_id}")
TheOffice = Annotated[Office, Depends(office_of)]


@router.post("/tinjauan")
async def incident_review(
    request: Request,
    office: TheOffice,
    incident_id: Name,
    happened: Field = "",
    changes: Field = "",
    version: Version = None,
) -> Response:
    """Write what happened and what changes."""
    given = {"happened": happened, "changes": changes}

    async def act(session: AsyncSession, by: Staff) -> str:
        await reviewing.review(session, office.bell, incident_id, **given, version=version, by=by, at=office.clock())
        return "tinjauan"

    return await do(request, office, incident_id, act, given)


@router.post("/tindak-lanjut")
async def incident_follow_up(
    request: Request,
    office: TheOffice,
    incident_id: Name,
    what: Field = "",
    owner: Field = "",
    due: Annotated[str, Form(max_length=20)] = "",
) -> Response:
    """Write down something to be done."""

    async def act(session: AsyncSession, by: Staff) -> str:
        who, day = id_of(owner, "Pilih orangnya dari daftar."), _day(due)
        await reviewing.follow_up(
            session, office.bell, incident_id, what=what, owner=who, due=day, by=by, at=office.clock()
        )
        return "tindak-lanjut"

    return await do(request, office, incident_id, act, {"what": what, "due": due})


@router.post("/tindak-lanjut/{follow_up_id}")
async def incident_follow_up_done(
    request: Request, office: TheOffice, incident_id: Name, follow_up_id: UUID
) -> Response:
    """Mark it as done, or as not done after all."""

    async def act(session: AsyncSession, by: Staff) -> str:
        await reviewing.finish(session, office.bell, follow_up_id, by=by, at=office.clock())
        return "tindak-lanjut"

    return await do(request, office, incident_id, act)


def _day(said: str) -> date:
    try:
        return date.fromisoformat(said)
    except ValueError:
        raise NotWellSaid("Tenggatnya tidak terbaca. Pilih tanggalnya.") from None
