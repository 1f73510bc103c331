"""The conversation page: the evidence first, then the thread, then what one can do. Opening it is audited."""

import hmac
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Annotated, Any
from uuid import UUID, uuid4

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse, Response

from desk.answering.beginning import beginning
from desk.answering.piece import read_answering, read_suggestions
from desk.case_work import read_case_work
from desk.door import signed_in
from desk.learning.piece import read_ralat
from desk.looking import View, glance_token, is_holding, looked, read_view
from desk.notes_shown import read_notes
from desk.notices import seen
from desk.office import Office, office_of
from desk.paper import page, render
from desk.participant import read_participant
from desk.parts import Part, part, send, send_changed
from desk.pieces import KNOWN_BY, Piece
from desk.presence import read_presence
from desk.rechecks import read_evidence
from desk.refreshed import refreshed
from desk.refusals import NotOpened
from desk.sessions import Person
from desk.window import window_of
from desk.wording_case_work import NEWS as CASE_WORK_NEWS

router = APIRouter()
TheOffice = Annotated[Office, Depends(office_of)]
Position = Annotated[int | None, Query(ge=1, lt=2**63)]
LONGEST_POSITION = 19
Word = Annotated[str, Query(max_length=80)]
NEWS = CASE_WORK_NEWS | {
    "diambil": "Tiket ini sekarang Anda pegang. Bot diam sampai Anda selesai.",
    "dilepas": "Tiket kembali ke antrean.",
    "terkirim": "Balasan masuk antrean kirim.",
    "menunggu": "Balasan disimpan; terkirim begitu peserta menulis lagi.",
    "diajak": "Ajakan terkirim. Balasan Anda disimpan dan terkirim begitu peserta menulis lagi.",
    "dicatat": "Catatan disimpan.",
    "diambil-lagi": "Lampirannya diminta lagi dari kanal; hasilnya muncul di utas.",
    "diralat": "Ralat disimpan. Peninjau melihatnya di halaman Belajar.",
    "ditandai": "Ditandai tak terjawab. Peninjau melihatnya di halaman Belajar.",
    "ralat-urung": "Tandanya ditarik kembali.",
    "dicek-sama": "Sudah ditanyakan lagi: tidak ada yang berubah.",
    "dicek-berubah": "Sudah ditanyakan lagi: ada yang berubah, lihat tandanya di bukti.",
    "dicek-sebagian": "Sudah ditanyakan lagi, sebagian belum bisa ditanyakan. Jawaban sebelumnya tetap berlaku.",
    "dikirim-ulang": "Pesan itu masuk antrean kirim lagi.",
    "berkas-dikirim": "Berkas disimpan. Setelah diperiksa, berkas terkirim sendiri.",
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
    sources: tuple[str, ...] = ()
    """What the words came from, as their form names it."""


def pieces(office: Office) -> tuple[Piece, ...]:
    """Return what the page is made of, in the order one reads it on a phone."""
    return (
        Piece("kepala", "conversation_kepala.html"),
        Piece("bukti", "conversation_bukti.html", partial(read_evidence, office.rechecking)),
        Piece("utas", "conversation_utas.html", read_notes),
        Piece("peserta", "conversation_peserta.html", read_participant),
        Piece("jawaban", "conversation_jawaban.html", read_suggestions),
        Piece("tindakan", "conversation_tindakan.html", partial(read_answering, office)),
        Piece("hadir", "conversation_hadir.html", partial(read_presence, office)),
        Piece("urus", "conversation_urus.html", read_case_work),
        Piece("ralat", "conversation_ralat.html", read_ralat),
    )


@router.get("/percakapan/{conversation_id}")
async def conversation_page(
    request: Request,
    office: TheOffice,
    conversation_id: UUID,
    kabar: Annotated[str, Query(max_length=20)] = "",
    sebelum: Position = None,
    saran: Word = "",
    siap: UUID | None = None,
) -> Response:
    """Show the conversation, with its latest messages or earlier ones; with words to begin an answer, if asked for."""
    draft = await _begun(request, office, conversation_id, saran, siap) if saran or siap else None
    return await show(request, office, conversation_id, news=NEWS.get(kabar), before=sebelum, draft=draft)


@router.get("/percakapan/{conversation_id}/langsung", dependencies=[Depends(refreshed)])
async def conversation_live(
    request: Request,
    office: TheOffice,
    conversation_id: UUID,
    lihat: str = "",
    sidik: Annotated[list[str] | None, Query()] = None,
) -> Response:
    """Show again those parts that differ from what the open page shows."""
    must_have_looked(request, conversation_id, lihat)
    _, parts = await _read(request, office, conversation_id, since=_shown_since(request))
    answer = send_changed(request, parts, sidik)
    answer.headers["X-Sekarang"] = office.clock().isoformat()
    return answer


@router.get("/percakapan/{conversation_id}/lebih-lama")
async def conversation_earlier(
    request: Request, office: TheOffice, conversation_id: UUID, sebelum: Position = None, lihat: str = ""
) -> Response:
    """Show the messages before the first one that is shown."""
    must_have_looked(request, conversation_id, lihat)
    person, now = signed_in(request), office.clock()
    async with office.database.read() as session:
        view = await read_view(session, conversation_id, person, before=sebelum)
        beside = await read_notes(session, view, person, now)
    shown = _shown(view, person, now, None) | beside | {"conversation_id": conversation_id}
    earlier = render(request, "conversation_lama.html", **shown, thread=view.thread, messages=view.thread.messages)
    return HTMLResponse(earlier)


async def show(
    request: Request,
    office: Office,
    conversation_id: UUID,
    *,
    status: int = 200,
    news: str | None = None,
    problem: str | None = None,
    draft: Draft | None = None,
    before: int | None = None,
) -> Response:
    """Return the page, audited; with a problem or an unaccepted draft where an act was refused."""
    person = signed_in(request)
    view, parts = await _read(request, office, conversation_id, draft, before=before)
    async with office.database.write() as session:
        await looked(session, view, person, office.clock())
        await seen(session, person.id, office.clock(), conversation_id)
    return page(
        request,
        "conversation.html",
        status,
        view=view,
        news=news,
        problem=problem,
        parts={made.name: made for made in parts},
        glance=glance_token(person, conversation_id),
        conversation_id=conversation_id,
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
    _, parts = await _read(request, office, conversation_id, draft, since=_shown_since(request))
    told = render(request, "news.html", news=news, problem=problem, live=True)
    return send(request, parts, status=status, told=told)


async def _read(
    request: Request,
    office: Office,
    conversation_id: UUID,
    draft: Draft | None = None,
    *,
    before: int | None = None,
    since: int | None = None,
) -> tuple[View, list[Part]]:
    person, now = signed_in(request), office.clock()
    async with office.database.read() as session:
        view = await read_view(session, conversation_id, person, before=before, since=since)
        shown = _shown(view, person, now, draft)
        read = [(piece, await piece.read(session, view, person, now)) for piece in pieces(office)]
    return view, [_part(request, piece, shown | more) for piece, more in read]


async def _begun(
    request: Request, office: Office, conversation_id: UUID, suggestion: str, canned_id: UUID | None
) -> Draft | None:
    """Return a draft that begins with a suggestion or prepared words."""
    person, now = signed_in(request), office.clock()
    async with office.database.read() as session:
        view = await read_view(session, conversation_id, person)
        begun = await beginning(session, view, person, now, suggestion=suggestion, canned_id=canned_id)
    return Draft("reply", begun.text, "", uuid4(), (begun.source,)) if begun else None


def _shown(view: View, person: Person, now: datetime, draft: Draft | None) -> dict[str, Any]:
    return {
        "view": view,
        "attachments": view.attachments,
        "holding": is_holding(view, person.id),
        "window": window_of(view.conversation, now),
        "draft": draft,
        "key": draft.key if draft else uuid4(),
        "glance": glance_token(person, view.conversation.id),
    }


def _shown_since(request: Request) -> int | None:
    """Return the position of the first message an open page shows, so that none of them is taken away again."""
    said = request.headers.get("x-sejak", "")
    return int(said) if said.isdecimal() and len(said) < LONGEST_POSITION else None


def must_have_looked(request: Request, conversation_id: UUID, shown: str) -> None:
    """Raise NotOpened unless this sign-in opened the page, which was audited."""
    if not hmac.compare_digest(shown.encode(), glance_token(signed_in(request), conversation_id).encode()):
        raise NotOpened


def _part(request: Request, piece: Piece, shown: dict[str, Any]) -> Part:
    known_by = shown.pop(KNOWN_BY, None)
    return part(piece.name, render(request, piece.template, **shown), known_by=known_by)
