"""The search page: one box, three groups of results, found as one types; a page of one group goes on by its place."""

from dataclasses import replace
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse, Response

from desk.door import signed_in
from desk.office import Office, office_of
from desk.paper import page, query, render
from desk.search import finding
from desk.search.finding import Found, Group, Looking
from desk.search.fragment import Piece, fragment
from desk.search.narrowed import AUTHORS, STATUSES, Narrowed, Place, day
from desk.search.wanted import Wanted, read
from desk.sessions import Person
from records.database import ReadSession
from records.lanes import over_two
from trends.labels import CHANNELS

router = APIRouter()
TheOffice = Annotated[Office, Depends(office_of)]
PEOPLE, CASES, MESSAGES = "peserta", "tiket", "pesan"
FIND = {PEOPLE: finding.people, CASES: finding.cases, MESSAGES: finding.messages}
NAMES = {PEOPLE: "Peserta", CASES: "Tiket", MESSAGES: "Pesan"}
TOP = {PEOPLE: 5, CASES: 8, MESSAGES: 12}
PAGE = 30


class Asked:
    """What the address asks for."""

    def __init__(
        self,
        q: Annotated[str, Query(max_length=200)] = "",
        dari: Annotated[str, Query(max_length=20)] = "",
        sampai: Annotated[str, Query(max_length=20)] = "",
        kanal: Annotated[str, Query(max_length=20)] = "",
        penulis: Annotated[str, Query(max_length=20)] = "",
        status: Annotated[str, Query(max_length=20)] = "",
        jenis: Annotated[str, Query(max_length=20)] = "",
        sesudah: Annotated[str, Query(max_length=200)] = "",
    ) -> None:
        self.typed = q
        self.wanted = read(q)
        self.kind = jenis if jenis in FIND else ""
        self.narrowed = Narrowed(
            since=day(dari),
            until=day(sampai),
            channel=kanal if kanal in CHANNELS else "",
            author=penulis if penulis in AUTHORS else "",
            status=status if status in STATUSES else "",
            after=Place.read(sesudah) if sesudah else None,
        )
        if not self.kind:
            self.narrowed = self.narrowed.going_on(None)

    @property
    def words(self) -> dict[str, str]:
        """The question as an address says it, without kind and place."""
        it = self.narrowed
        return {
            "q": self.typed,
            "dari": it.since.isoformat() if it.since else "",
            "sampai": it.until.isoformat() if it.until else "",
            "kanal": it.channel,
            "penulis": it.author,
            "status": it.status,
        }

    def address(self, **changed: str) -> str:
        """Return the address of this question, or of a changed one."""
        return "/cari" + query(**{**self.words, "jenis": self.kind, **changed})

    @property
    def groups(self) -> tuple[str, ...]:
        """Which groups are looked for: an author is only of messages, a status never of people."""
        if self.kind:
            return (self.kind,)
        if self.narrowed.author:
            return (MESSAGES,)
        return (CASES, MESSAGES) if self.narrowed.status else (PEOPLE, CASES, MESSAGES)


TheQuestion = Annotated[Asked, Depends(Asked)]


@router.get("/cari")
async def search_page(request: Request, office: TheOffice, asked: TheQuestion) -> Response:
    """Show the box, and what was found."""
    return page(request, "search.html", **await _found(request, office, asked))


@router.get("/cari/hasil")
async def search_results(request: Request, office: TheOffice, asked: TheQuestion) -> Response:
    """Show what is found of what has been typed so far."""
    html = render(request, "search_found.html", **await _found(request, office, asked))
    return HTMLResponse(html, headers={"HX-Replace-Url": asked.address()})


async def _found(request: Request, office: Office, asked: Asked) -> dict[str, Any]:
    person, hidden = signed_in(request), None
    groups: dict[str, Group] = {}
    if asked.wanted:
        async with office.database.read() as session:
            own = await finding.own_cases(session, person)

        async def look(session: ReadSession, kind: str) -> Group:
            await finding.care(session)
            it = Looking(session, person, asked.wanted, asked.narrowed, office.clock(), own)
            return await FIND[kind](it, PAGE if asked.kind else TOP[kind])

        # what was said takes longest
        kinds = sorted(asked.groups, key=lambda kind: kind != MESSAGES)
        found = await over_two(office.database, {kind: partial(look, kind=kind) for kind in kinds})
        groups = {kind: found[kind] for kind in asked.groups}
        hidden = await _hidden(office, asked.wanted, groups, person)
        await office.trail.note(person, asked.wanted)
    return {
        "asked": asked,
        "groups": groups,
        "names": NAMES,
        "hidden": hidden,
        "channels": CHANNELS,
        "authors": AUTHORS,
        "statuses": STATUSES,
        "pieces": lambda found: fragment(found.text, asked.wanted),
        "onward": lambda kind, group: asked.address(jenis=kind, sesudah=str(group.found[-1].place)),
        "named": lambda found: _named(found, asked.wanted),
    }


async def _hidden(office: Office, wanted: Wanted, groups: dict[str, Group], person: Person) -> Any:
    """A case of this very number that is not theirs: they are told that it is there, and how to ask."""
    if not wanted.number or any(found.number == f"T-{wanted.number}" for it in groups.values() for found in it.found):
        return None
    async with office.database.read() as session:
        return await finding.hidden_case(session, wanted.number, person)


def _named(found: Found, wanted: Wanted) -> list[Piece]:
    return fragment(found.name or "", replace(wanted, number="")) or [Piece("Tanpa nama")]
