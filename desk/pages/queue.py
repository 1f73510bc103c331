"""The queue page and its live part: tabs with counts, filters, and one line a case."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import select

from desk.alarms import unseen
from desk.door import signed_in
from desk.office import Office, office_of
from desk.paper import page, query, render
from desk.parts import Part, part, send_changed
from desk.queue import PAGE, TABS, UNASSIGNED, Filter, cases, counts, filled
from desk.refusals import NoSuchCase
from desk.rights import may
from desk.wording import PRIORITIES, QUEUES
from records.models import Ticket
from trends.labels import CHANNELS, PLATFORMS

router = APIRouter()
TheOffice = Annotated[Office, Depends(office_of)]
Word = Annotated[str, Query(max_length=100)]


class Asked:
    """What the address asks for."""

    def __init__(
        self,
        tab: Word = UNASSIGNED,
        antrean: Word = "",
        keluhan: Word = "",
        platform: Word = "",
        kanal: Word = "",
        prioritas: Word = "",
        terancam: Word = "",
        cari: Word = "",
        halaman: Annotated[int, Query(ge=1, le=10_000)] = 1,
    ) -> None:
        self.tab = tab if tab in TABS else UNASSIGNED
        self.page = halaman
        self.words = {
            "antrean": antrean,
            "keluhan": keluhan,
            "platform": platform,
            "kanal": kanal,
            "prioritas": prioritas,
            "terancam": "1" if terancam else "",
            "cari": cari.strip(),
        }
        self.filter = Filter(antrean, keluhan, platform, kanal, prioritas, bool(terancam), cari.strip())

    @property
    def narrowed(self) -> bool:
        """Say whether anything but the words of the search narrows the list."""
        return any(value for name, value in self.words.items() if name != "cari")

    def address(self, **changed: str | int) -> str:
        """Return the query string of this question, or of a changed one."""
        return query(**{"tab": self.tab, **self.words, **changed})


TheQuestion = Annotated[Asked, Depends(Asked)]


@router.get("/antrean")
async def queue_page(request: Request, office: TheOffice, asked: TheQuestion) -> Response:
    """Show the queue."""
    live = await _live(request, office, asked)
    async with office.database.read() as session:
        offers = await filled(session)
    return page(
        request,
        "queue.html",
        asked=asked,
        live=live,
        offers=offers,
        queues=QUEUES,
        priorities=PRIORITIES,
        channels=CHANNELS,
        platforms=PLATFORMS,
    )


@router.get("/antrean/daftar")
async def queue_list(
    request: Request, office: TheOffice, asked: TheQuestion, sidik: Annotated[list[str] | None, Query()] = None
) -> Response:
    """Show the live part again; nothing when it is what the page shows already."""
    return send_changed(request, [await _live(request, office, asked)], sidik)


@router.get("/tiket/{number}")
async def ticket_link(office: TheOffice, number: str) -> Response:
    """Go to the conversation of a ticket."""
    async with office.database.read() as session:
        found = await session.scalar(select(Ticket.conversation_id).where(Ticket.number == number.upper()))
    if found is None:
        raise NoSuchCase
    return RedirectResponse(f"/percakapan/{found}", status_code=303)


async def _live(request: Request, office: Office, asked: Asked) -> Part:
    person, now = signed_in(request), office.clock()
    me = person.id
    async with office.database.read() as session:
        numbers = await counts(session, asked.filter, me=me, now=now)
        lines = await cases(session, asked.filter, tab=asked.tab, me=me, now=now, page=asked.page)
        alarms = await unseen(session) if may(person.role, "alarms_page") else 0
    shown: dict[str, Any] = {"alarms": alarms, "asked": asked, "numbers": numbers, "lines": lines, "tabs": TABS}
    more = numbers[asked.tab] > asked.page * PAGE
    html = render(request, "queue_live.html", **shown, more=more, filtered=any(asked.words.values()))
    return part("daftar", html)
