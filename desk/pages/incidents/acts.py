"""What the forms on an incident's page do: tell everybody, let it go on, describe it, hand it over, note something."""

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.ext.asyncio import AsyncSession

from desk.incidents import saying
from desk.incidents.moving import RESOLVED, Move, move
from desk.office import Office, office_of
from desk.pages.acting import staff_of
from desk.pages.incidents.asked import as_of_or_now, id_of, moment_of
from desk.pages.incidents.showing import Name, show
from desk.refusals import Refusal
from records.models import Staff

router = APIRouter(prefix="/insiden/{incident_id}")
TheOffice = Annotated[Office, Depends(office_of)]
Field = Annotated[str, Form(max_length=4_000)]
Version = Annotated[int | None, Form()]
type Act = Callable[[AsyncSession, Staff], Awaitable[str]]
"""Does it, and says which news to show."""


@router.post("/kabar")
async def incident_say(
    request: Request,
    office: TheOffice,
    incident_id: Name,
    public_message: Field = "",
    as_of: Field = "",
    shown_at: Field = "",
    estimate: Field = "",
    version: Version = None,
) -> Response:
    """Tell everybody something new."""
    now = office.clock()

    async def act(session: AsyncSession, by: Staff) -> str:
        at = now if as_of == shown_at else as_of_or_now(as_of, now, now)
        until = moment_of(estimate, "Perkiraan pulih") if estimate else None
        given = {"words": public_message, "as_of": at, "estimate": until, "version": version}
        await saying.say(session, office.bell, incident_id, **given, by=by, at=now)  # type: ignore[arg-type]
        return "kabar"

    return await do(request, office, incident_id, act, {"public_message": public_message, "estimate": estimate})


@router.post("/status")
async def incident_move(
    request: Request,
    office: TheOffice,
    incident_id: Name,
    to: Field = "",
    public_message: Field = "",
    ended_at: Field = "",
    version: Version = None,
) -> Response:
    """Let it go on."""
    now = office.clock()

    async def act(session: AsyncSession, by: Staff) -> str:
        ended = moment_of(ended_at, "Waktu pulih") if ended_at and to == RESOLVED else None
        wanted = Move(to, public_message, as_of=now, ended_at=ended)
        await move(session, office.bell, incident_id, wanted, version=version, by=by, at=now)
        return "status"

    return await do(request, office, incident_id, act, {f"words_{to}": public_message})


@router.post("/keterangan")
async def incident_describe(
    request: Request,
    office: TheOffice,
    incident_id: Name,
    title: Field = "",
    severity: Field = "",
    source: Field = "",
    version: Version = None,
) -> Response:
    """Change title, severity or source."""

    async def act(session: AsyncSession, by: Staff) -> str:
        given = {"title": title, "severity": severity, "source": source}
        changed = await saying.describe(
            session, office.bell, incident_id, **given, version=version, by=by, at=office.clock()
        )
        return "keterangan" if changed else "tetap"

    return await do(request, office, incident_id, act)


@router.post("/pemilik")
async def incident_hand_over(
    request: Request, office: TheOffice, incident_id: Name, to: Field = "", reason: Field = ""
) -> Response:
    """Give it to somebody else."""

    async def act(session: AsyncSession, by: Staff) -> str:
        owner = id_of(to, "Pilih orangnya dari daftar.")
        handed = await saying.hand_over(
            session, office.bell, incident_id, to=owner, why=reason, by=by, at=office.clock()
        )
        return "pemilik" if handed else "tetap"

    return await do(request, office, incident_id, act)


@router.post("/catatan")
async def incident_note(request: Request, office: TheOffice, incident_id: Name, words: Field = "") -> Response:
    """Write something into the timeline that only staff read."""

    async def act(session: AsyncSession, by: Staff) -> str:
        await saying.note(session, office.bell, incident_id, words=words, by=by, at=office.clock())
        return "catatan"

    return await do(request, office, incident_id, act, {"words": words})


async def do(
    request: Request, office: Office, incident_id: str, act: Act, typed: dict[str, str] | None = None
) -> Response:
    """Do an act in one transaction and show the incident; where it was refused, with the reason and what was typed."""
    try:
        async with office.database.write() as session:
            news = await act(session, await staff_of(session, request))
    except Refusal as refusal:
        if refusal.status == 404:
            raise
        given = {"status": refusal.status, "problem": str(refusal), "typed_words": typed}
        return await show(request, office, incident_id, **given)  # type: ignore[arg-type]
    return RedirectResponse(f"/insiden/{incident_id}?kabar={news}", status_code=303)
