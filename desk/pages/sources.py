"""The sources the checks ask: does each answer now, how often did it fail, and why; every number opens its rows."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response
from markupsafe import Markup

from desk.office import Office, office_of
from desk.paper import page, query
from desk.pictures.columns import columns
from desk.pictures.item import Item
from desk.wording import MONTHS
from records.clock import wib
from trends.source_failures import Failures, Hour, SourceState, count_failures, failure_rows, source_states

router = APIRouter(prefix="/sumber")
TheOffice = Annotated[Office, Depends(office_of)]
Word = Annotated[str, Query(max_length=200)]
ROWS_PAGE = 100
HOURS_A_TICK = 6
QUESTIONS = {
    "payment/status": "Status pembayaran",
    "payment/redeem-code/status": "Kode redeem",
    "payment/quota-schedule": "Kuota jadwal",
}


@router.get("")
async def sources_page(request: Request, office: TheOffice) -> Response:
    """Show every source with its state and its last 24 hours."""
    now = office.clock()
    async with office.database.read() as session:
        states = await source_states(session, now)
    pictures = {state.name: _picture(state, now, number) for number, state in enumerate(states, 1) if state.failures}
    return page(request, "sources.html", states=states, pictures=pictures, failures=Failures, **WORDS)


@router.get("/baris")
async def sources_rows(
    request: Request,
    office: TheOffice,
    sumber: Word = "",
    jam: Word = "",
    tanya: Word = "",
    sebab: Word = "",
    halaman: Annotated[int, Query(ge=1, le=10_000)] = 1,
) -> Response:
    """Show the rows behind a number: their counts add up to it."""
    within = Failures(office.clock(), sumber or None, _moment(jam), tanya or None, sebab or None)
    async with office.database.read() as session:
        total, lines = await count_failures(session, within)
        rows = await failure_rows(session, within, limit=ROWS_PAGE, offset=(halaman - 1) * ROWS_PAGE)
    return page(
        request,
        "sources_rows.html",
        within=within,
        total=total,
        rows=rows,
        page_number=halaman,
        pages=-(-lines // ROWS_PAGE),
        **WORDS,
    )


def address(within: Failures, **more: str | int) -> str:
    """Return the query string of the failures a number is about."""
    jam = within.hour.isoformat() if within.hour else None
    return query(sumber=within.source, jam=jam, tanya=within.question, sebab=within.reason, **more)


def said(source: str) -> str:
    """Return a source as a heading."""
    return source[:1].upper() + source[1:]


def question_label(question: str) -> str:
    """Return what was asked as staff say it."""
    return QUESTIONS.get(question, question)


def why(reason: str, source: str) -> str:
    """Return a reason without the name of the source it stands under."""
    return reason.removeprefix(source).strip() or reason


WORDS: dict[str, Any] = {"address": address, "said": said, "question_label": question_label, "why": why}


def _picture(state: SourceState, now: datetime, number: int) -> Markup:
    last = len(state.hours) - 1
    items = [_item(state, now, it, tick=(last - index) % HOURS_A_TICK == 0) for index, it in enumerate(state.hours)]
    told = f"{sum(it.failures for it in state.hours)} kegagalan dalam {len(state.hours)} jam."
    return columns(f"sumber-{number}", f"Kegagalan {said(state.name)} per jam (WIB)", told, items)


def _item(state: SourceState, now: datetime, hour: Hour, *, tick: bool) -> Item:
    local = wib(hour.at)
    name = f"{local:%H.%M} {local.day} {MONTHS[local.month - 1]}"
    return Item(
        label=name,
        value=hour.failures,
        spoken=f"{name}: {hour.failures} kegagalan",
        href="/sumber/baris" + address(Failures(now, state.name, hour.at)),
        tick=f"{local:%H.%M} {local.day}/{local.month}" if tick else "",
    )


def _moment(said: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(said)
    except ValueError:
        return None
    return moment if moment.tzinfo else None
