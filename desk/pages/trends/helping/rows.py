"""The rows behind the figures of the service: bot answers, cases, and what an agent did; words only where one may."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from desk.access import openable
from desk.door import signed_in
from desk.pages.trends.asked import Asked, TheOffice, TheQuestion, Word, address
from desk.pages.trends.helping import words
from desk.pages.trends.helping.words import BY, PLACE
from desk.pages.trends.noted import noted
from desk.paper import page
from desk.pictures.numbers import whole
from desk.wording import PRIORITIES
from trends.helping.rows import PAGE, Found, act_rows, answer_rows, case_rows

router = APIRouter(prefix=PLACE)
PageNumber = Annotated[int, Query(ge=1, le=10_000)]
FATES = {
    "": "dijawab bot",
    "good": "jawaban bot yang selesai tanpa kembali",
    "returned": "jawaban bot yang orangnya kembali dalam 72 jam",
    "unknown": "jawaban bot yang belum dapat diketahui",
}
CASES = {
    "all": "kasus dibuka",
    "answered": "kasus sudah dijawab petugas",
    "waiting": "kasus menunggu jawaban petugas",
    "unanswerable": "kasus digabung atau dihapus sebelum dijawab",
    "resolved": "kasus selesai",
    "open": "kasus masih terbuka",
    "ended": "kasus digabung atau dihapus",
    "reopened": "kasus pernah dibuka lagi",
    "kept": "kasus dengan janji yang ditepati",
    "missed": "kasus dijawab sesudah lewat janji",
    "overdue": "kasus lewat janji dan belum dijawab",
    "running": "kasus dengan janji yang masih berjalan",
    "rated": "kasus yang dinilai peserta",
    **{f"rated_{score}": f"kasus yang dinilai {score}" for score in range(1, 6)},
}
ACTS = {"taken": "kasus diambil", "replied": "balasan dikirim", "resolved": "kasus diselesaikan"}


@router.get("/jawaban")
async def service_answers_page(
    request: Request, office: TheOffice, asked: TheQuestion, nasib: Word = "", halaman: PageNumber = 1
) -> Response:
    """Show the bot answers of a fate."""
    fate = nasib if nasib in FATES else ""
    async with office.database.read() as session:
        found = await answer_rows(session, asked.within, fate, halaman)
        opened = await openable(session, signed_in(request), {row.conversation_id for row in found.rows})
    given = {"kind": "jawaban", "opened": opened, "more": {"nasib": fate or None}}
    return await _shown(request, office, asked, found, f"{whole(found.total)} {FATES[fate]}", halaman, given)


@router.get("/kasus")
async def service_cases_page(
    request: Request,
    office: TheOffice,
    asked: TheQuestion,
    yang: Word = "all",
    menurut: Word = "",
    kunci: Word = "",
    halaman: PageNumber = 1,
) -> Response:
    """Show the cases a figure counts."""
    which = yang if yang in CASES else "all"
    by, key = menurut if menurut in BY else "", kunci.replace("\0", "")
    narrow = {BY[by]: key} if by and key else {}
    async with office.database.read() as session:
        found = await case_rows(session, asked.within, which, narrow, office.clock(), halaman)
        opened = await openable(session, signed_in(request), {row.conversation_id for row in found.rows})
    more = {"yang": which, "menurut": by or None, "kunci": key or None}
    given = {"kind": "kasus", "opened": opened, "more": more}
    return await _shown(request, office, asked, found, f"{whole(found.total)} {CASES[which]}", halaman, given)


@router.get("/tindakan")
async def service_acts_page(
    request: Request,
    office: TheOffice,
    asked: TheQuestion,
    petugas: UUID | None = None,
    tim: UUID | None = None,
    apa: Word = "resolved",
    halaman: PageNumber = 1,
) -> Response:
    """Show what an agent did with cases of a team."""
    what = apa if apa in ACTS else "resolved"
    found = Found([], 0)
    if petugas and tim:
        async with office.database.read() as session:
            found = await act_rows(session, asked.within, petugas, tim, what, halaman)
    more = {"petugas": str(petugas) if petugas else None, "tim": str(tim) if tim else None, "apa": what}
    given = {"kind": "tindakan", "opened": set(), "more": more}
    return await _shown(request, office, asked, found, f"{whole(found.total)} {ACTS[what]}", halaman, given)


async def _shown(
    request: Request, office: TheOffice, asked: Asked, found: Found, heading: str, number: int, given: dict[str, Any]
) -> Response:
    more = given["more"]
    detail: dict[str, object] = {"rows": len(found.rows), "of": given["kind"], **{k: v for k, v in more.items() if v}}
    await noted(request, office, "trends_rows_viewed", asked.within, detail)

    def address_of(page_number: int) -> str:
        return asked.path + address(asked.within, **more, halaman=page_number)

    return page(
        request,
        "service_rows.html",
        asked=asked,
        rows=found.rows,
        gone=found.gone,
        heading=heading,
        kind=given["kind"],
        openable=given["opened"],
        page_number=number,
        pages=-(-found.total // PAGE),
        address_of=address_of,
        said=words,
        priorities=PRIORITIES,
        back=PLACE + asked.query,
    )
