"""Changing whom an incident touches: who would leave and who would come is shown before it is done."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from desk.access import openable
from desk.door import signed_in
from desk.incidents import words
from desk.incidents.belonging import leavers, leaving, touched
from desk.incidents.counting import counted
from desk.incidents.opening import check_scope
from desk.incidents.reading import whole
from desk.incidents.rescoping import rescope
from desk.office import Office, office_of
from desk.pages.acting import staff_of
from desk.pages.incidents.asked import Draft
from desk.pages.incidents.offered import offered
from desk.pages.incidents.showing import Name
from desk.paper import page
from desk.refusals import Refusal

router = APIRouter(prefix="/insiden/{incident_id}/lingkup")
TheOffice = Annotated[Office, Depends(office_of)]
MOST_NAMED = 20


@router.get("")
async def incident_scope_page(request: Request, office: TheOffice, incident_id: Name) -> Response:
    """Show the scope as it is."""
    async with office.database.read() as session:
        incident = (await whole(session, incident_id)).incident
    return await _form(request, office, incident_id, Draft.of_incident(incident))


@router.post("/pratinjau")
async def incident_scope_preview(request: Request, office: TheOffice, incident_id: Name) -> Response:
    """Show who would leave and how many would belong to it, before anything is changed."""
    draft = Draft.of_form(await request.form())
    try:
        return await _form(
            request, office, incident_id, draft, preview=await _preview(request, office, incident_id, draft)
        )
    except Refusal as refusal:
        if refusal.status == 404:
            raise
        return await _form(request, office, incident_id, draft, problem=str(refusal), status=refusal.status)


@router.post("")
async def incident_rescope(request: Request, office: TheOffice, incident_id: Name) -> Response:
    """Give it this scope."""
    draft, now = Draft.of_form(await request.form()), office.clock()
    version = draft.said("version")
    try:
        async with office.database.write() as session:
            await rescope(
                session,
                office.bell,
                incident_id,
                draft.scope(),
                why=draft.said("reason"),
                version=int(version) if version.isdecimal() else None,
                by=await staff_of(session, request),
                at=now,
            )
    except Refusal as refusal:
        if refusal.status == 404:
            raise
        return await _form(request, office, incident_id, draft, problem=str(refusal), status=refusal.status)
    return RedirectResponse(f"/insiden/{incident_id}?kabar=lingkup", status_code=303)


async def _preview(request: Request, office: Office, incident_id: str, draft: Draft) -> dict[str, Any]:
    async with office.database.read() as session:
        incident = (await whole(session, incident_id)).incident
        scope = draft.scope(until=incident.ended_at)
        check_scope(scope, office.clock())
        chats, people = await leaving(session, incident_id, scope)
        some = await leavers(session, incident_id, scope, MOST_NAMED)
        return {
            "brings": await touched(session, scope),
            "now": await counted(session, incident_id),
            "leave": chats,
            "leave_people": people,
            "some": some,
            "openable": await openable(session, signed_in(request), [row.conversation_id for row in some]),
        }


async def _form(
    request: Request,
    office: Office,
    incident_id: str,
    draft: Draft,
    *,
    preview: dict[str, Any] | None = None,
    problem: str | None = None,
    status: int = 200,
) -> Response:
    async with office.database.read() as session:
        incident = (await whole(session, incident_id)).incident
        offers = await offered(session)
    given = {"it": incident, "draft": draft, "offers": offers, "preview": preview, "problem": problem}
    return page(request, "incident_scope.html", status, **given, say=words)
