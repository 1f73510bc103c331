"""The people of an incident, page by page; taking one out, putting one back, taking one in by the number of a case."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from desk.access import openable
from desk.door import signed_in
from desk.incidents import membership, words
from desk.incidents.counting import counted
from desk.incidents.people import ALL, KINDS, PAGE, Asked, listed
from desk.incidents.reading import whole
from desk.office import Office, office_of
from desk.pages.acting import staff_of
from desk.pages.incidents.showing import Name
from desk.paper import page, query
from desk.refusals import Refusal

router = APIRouter(prefix="/insiden/{incident_id}/orang")
TheOffice = Annotated[Office, Depends(office_of)]
Why = Annotated[str, Form(max_length=2_000)]
NEWS = {
    "masuk": "Sudah dimasukkan, beserta tiketnya yang terbuka.",
    "keluar": "Sudah dikeluarkan dari semua percakapannya. Ia tetap di luar walau menulis lagi, sampai dimasukkan.",
    "kembali": "Sudah dimasukkan kembali.",
    "tetap": "Tidak ada yang berubah: keadaannya memang sudah begitu.",
}


@router.get("")
async def incident_people_page(
    request: Request,
    office: TheOffice,
    incident_id: Name,
    yang: str = ALL,
    kanal: str = "",
    sesudah: str = "",
    kabar: str = "",
) -> Response:
    """Show one page of its people."""
    asked = {"yang": yang if yang in KINDS else ALL, "kanal": kanal[:20], "sesudah": sesudah}
    return await _show(request, office, incident_id, asked, news=NEWS.get(kabar))


@router.post("/masuk")
async def incident_take_in(
    request: Request, office: TheOffice, incident_id: Name, number: Why = "", reason: Why = ""
) -> Response:
    """Take in whoever a case is about."""
    return await _act(request, office, incident_id, "masuk", membership.take_in, number=number, why=reason)


@router.post("/{conversation_id}/keluar")
async def incident_take_out(
    request: Request, office: TheOffice, incident_id: Name, conversation_id: UUID, reason: Why = ""
) -> Response:
    """Take one person out."""
    given = {"conversation": conversation_id, "why": reason}
    return await _act(request, office, incident_id, "keluar", membership.take_out, **given)


@router.post("/{conversation_id}/kembali")
async def incident_put_back(
    request: Request, office: TheOffice, incident_id: Name, conversation_id: UUID, reason: Why = ""
) -> Response:
    """Put one person back."""
    given = {"conversation": conversation_id, "why": reason}
    return await _act(request, office, incident_id, "kembali", membership.put_back, **given)


async def _act(request: Request, office: Office, incident_id: str, news: str, act: Any, **given: Any) -> Response:
    try:
        async with office.database.write() as session:
            by = await staff_of(session, request)
            done = await act(session, office.bell, incident_id, by=by, at=office.clock(), **given)
    except Refusal as refusal:
        if refusal.status == 404:
            raise
        return await _show(request, office, incident_id, {}, problem=str(refusal), status=refusal.status)
    return RedirectResponse(f"/insiden/{incident_id}/orang?kabar={news if done else 'tetap'}", status_code=303)


async def _show(
    request: Request,
    office: Office,
    incident_id: str,
    asked: dict[str, str],
    *,
    news: str | None = None,
    problem: str | None = None,
    status: int = 200,
) -> Response:
    kind, channel = asked.get("yang", ALL), asked.get("kanal", "")
    async with office.database.read() as session:
        found = await whole(session, incident_id)
        counts = await counted(session, incident_id)
        recovery = counts.recovery.id if counts.recovery else None
        wanted = Asked(kind=kind, channel=channel, before=_place(asked.get("sesudah", "")), recovery=recovery)
        rows = await listed(session, incident_id, wanted)
        may_open = await openable(session, signed_in(request), [row.conversation_id for row in rows])
    more = _named(rows[PAGE - 1].first_at, rows[PAGE - 1].conversation_id) if len(rows) > PAGE else ""
    root = f"/insiden/{incident_id}/orang"
    return page(
        request,
        "incident_people.html",
        status,
        it=found.incident,
        counts=counts,
        rows=rows[:PAGE],
        openable=may_open,
        kind=kind,
        channel=channel,
        first=not asked.get("sesudah"),
        onward=root + query(yang=kind, kanal=channel, sesudah=more) if more else "",
        address=lambda **other: root + query(**{"yang": kind, "kanal": channel, **other}),
        say=words,
        news=news,
        problem=problem,
    )


def _named(at: datetime, conversation: UUID) -> str:
    return f"{at.isoformat()}~{conversation}"


def _place(said: str) -> tuple[datetime, UUID] | None:
    at, _, conversation = said.partition("~")
    try:
        return datetime.fromisoformat(at), UUID(conversation)
    except ValueError:
        return None
