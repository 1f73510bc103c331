"""The conversation page: the evidence first, then the thread, then what one can do. Opening it is audited."""

import hmac
from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID, uuid4

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from desk.door import signed_in
from desk.inviting import Asking
from desk.inviting import asking as ways_to_ask
from desk.looking import View, glance_token, looked, read_view
from desk.office import Office, office_of
from desk.paper import page, render
from desk.parts import Part, part, send, send_changed
from desk.refusals import NotOpened
from desk.saying import why_unreachable
from desk.window import window_of

router = APIRouter()
TheOffice = Annotated[Office, Depends(office_of)]
NEWS = {
    "diambil": "Tiket ini sekarang Anda pegang. Bot diam sampai Anda selesai.",
    "dilepas": "Tiket kembali ke antrean.",
    "terkirim": "Balasan masuk antrean kirim.",
    "menunggu": "Balasan disimpan; terkirim begitu peserta menulis lagi.",
    "diajak": "Ajakan terkirim. Balasan Anda disimpan dan terkirim begitu peserta menulis lagi.",
    "dicatat": "Catatan disimpan.",
    "diambil-lagi": "Lampirannya diminta lagi dari kanal; hasilnya muncul di utas.",
    "selesai": "Tiket selesai. Peserta dikabari dan percakapan kembali ke bot.",
    "selesai-menunggu": "Tiket selesai. Pesan penutup disimpan dan terkirim begitu peserta menulis lagi.",
    "selesai-diam": "Tiket selesai. Pesan penutup TIDAK terkirim; sebabnya ada di utas.",
}


@dataclass(frozen=True)
class Draft:
    """Words that were not accepted: shown again with the reason, never lost."""

    act: str
    text: str
    problem: str
    key: UUID


@router.get("/percakapan/{conversation_id}")
async def conversation_page(
    request: Request, office: TheOffice, conversation_id: UUID, kabar: Annotated[str, Query(max_length=20)] = ""
) -> Response:
    """Show the conversation."""
    return await show(request, office, conversation_id, news=NEWS.get(kabar))


@router.get("/percakapan/{conversation_id}/langsung")
async def conversation_live(
    request: Request,
    office: TheOffice,
    conversation_id: UUID,
    lihat: str = "",
    sidik: Annotated[list[str] | None, Query()] = None,
) -> Response:
    """Show again those parts that differ from what the open page shows."""
    if not hmac.compare_digest(lihat.encode(), glance_token(signed_in(request), conversation_id).encode()):
        raise NotOpened
    view, asking = await _read(office, conversation_id)
    return send_changed(request, _parts(request, office, view, asking, None), sidik)


async def show(
    request: Request,
    office: Office,
    conversation_id: UUID,
    *,
    status: int = 200,
    news: str | None = None,
    problem: str | None = None,
    draft: Draft | None = None,
) -> Response:
    """Return the page, audited; with a problem or an unaccepted draft where an act was refused."""
    person = signed_in(request)
    view, asking = await _read(office, conversation_id)
    async with office.database.write() as session:
        await looked(session, view, person, office.clock())
    return page(
        request,
        "conversation.html",
        status,
        view=view,
        news=news,
        problem=problem,
        parts={made.name: made for made in _parts(request, office, view, asking, draft)},
        glance=glance_token(person, conversation_id),
    )


async def show_parts(
    request: Request,
    office: Office,
    conversation_id: UUID,
    *,
    status: int = 200,
    news: str | None = None,
    problem: str | None = None,
    draft: Draft | None = None,
) -> Response:
    """Return every live part to a page that is open already, after an act."""
    view, asking = await _read(office, conversation_id)
    told = render(request, "news.html", news=news, problem=problem, live=True)
    return send(request, _parts(request, office, view, asking, draft), status=status, told=told)


async def _read(office: Office, conversation_id: UUID) -> tuple[View, Asking | None]:
    async with office.database.read() as session:
        view = await read_view(session, conversation_id)
        return view, await ways_to_ask(session, view.conversation, office.whatsapp_templates, office.clock())


def _parts(request: Request, office: Office, view: View, asking: Asking | None, draft: Draft | None) -> list[Part]:
    person, now = signed_in(request), office.clock()
    holding, barred = _holding(view, person.id), why_unreachable(view.conversation, now)
    window = window_of(view.conversation, now)
    shown: dict[str, Any] = {"view": view, "holding": holding, "window": window, "barred": barred, "draft": draft}
    shown["asking"] = asking
    shown["glance"] = glance_token(person, view.conversation.id)
    html = {name: render(request, f"conversation_{name}.html", **shown) for name in ("kepala", "bukti", "utas")}
    made = [part(name, text) for name, text in html.items()]
    # the form has a new key each time it is made, so it is known by what it depends on
    state = (holding, view.ticket and view.ticket.status, view.holder and view.holder.id, barred, asking)
    form = render(request, "conversation_tindakan.html", **shown, key=draft.key if draft else uuid4())
    return [*made, part("tindakan", form, known_by=state)]


def _holding(view: View, me: UUID) -> bool:
    ticket, conversation = view.ticket, view.conversation
    if ticket is None or ticket.status != "claimed" or ticket.staff_id != me:
        return False
    return conversation.owner == "human" and conversation.staff_id == me
