"""Broadcasts: the list, making one, its preview and progress, and the people behind every number."""

from collections import defaultdict
from typing import Annotated, Any
from uuid import UUID, uuid4

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from desk.broadcasts import making, words
from desk.broadcasts.asked import USUAL_PACE, form_of, given_of
from desk.broadcasts.counting import COLUMNS
from desk.broadcasts.making import NoSuchBroadcast
from desk.broadcasts.people import PAGE, part_name, read_people, why_words
from desk.broadcasts.reading import STANDING, read_broadcast, read_list, templates_now
from desk.broadcasts.words import ANNOUNCEMENT, CORRECTION, KINDS, RECOVERY
from desk.door import signed_in
from desk.office import Office, office_of
from desk.paper import page, render
from desk.parts import Part, part, send_changed
from desk.refusals import ChangedMeanwhile, NotWellSaid
from records.database import ReadSession
from records.models import Broadcast, Incident
from trends.labels import CHANNELS, INTENTS, PLATFORMS, PROVINCES

router = APIRouter(prefix="/siaran")
TheOffice = Annotated[Office, Depends(office_of)]


@router.get("")
async def broadcasts_page(request: Request, office: TheOffice) -> Response:
    """Show the newest broadcasts."""
    async with office.database.read() as session:
        rows = await read_list(session)
    return page(request, "broadcasts.html", rows=rows, kinds=KINDS, named=STANDING)


@router.get("/baru")
async def broadcast_new_page(
    request: Request, office: TheOffice, insiden: str = "", ralat: UUID | None = None
) -> Response:
    """Show the empty form: of a recovery, of a correction, or of an announcement."""
    kind = RECOVERY if insiden else CORRECTION if ralat else ANNOUNCEMENT
    texts = {f"teks_{what}": said[""] for what, said in making.first_texts(kind).items()}
    async with office.database.read() as session:
        title = await _title(session, kind, insiden, ralat)
        fields = {**texts, "judul": title, "laju": str(min(USUAL_PACE, office.broadcasts_a_minute)), "templat": "1"}
        about = {"insiden": insiden, "ralat": str(ralat or "")}
        return await _form(request, office, session, kind, fields | {"dipegang": "agent"}, about)


@router.post("")
async def broadcast_make(request: Request, office: TheOffice) -> Response:
    """Make it, once for this form."""
    form = {name: str(value) for name, value in (await request.form()).items()}
    kind, now = form.get("jenis", ""), office.clock()
    about = {"insiden": form.get("untuk", ""), "ralat": form.get("ralat", "")}
    try:
        async with office.database.write() as session:
            made = await making.make(
                *(session, office.bell),
                key=UUID(form.get("key", "")),
                kind=kind,
                given=given_of(kind, form),
                person=signed_in(request),
                at=now,
                fastest=office.broadcasts_a_minute,
                incident_id=about["insiden"] or None,
                corrects=UUID(about["ralat"]) if about["ralat"] else None,
            )
    except (NotWellSaid, ValueError, KeyError) as problem:
        if kind not in KINDS:
            raise NotWellSaid("Formulir ini tidak lengkap. Mulai lagi dari daftar siaran.") from problem
        said = str(problem) if isinstance(problem, NotWellSaid) else "Formulir ini tidak lengkap."
        async with office.database.read() as session:
            return await _form(request, office, session, kind, form, about, problem=said)
    return RedirectResponse(f"/siaran/{made}", status_code=303)


@router.get("/{broadcast_id}")
async def broadcast_page(request: Request, office: TheOffice, broadcast_id: UUID) -> Response:
    """Show what will be sent to how many, or how far it is."""
    return page(request, "broadcast.html", progress=await _progress(request, office, broadcast_id), it=broadcast_id)


@router.get("/{broadcast_id}/langsung")
async def broadcast_live(request: Request, office: TheOffice, broadcast_id: UUID, sidik: str = "") -> Response:
    """Show it again where it went on."""
    return send_changed(request, [await _progress(request, office, broadcast_id)], [sidik])


@router.get("/{broadcast_id}/orang")
async def broadcast_people_page(
    request: Request, office: TheOffice, broadcast_id: UUID, bagian: str = "semua", setelah: int = 0
) -> Response:
    """Show who stands behind a number."""
    async with office.database.read() as session:
        it = await _found(session, broadcast_id)
        what: dict[str, Any] = {"part": bagian.replace("\0", ""), "after": setelah}
        lines = await read_people(session, it, signed_in(request), office.clock(), **what)
    more = lines[-1].position if len(lines) == PAGE else None
    given: dict[str, Any] = {"lines": lines, "bagian": bagian, "more": more, "columns": COLUMNS, "why": why_words}
    return page(request, "broadcast_people.html", it=it, part_name=part_name(bagian), **given)


@router.get("/{broadcast_id}/ubah")
async def broadcast_change_page(request: Request, office: TheOffice, broadcast_id: UUID) -> Response:
    """Show the form as it is filled in."""
    async with office.database.read() as session:
        it = await _found(session, broadcast_id)
        if it.status not in making.EDITABLE:
            raise ChangedMeanwhile
        return await _form(request, office, session, it.kind, form_of(it), {}, broadcast=it)


@router.post("/{broadcast_id}/ubah")
async def broadcast_change(request: Request, office: TheOffice, broadcast_id: UUID) -> Response:
    """Change it; an approval ends."""
    form = {name: str(value) for name, value in (await request.form()).items()}
    async with office.database.read() as session:
        it = await _found(session, broadcast_id)
    try:
        async with office.database.write() as writing:
            what: dict[str, Any] = {"given": given_of(it.kind, form), "person": signed_in(request)}
            at: dict[str, Any] = {"at": office.clock(), "fastest": office.broadcasts_a_minute}
            await making.change(writing, office.bell, broadcast_id, **what, **at)
    except NotWellSaid as problem:
        async with office.database.read() as session:
            return await _form(request, office, session, it.kind, form, {}, broadcast=it, problem=str(problem))
    return RedirectResponse(f"/siaran/{broadcast_id}", status_code=303)


async def _progress(request: Request, office: Office, broadcast_id: UUID) -> Part:
    async with office.database.read() as session:
        shown = await read_broadcast(session, office, broadcast_id)
    given: dict[str, Any] = {
        "why": why_words,
        "columns": COLUMNS,
        "kinds": KINDS,
        "verdicts": words.words()["verdicts"],
    }
    whys = sorted(shown.books.why.items(), key=lambda it: (-it[1], it[0]))
    limit = office.templates_a_day
    return part("kemajuan", render(request, "broadcast_progress.html", shown=shown, whys=whys, limit=limit, **given))


async def _form(
    request: Request,
    office: Office,
    session: ReadSession,
    kind: str,
    fields: dict[str, str],
    about: dict[str, str],
    *,
    broadcast: Broadcast | None = None,
    problem: str | None = None,
) -> Response:
    incidents = list(await session.scalars(select(Incident).order_by(Incident.started_at.desc()).limit(50)))
    ready = {it.name for it in await templates_now(session, office)}
    given: dict[str, Any] = {
        **{"kind": kind, "kinds": KINDS, "fields": defaultdict(str, fields), "broadcast": broadcast},
        "about": defaultdict(str, about),
        **{"parts": words.said_parts(kind), "places": words.PLACES[kind], "channels": CHANNELS, "intents": INTENTS},
        **{"platforms": PLATFORMS, "provinces": PROVINCES, "incidents": incidents, "key": fields.get("key") or uuid4()},
        **{"templates": words.templates_of(kind), "ready": ready, "fastest": office.broadcasts_a_minute},
    }
    return page(request, "broadcast_form.html", 422 if problem else 200, problem=problem, **given)


async def _title(session: ReadSession, kind: str, incident_id: str, corrects: UUID | None) -> str:
    if kind == RECOVERY:
        incident = await session.get(Incident, incident_id)
        return f"Pulih: {incident.title}"[: making.LONGEST_TITLE] if incident else ""
    if kind == CORRECTION and corrects:
        return f"Ralat {(await _found(session, corrects)).number}"
    return ""


async def _found(session: AsyncSession | ReadSession, broadcast_id: UUID) -> Broadcast:
    found = await session.get(Broadcast, broadcast_id)
    if found is None:
        raise NoSuchBroadcast
    return found
