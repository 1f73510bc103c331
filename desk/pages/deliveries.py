"""Deliveries for operators: lists of what is stuck, one message's way as a picture, and what may be done about it.

Opening one message is audited like opening its conversation; so is every act.
"""

from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Path, Query, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.ext.asyncio import AsyncSession

from desk import delivery_acts as acts
from desk.access import check_conversation, openable
from desk.deliveries import (
    ALL,
    FLOODS,
    LISTS,
    PAGE,
    PARKED,
    REFUSED,
    UNKNOWN,
    WITHHELD,
    FloodLine,
    Line,
    Narrowed,
    count,
    floods,
    lines,
)
from desk.delivery_search import seek
from desk.door import SignInFirst, signed_in
from desk.journey import Journey, of_inbound, of_outbound
from desk.office import Office, office_of
from desk.paper import page, query, render
from desk.parts import Part, part, send_changed
from desk.refusals import ChangedMeanwhile, NotWellSaid, Refusal
from records import audit
from records.database import ReadSession
from records.models import Staff
from trends.labels import CHANNELS

router = APIRouter(prefix="/pengiriman")
TheOffice = Annotated[Office, Depends(office_of)]
Word = Annotated[str, Query(max_length=200)]
Number = Annotated[int, Path(ge=1, lt=2**63)]
Field = Annotated[str, Form(max_length=40)]
Count = Annotated[int, Form(ge=0, lt=2**31)]
TIMES = {"1": "1 jam", "24": "24 jam", "168": "7 hari"}
IN_BULK = (PARKED, UNKNOWN, REFUSED, WITHHELD)
AGAIN_IN_BULK = (PARKED, UNKNOWN, REFUSED)
NEWS = {
    "ulang-masuk": "Kiriman itu masuk antrean lagi dan dijawab sebentar lagi.",
    "buang-masuk": "Kiriman itu dibiarkan; tiketnya tetap ada.",
    "ulang-keluar": "Pesan itu masuk antrean kirim lagi.",
    "buang-keluar": "Dicatat: pesan itu sudah diperiksa.",
}


class Asked:
    """What the address asks for."""

    def __init__(
        self,
        tab: Word = PARKED,
        cari: Word = "",
        kanal: Word = "",
        waktu: Word = "",
        halaman: Annotated[int, Query(ge=1, le=1_000)] = 1,
    ) -> None:
        self.tab = tab if tab in LISTS else PARKED
        self.page = halaman
        self.words = {"cari": cari.strip(), "kanal": kanal, "waktu": waktu if waktu in TIMES else ""}
        if self.words["cari"] and not tab:
            self.tab = ALL

    def address(self, **changed: str | int) -> str:
        """Return the query string of this question, or of a changed one."""
        return query(**{"tab": self.tab, **self.words, **changed})

    async def narrowed(self, session: ReadSession) -> Narrowed:
        """Return what the lists are narrowed to."""
        hours = int(self.words["waktu"] or 0)
        return Narrowed(self.words["kanal"], hours, await seek(session, self.words["cari"]))


TheQuestion = Annotated[Asked, Depends(Asked)]


@router.get("")
async def deliveries_page(request: Request, office: TheOffice, asked: TheQuestion, kabar: Word = "") -> Response:
    """Show a list."""
    news = f"{kabar} kiriman dikerjakan." if kabar.isdigit() else None
    live = await _live(request, office, asked)
    return page(request, "deliveries.html", asked=asked, live=live, channels=CHANNELS, times=TIMES, news=news)


@router.get("/daftar")
async def deliveries_list(
    request: Request, office: TheOffice, asked: TheQuestion, sidik: Annotated[list[str] | None, Query()] = None
) -> Response:
    """Show the list again; nothing when it is what the page shows already."""
    return send_changed(request, [await _live(request, office, asked)], sidik)


@router.get("/masuk/{inbox_id}")
async def delivery_in(request: Request, office: TheOffice, inbox_id: Number, kabar: Word = "") -> Response:
    """Show the way of an event."""
    async with office.database.read() as session:
        journey = await of_inbound(session, inbox_id, _shift(office))
    return await _journey(request, office, journey, news=NEWS.get(kabar))


@router.get("/keluar/{outbox_id}")
async def delivery_out(request: Request, office: TheOffice, outbox_id: UUID, kabar: Word = "") -> Response:
    """Show the way of a message to a person."""
    async with office.database.read() as session:
        journey = await of_outbound(session, outbox_id, _shift(office))
    return await _journey(request, office, journey, news=NEWS.get(kabar))


@router.post("/masuk/{inbox_id}/ulang")
async def delivery_in_again(request: Request, office: TheOffice, inbox_id: Number, tries: Count = 0) -> Response:
    """Have an event answered after all."""

    async def act(session: AsyncSession, staff: Staff) -> None:
        seen = acts.Seen("parked", tries)
        await acts.hear_again(session, office.bell, inbox_id=inbox_id, seen=seen, staff=staff, at=office.clock())

    return await _do(request, office, act, f"/pengiriman/masuk/{inbox_id}", "ulang-masuk")


@router.post("/masuk/{inbox_id}/buang")
async def delivery_in_discard(request: Request, office: TheOffice, inbox_id: Number, tries: Count = 0) -> Response:
    """Leave an event as it is."""

    async def act(session: AsyncSession, staff: Staff) -> None:
        seen = acts.Seen("parked", tries)
        await acts.set_aside(session, inbox_id=inbox_id, seen=seen, staff=staff, at=office.clock())

    return await _do(request, office, act, f"/pengiriman/masuk/{inbox_id}", "buang-masuk")


@router.post("/keluar/{outbox_id}/ulang")
async def delivery_out_again(
    request: Request,
    office: TheOffice,
    outbox_id: UUID,
    status: Field = "",
    tries: Count = 0,
    repeats: Count = 0,
    paham: Field = "",
) -> Response:
    """Have a message sent again; where it may have come already, only by somebody who says that they know."""

    async def act(session: AsyncSession, staff: Staff) -> None:
        what: dict[str, Any] = {"outbox_id": outbox_id, "seen": acts.Seen(status, tries, repeats)}
        await acts.send_again(session, office.bell, **what, understood=bool(paham), staff=staff, at=office.clock())

    return await _do(request, office, act, f"/pengiriman/keluar/{outbox_id}", "ulang-keluar")


@router.post("/keluar/{outbox_id}/buang")
async def delivery_out_settle(
    request: Request,
    office: TheOffice,
    outbox_id: UUID,
    status: Field = "",
    tries: Count = 0,
    repeats: Count = 0,
) -> Response:
    """Say that a message has been seen to."""

    async def act(session: AsyncSession, staff: Staff) -> None:
        seen = acts.Seen(status, tries, repeats)
        await acts.settle(session, outbox_id=outbox_id, seen=seen, staff=staff, at=office.clock())

    return await _do(request, office, act, f"/pengiriman/keluar/{outbox_id}", "buang-keluar")


@router.get("/banyak")
async def deliveries_preview(request: Request, office: TheOffice, asked: TheQuestion, act: Word = "") -> Response:
    """Show what an act on a whole list would be done to, before it is."""
    return await _preview(request, office, asked, act)


@router.post("/banyak")
async def deliveries_bulk(
    request: Request, office: TheOffice, asked: TheQuestion, act: Field = "", jumlah: Count = 0, paham: Field = ""
) -> Response:
    """Do an act to a whole list, if it is still the one that was shown."""
    _must_be_bulk(asked, act)
    if act == acts.AGAIN and asked.tab != PARKED and not paham:
        said = "Centang dulu bahwa pesan-pesan ini mungkin sampai dua kali."
        return await _preview(request, office, asked, act, status=422, problem=said)
    try:
        async with office.database.write() as session:
            done = await acts.do_to_all(
                session,
                office.bell,
                act=act,
                listed=asked.tab,
                narrowed=await asked.narrowed(ReadSession(session)),
                expected=jumlah,
                staff=await _staff(session, request),
                at=office.clock(),
            )
    except ChangedMeanwhile:
        said = "Daftarnya baru saja berubah. Lihat jumlahnya sekarang, lalu putuskan lagi."
        return await _preview(request, office, asked, act, status=409, problem=said)
    return RedirectResponse(f"/pengiriman{asked.address(kabar=done, halaman='')}", status_code=303)


type Act = Callable[[AsyncSession, Staff], Awaitable[None]]


async def _live(request: Request, office: Office, asked: Asked) -> Part:
    async with office.database.read() as session:
        narrowed = await asked.narrowed(session)
        numbers = await count(session, narrowed)
        listed = await lines(session, asked.tab, narrowed, asked.page) if asked.tab != FLOODS else []
        flooding = await floods(session, narrowed) if asked.tab == FLOODS else []
        opened = await _openable(request, session, [*listed, *flooding])
    shown: dict[str, Any] = {"asked": asked, "numbers": numbers, "tabs": LISTS, "lines": listed[:PAGE]}
    shown |= {"floods": flooding, "more": len(listed) > PAGE, "shift": _shift(office)}
    shown |= {
        "openable": opened,
        "bulk": asked.tab in IN_BULK,
        "again": asked.tab in AGAIN_IN_BULK,
        "narrow": any(asked.words.values()),
    }
    return part("daftar", render(request, "deliveries_list.html", **shown))


async def _journey(
    request: Request, office: Office, journey: Journey, *, status: int = 200, **told: str | None
) -> Response:
    person, detail = signed_in(request), {}
    async with office.database.write() as session:
        if journey.conversation:
            why = await check_conversation(session, person, journey.conversation.id)
            detail = {"conversation": str(journey.conversation.id), "why": why}
        await audit.record(
            session, at=office.clock(), actor=person.username, action="view", object=journey.object, detail=detail
        )
    told = {"news": None, "problem": None, **told}
    return page(request, "delivery.html", status, journey=journey, **told)


async def _do(request: Request, office: Office, act: Act, address: str, news: str) -> Response:
    try:
        async with office.database.write() as session:
            await act(session, await _staff(session, request))
    except Refusal as refusal:
        async with office.database.read() as session:
            way, identifier = address.split("/")[2:4]
            found = (
                await of_inbound(session, int(identifier), _shift(office))
                if way == "masuk"
                else await of_outbound(session, UUID(identifier), _shift(office))
            )
        return await _journey(request, office, found, status=refusal.status, problem=str(refusal))
    return RedirectResponse(f"{address}?kabar={news}", status_code=303)


async def _preview(
    request: Request, office: Office, asked: Asked, act: str, *, status: int = 200, problem: str | None = None
) -> Response:
    _must_be_bulk(asked, act)
    async with office.database.read() as session:
        narrowed = await asked.narrowed(session)
        number = await acts.how_many(session, act, asked.tab, narrowed)
        all_of_them = (await count(session, narrowed))[asked.tab]
        first = (await lines(session, asked.tab, narrowed))[:10]
        opened = await _openable(request, session, first)
    shown: dict[str, Any] = {"asked": asked, "act": act, "number": number, "listed": all_of_them, "lines": first}
    shown |= {
        "problem": problem,
        "news": None,
        "tabs": LISTS,
        "openable": opened,
        "most": acts.MOST_AT_ONCE,
        "shift": _shift(office),
    }
    return page(request, "deliveries_bulk.html", status, **shown)


async def _openable(request: Request, session: ReadSession, listed: Sequence[Line | FloodLine]) -> frozenset[UUID]:
    """Of the others a line tells no words and no name."""
    return await openable(session, signed_in(request), (it.conversation_id for it in listed if it.conversation_id))


def _must_be_bulk(asked: Asked, act: str) -> None:
    if asked.tab not in (AGAIN_IN_BULK if act == acts.AGAIN else IN_BULK) or act not in (acts.AGAIN, acts.SETTLE):
        raise NotWellSaid("Tindakan ini tidak ada untuk daftar itu.")


async def _staff(session: AsyncSession, request: Request) -> Staff:
    staff = await session.get(Staff, signed_in(request).id)
    if staff is None or not staff.active:
        raise SignInFirst
    return staff


def _shift(office: Office) -> timedelta:
    """How far the house's clock is from real time."""
    return office.clock() - office.real_clock()
