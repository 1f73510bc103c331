"""One incident: what is told of it, whom it touches, what happened, and what can be done now; live while it is open."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.responses import Response
from markupsafe import Markup

from desk.broadcasts.making import OVER
from desk.broadcasts.reading import STANDING, read_list
from desk.incidents import words
from desk.incidents.counting import by_hour, counted
from desk.incidents.moving import MOVES
from desk.incidents.opening import SEVERITIES
from desk.incidents.reading import owners, whole
from desk.office import Office, office_of
from desk.pages.incidents.asked import typed
from desk.paper import page, render
from desk.parts import Part, part, send_changed
from desk.pictures.columns import columns
from desk.pictures.item import Item
from desk.refreshed import refreshed

router = APIRouter(prefix="/insiden")
TheOffice = Annotated[Office, Depends(office_of)]
Name = Annotated[str, Path(max_length=60)]
NEWS = {
    "dibuka": "Insiden dibuka. Bot dan halaman status sudah menceritakannya.",
    "kabar": "Kabar baru disimpan. Bot dan halaman status menceritakannya mulai sekarang.",
    "status": "Status diubah.",
    "lingkup": "Lingkup diubah.",
    "keterangan": "Keterangan disimpan.",
    "pemilik": "Insiden diserahkan.",
    "catatan": "Catatan masuk ke lini masa.",
    "tinjauan": "Tinjauan disimpan.",
    "tindak-lanjut": "Tindak lanjut disimpan.",
    "tetap": "Tidak ada yang berubah.",
}


@router.get("/{incident_id}")
async def incident_page(request: Request, office: TheOffice, incident_id: Name, kabar: str = "") -> Response:
    """Show one incident."""
    return await show(request, office, incident_id, news=NEWS.get(kabar))


@router.get("/{incident_id}/langsung", dependencies=[Depends(refreshed)])
async def incident_live(
    request: Request, office: TheOffice, incident_id: Name, sidik: Annotated[list[str] | None, Query()] = None
) -> Response:
    """Show again what changed on an open page."""
    return send_changed(request, _parts(request, await _shown(office, incident_id)), sidik)


async def show(
    request: Request,
    office: Office,
    incident_id: str,
    *,
    status: int = 200,
    news: str | None = None,
    problem: str | None = None,
    typed_words: dict[str, str] | None = None,
) -> Response:
    """Show one incident with news or why something was not done; what was typed is still there."""
    shown = await _shown(office, incident_id)
    parts = {it.name: it for it in _parts(request, shown)}
    given = {**shown, "parts": parts, "news": news, "problem": problem, "typed": typed_words or {}}
    return page(request, "incident.html", status, **given)


async def _shown(office: Office, incident_id: str) -> dict[str, Any]:
    async with office.database.read() as session:
        found = await whole(session, incident_id)
        counts = await counted(session, incident_id)
        hours = await by_hour(session, incident_id)
        people = await owners(session)
        sent = await read_list(session, incident_id)
    return {
        "it": found.incident,
        "owner": found.owner,
        "happened": found.happened,
        "older": found.older,
        "follow_ups": found.follow_ups,
        "counts": counts,
        "hours": hours,
        "picture": _picture(hours),
        "owners": people,
        "moves": MOVES[found.incident.status],
        "severities": SEVERITIES,
        "say": words,
        "form_time": typed,
        "recovering": found.incident.status in OVER,
        "broadcasts": sent,
        "states": STANDING,
    }


def _picture(hours: list[tuple[datetime, int]]) -> Markup | None:
    """Draw how many wrote first in each hour; nothing where there is only one."""
    if len(hours) < 2:
        return None
    items = [
        Item(
            f"{hour:%H.00}", count, f"{hour:%H.00}: {count} percakapan", tick=f"{hour:%H}" if hour.hour % 6 == 0 else ""
        )
        for hour, count in hours
    ]
    most = max(hours, key=lambda it: it[1])
    told = f"Terbanyak {most[1]} percakapan baru pada jam {most[0]:%H.00} WIB."
    return columns("jam-insiden", "Percakapan baru per jam", told, items)


def _parts(request: Request, shown: dict[str, Any]) -> list[Part]:
    names = ("kepala", "terdampak", "lini-masa")
    return [part(name, render(request, f"incident_{name.replace('-', '_')}.html", **shown)) for name in names]
