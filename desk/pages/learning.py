"""The page *Belajar*: what the bot could learn, look-alikes together, decided with one key; and what became of it."""

from collections.abc import Iterable
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.ext.asyncio import AsyncSession

from desk.door import signed_in
from desk.learning import listing, words
from desk.learning.deciding import Decision, accept, gather_for_article, reject, reopen
from desk.learning.fates import fates_of, figures_said
from desk.learning.known_lines import KnownLines, Shelf
from desk.learning.meanings import MOST_ALSO, Meant, in_order, known, name_of
from desk.learning.piles import Piles
from desk.learning.present_model import PresentModel, ReadNow
from desk.learning.refusals import NotLearnable
from desk.office import Office, office_of
from desk.pages.acting import staff_of
from desk.paper import page, query, render
from desk.refusals import Refusal
from desk.rights import may
from records import audit

router = APIRouter(prefix="/belajar")
TheOffice = Annotated[Office, Depends(office_of)]
Word = Annotated[str, Query(max_length=40)]
Field = Annotated[str, Form(max_length=2_000)]
TABS = ("tinjau", "diterima", "artikel", "ditolak", "uji")
STATUS = {"diterima": "accepted", "artikel": "drafted", "ditolak": "rejected"}


class Room:
    """What this desk keeps for the page: the training lines, the look-alikes, and whom to ask how a message reads."""

    def __init__(self, present_model: PresentModel | None = None) -> None:
        self.shelf = Shelf()
        self.piles = Piles()
        self._present_model = present_model

    async def read_now(self, texts: Iterable[str]) -> dict[str, ReadNow]:
        """Return how the model in use reads these texts, as far as it can be asked."""
        return await self._present_model.read(texts) if self._present_model else {}


def room_of(request: Request) -> Room:
    """Return the room of this desk."""
    room: Room = request.app.state.learning
    return room


TheRoom = Annotated[Room, Depends(room_of)]


@router.get("")
async def learning_page(
    request: Request,
    office: TheOffice,
    room: TheRoom,
    lihat: Word = "tinjau",
    sumber: Word = "",
    jenis: Word = "",
    tumpukan: UUID | None = None,
    artikel: UUID | None = None,
    halaman: Annotated[int, Query(ge=1, le=10_000)] = 1,
) -> Response:
    """Show what waits for a reviewer, or what became of what was decided."""
    tab = lihat if lihat in TABS else "tinjau"
    shown: dict[str, Any] = {"tab": tab, "source": sumber, "kind": jenis, "number": halaman, "query": query}
    lines = await room.shelf.lines()
    async with office.database.read() as session:
        shown["counts"] = await listing.counts(session)
        if tab == "tinjau":
            shown |= await _review(session, room, lines, sumber, jenis, tumpukan, halaman)
        elif tab == "uji":
            shown["trials"] = await listing.trials(session)
        else:
            shown["decided"] = await listing.decided(session, STATUS[tab], office.clock(), halaman, artikel)
            shown["drafts"] = await listing.drafts(session) if tab == "artikel" else []
    await _looked(request, office, tab)
    return page(request, "learning.html", **shown, **_words(), lines=len(lines.taught), deciding=_may_decide(request))


async def _looked(request: Request, office: Office, tab: str) -> None:
    """Write down that somebody read participants' words, masked and without who said them."""
    async with office.database.write() as session:
        who, at = signed_in(request).username, office.clock()
        await audit.record(session, at=at, actor=who, action="learning_viewed", object="learning", detail={"tab": tab})


async def _review(
    session: AsyncSession,
    room: Room,
    lines: KnownLines,
    source: str,
    kind: str,
    pile: UUID | None,
    number: int,
) -> dict[str, Any]:
    piles = await room.piles.look(session, source=source, kind=kind)
    if pile:
        piles = [one for one in piles if str(pile) in one.ids]
    first = (number - 1) * listing.PILES
    each = listing.WHOLE_PILE if pile else listing.OF_A_PILE
    shown = await listing.shown_piles(session, piles[first : first + listing.PILES], lines, each)
    return {
        "piles": shown,
        "read_now": await room.read_now(one.example.said for it in shown for one in it.examples),
        "all_piles": len(piles),
        "whole": pile,
        "grouping": room.piles.grouping,
        "more": len(piles) > first + listing.PILES,
        "titles": await listing.titles(session),
    }


@router.post("/{example_id}")
async def learning_decide(
    request: Request,
    office: TheOffice,
    room: TheRoom,
    example_id: UUID,
    version: Annotated[int, Form()] = -1,
    verdict: Field = "",
    text: Field = "",
    meant: Field = "",
    other: Field = "",
    also: Annotated[list[str] | None, Form()] = None,
    reason: Field = "",
    title: Field = "",
) -> Response:
    """Decide on one example."""
    lines = await room.shelf.lines()
    problem, status = None, 200
    try:
        async with office.database.write() as session:
            it = Decision(example_id, version, await staff_of(session, request), office.clock())
            if verdict == "terima":
                await accept(session, it, text=text, meant=_meant(meant, other, also or []), lines=lines)
            elif verdict == "tolak":
                await reject(session, it, reason=reason)
            else:
                await gather_for_article(session, it, text=text, title=title)
    except Refusal as refusal:
        problem, status = str(refusal), refusal.status
    return await _line(request, office, lines, example_id, problem, status, text)


@router.post("/{example_id}/kembali")
async def learning_reopen(
    request: Request, office: TheOffice, room: TheRoom, example_id: UUID, version: Annotated[int, Form()] = -1
) -> Response:
    """Take a decision back."""
    problem, status = None, 200
    try:
        async with office.database.write() as session:
            await reopen(session, Decision(example_id, version, await staff_of(session, request), office.clock()))
    except Refusal as refusal:
        problem, status = str(refusal), refusal.status
    return await _line(request, office, await room.shelf.lines(), example_id, problem, status, "")


async def _line(
    request: Request,
    office: Office,
    lines: KnownLines,
    example_id: UUID,
    problem: str | None,
    status: int,
    text: str,
) -> Response:
    """Return the example as it is now; a browser without scripts goes back to the page."""
    if "hx-request" not in request.headers and problem is None:
        return RedirectResponse("/belajar", status_code=303)
    async with office.database.read() as session:
        one = await listing.one_shown(session, example_id, lines)
        became = await fates_of(session, [one.example], office.clock()) if one else {}
        titles = await listing.titles(session)
    if one is None:
        raise NotLearnable(problem or "Contoh ini tidak ada.")
    shown = {"one": one, "fate": became[example_id], "problem": problem, "typed": text if problem else None}
    shown |= {"read_now": {}, "titles": titles, "deciding": _may_decide(request), **_words()}
    if "hx-request" in request.headers:
        return Response(render(request, "learning_line.html", **shown), status, media_type="text/html")
    return page(request, "learning_one.html", status, **shown)


def _words() -> dict[str, Any]:
    return {"meanings": in_order(), "meaning_of": name_of, "words": words, "figures_said": figures_said}


def _may_decide(request: Request) -> bool:
    return may(signed_in(request).role, "learning_decide")


def _meant(meant: str, other: str, also: list[str]) -> Meant:
    intent = known(other) if other.strip() else known(meant)
    if intent is None:
        missing = f"Tidak ada keluhan bernama “{other.strip()}”." if other.strip() else "Pilih dulu maksudnya."
        raise NotLearnable(f"{missing} Tekan angka, atau ketik namanya dan pilih dari daftar.")
    others = [it for it in map(known, filter(None, also)) if it and it != intent]
    return Meant(intent, tuple(dict.fromkeys(others))[:MOST_ALSO])
