"""The list of incidents, and opening one: first whom it touches is shown, then it is opened."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from desk.detection.elsewhere import alone_on_its_channel
from desk.door import signed_in
from desk.incidents import words
from desk.incidents.belonging import Touched, touched
from desk.incidents.opening import SEVERITIES, check_scope, open_incident
from desk.incidents.reading import lines, undecided
from desk.office import Office, office_of
from desk.pages.acting import staff_of
from desk.pages.incidents.asked import Draft
from desk.pages.incidents.offered import offered
from desk.paper import page
from desk.refusals import NotWellSaid, Refusal
from records.models import Suspicion

router = APIRouter(prefix="/insiden")
TheOffice = Annotated[Office, Depends(office_of)]


@router.get("")
async def incidents_page(request: Request, office: TheOffice) -> Response:
    """Show all incidents, open ones first."""
    async with office.database.read() as session:
        found, waiting = await lines(session), await undecided(session)
    return page(request, "incidents.html", lines=found, suspicions=waiting, say=words)


@router.get("/baru")
async def incident_new_page(request: Request, office: TheOffice, dugaan: str = "") -> Response:
    """Show the form, filled with what a suspicion knows."""
    now, me = office.clock(), signed_in(request).id
    async with office.database.read() as session:
        suspicion = await session.get(Suspicion, _id(dugaan)) if dugaan else None
        if dugaan and suspicion is None:
            raise NotWellSaid("Dugaan itu tidak ada.")
    draft = Draft.of_suspicion(suspicion, now, me) if suspicion else Draft.blank(now, me)
    return await _form(request, office, draft, suspicion=suspicion)


@router.post("/pratinjau")
async def incident_preview(request: Request, office: TheOffice) -> Response:
    """Show whom it would touch before it is opened."""
    draft = Draft.of_form(await request.form())
    try:
        scope = draft.scope()
        check_scope(scope, office.clock())
        async with office.database.read() as session:
            seen = await touched(session, scope)
    except Refusal as refusal:
        return await _form(request, office, draft, problem=str(refusal), status=refusal.status)
    return await _form(request, office, draft, seen=seen)


@router.post("")
async def incident_open(request: Request, office: TheOffice) -> Response:
    """Open it."""
    draft, now = Draft.of_form(await request.form()), office.clock()
    try:
        opening = draft.opening(now)
        async with office.database.write() as session:
            opened = await open_incident(session, office.bell, opening, by=await staff_of(session, request), at=now)
    except Refusal as refusal:
        return await _form(request, office, draft, problem=str(refusal), status=refusal.status)
    return RedirectResponse(f"/insiden/{opened.incident.id}?kabar=dibuka", status_code=303)


async def _form(
    request: Request,
    office: Office,
    draft: Draft,
    *,
    suspicion: Suspicion | None = None,
    seen: Touched | None = None,
    problem: str | None = None,
    status: int = 200,
) -> Response:
    async with office.database.read() as session:
        offers = await offered(session)
        if suspicion is None and draft.said("suspicion"):
            suspicion = await session.get(Suspicion, _id(draft.said("suspicion")))
    given = {"draft": draft, "offers": offers, "suspicion": suspicion, "seen": seen, "severities": SEVERITIES}
    given["alone"] = suspicion is not None and alone_on_its_channel(suspicion)
    return page(request, "incident_new.html", status, **given, say=words, problem=problem)


def _id(said: str) -> UUID | None:
    try:
        return UUID(said)
    except ValueError:
        return None
