"""The queue page: tabs with counts, filters, views, and one line a case; live without moving what one reads.

An open page tells which lines it shows and with which marks. It gets back only those that changed, each in its place;
new ones are counted and wait until one asks for them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy import select

from desk.access import check_conversation
from desk.acts.tags import offered
from desk.alarms import unseen
from desk.bulk.acts import offered_acts
from desk.bulk.results import recent
from desk.door import signed_in
from desk.office import Office, office_of
from desk.pages.conversation import NEWS
from desk.pages.queue_asked import WAITS, Asked
from desk.pages.queue_rows import Rows, send_row
from desk.paper import page, render
from desk.parts import Part, part
from desk.queue import reading, words
from desk.queue.counting import MOST_CALLED
from desk.queue.lines import Line
from desk.queue.named import MOST as MOST_NAMED
from desk.queue.order import ORDERS
from desk.queue.reading import PAGE, Question
from desk.queue.tabs import INCIDENT, tabs_of
from desk.queue.views import View, teams_of, views
from desk.refreshed import refreshed
from desk.refusals import NoSuchCase
from desk.rights import may
from desk.wording import PRIORITIES, QUEUES
from records.database import ReadSession
from records.models import Incident, Ticket
from trends.labels import CHANNELS, INTENTS, PLATFORMS

router = APIRouter()
TheOffice = Annotated[Office, Depends(office_of)]
TheQuestion = Annotated[Asked, Depends(Asked)]
MOST_SHOWN = 200
"""Lines an open page asks about; what is shown further down is as it was when it was fetched."""
MOST_INCIDENTS = 50
NEWS_HERE = {"tampilan-disimpan": "Tampilan disimpan. Tombol v lalu angkanya membukanya."}


@dataclass(frozen=True)
class Shown:
    """A page of lines and what stands around it."""

    question: Question
    numbers: dict[str, int]
    lines: list[Line]
    tabs: dict[str, str]

    @property
    def more(self) -> str:
        """Return the place after the last line where more follows, else nothing."""
        return self.question.order.place(self.lines[PAGE - 1]) if len(self.lines) > PAGE else ""


@router.get("/antrean")
async def queue_page(
    request: Request, office: TheOffice, asked: TheQuestion, kabar: Annotated[str, Query(max_length=40)] = ""
) -> Response:
    """Show the queue; without a question, the view that this person's queue opens with."""
    person = signed_in(request)
    async with office.database.read() as session:
        saved = await views(session, person)
        first = next((view for view in saved if view.first), None)
        if first and not set(request.query_params) - {"kabar"}:
            news = {"kabar": kabar} if kabar else {}
            return RedirectResponse(f"/antrean{Asked.of(first.asked).address(**news)}", status_code=303)
        teams = await teams_of(session, person)
        shown = await _read(session, asked.by(person, office.clock()), teams, asked.place)
        around = {**await _around(session), "bulk": await recent(session, person, office.clock())}
        alarms = await unseen(session) if may(person.role, "alarms_page") else 0
    given = {
        **_given(request, asked, shown),
        **around,
        "views": _chips(saved, asked),
        "teams": teams,
        "alarms": alarms,
        "news": NEWS_HERE.get(kabar) or NEWS.get(kabar),
        "tab_part": _tabs(request, asked, shown),
        "nothing_new": _new(request, asked, 0).mark,
        "bulk_acts": offered_acts(person),
    }
    return page(request, "queue.html", **given)


@router.get("/antrean/lanjut")
async def queue_more(request: Request, office: TheOffice, asked: TheQuestion) -> Response:
    """Show the lines after a place, to be put under those that are shown."""
    question = asked.by(signed_in(request), office.clock())
    async with office.database.read() as session:
        question = await reading.named(session, question)
        found = await reading.lines(session, question, after=asked.place, limit=PAGE + 1)
    return HTMLResponse(render(request, "queue_lines.html", **_given(request, asked, Shown(question, {}, found, {}))))


@router.get("/antrean/daftar", dependencies=[Depends(refreshed)])
async def queue_list(
    request: Request,
    office: TheOffice,
    asked: TheQuestion,
    baris: Annotated[list[str] | None, Query(max_length=MOST_SHOWN)] = None,
    sidik: Annotated[list[str] | None, Query()] = None,
    sampai: Annotated[str, Query(max_length=300)] = "",
) -> Response:
    """Show what changed: lines in their places, the counts, and how many came; nothing when it is all as shown."""
    shown = dict(one.rpartition(".")[::2] for one in baris or [])
    question = asked.by(signed_in(request), office.clock())
    async with office.database.read() as session:
        question = await reading.named(session, question)
        tabs = tabs_of(await teams_of(session, question.person))
        numbers = await reading.counts(session, question, list(tabs))
        now_are = await reading.again(session, question, list(shown)) if shown else {}
        came = 0 if asked.place else await reading.came(session, question, list(shown), sampai)
    look = Rows(request, asked)
    made = [look.again(number, now_are.get(number)) for number in shown]
    html = [send_row(request, one) for one in made if one.mark != shown[one.number]]
    around = [
        _tabs(request, asked, Shown(question, numbers, [], tabs)),
        _new(request, asked, came),
    ]
    html += [render(request, "part.html", part=one, live=True) for one in around if one.mark not in (sidik or [])]
    return HTMLResponse("".join(html)) if html else Response(status_code=204)


@router.get("/tiket/{number}")
async def ticket_link(request: Request, office: TheOffice, number: str) -> Response:
    """Go to the conversation of a ticket."""
    async with office.database.read() as session:
        found = await session.scalar(select(Ticket.conversation_id).where(Ticket.number == number.upper()))
        if found is None:
            raise NoSuchCase
        await check_conversation(session, signed_in(request), found)
    return RedirectResponse(f"/percakapan/{found}", status_code=303)


async def _read(session: ReadSession, asked: Question, teams: dict[UUID, str], place: str) -> Shown:
    asked = await reading.named(session, asked)
    tabs = tabs_of(teams)
    numbers = await reading.counts(session, asked, list(tabs))
    # an empty tab is known to be empty: no index is searched to its end for it
    empty = numbers.get(asked.tab) == 0
    lines = [] if empty else await reading.lines(session, asked, after=place, limit=PAGE + 1)
    return Shown(asked, numbers, lines, tabs)


async def _around(session: ReadSession) -> dict[str, Any]:
    known = select(Incident.id, Incident.title).order_by(Incident.ended_at.is_not(None), Incident.started_at.desc())
    incidents = dict((await session.execute(known.limit(MOST_INCIDENTS))).all())
    return {
        "tags": await offered(session),
        "incidents": incidents,
        "queues": QUEUES,
        "priorities": PRIORITIES,
        "channels": CHANNELS,
        "platforms": PLATFORMS,
        "intents": dict(sorted(INTENTS.items(), key=lambda it: it[1])),
        "waits": WAITS,
        "orders": ORDERS,
    }


def _chips(saved: Sequence[View], asked: Asked) -> list[tuple[View, str, bool]]:
    """Return each view with its address and whether it is what is shown."""
    each = [(view, Asked.of(view.asked)) for view in saved]
    return [(view, f"/antrean{theirs.address()}", theirs.kept == asked.kept) for view, theirs in each]


def _given(request: Request, asked: Asked, shown: Shown) -> dict[str, Any]:
    """Return what the templates of lines need."""
    return {
        "asked": asked,
        "shown": shown,
        "rows": Rows(request, asked).all(shown.lines[:PAGE], by_incident=asked.tab == INCIDENT),
        "more": shown.more,
        "total": shown.numbers.get(asked.tab, 0),
        "say": words,
        "most": MOST_CALLED,
        "too_many_named": len(shown.question.chats or ()) >= MOST_NAMED,
    }


def _new(request: Request, asked: Asked, came: int) -> Part:
    return part("baru", render(request, "queue_new.html", asked=asked, came=came, most=PAGE))


def _tabs(request: Request, asked: Asked, shown: Shown) -> Part:
    given = {"asked": asked, "numbers": shown.numbers, "tabs": shown.tabs, "say": words, "most": MOST_CALLED}
    return part("tab", render(request, "queue_tabs.html", **given))
