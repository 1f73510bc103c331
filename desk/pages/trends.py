"""The PMO's page: complaints by what, where and when, as pictures with their tables; every bar opens its rows."""

from dataclasses import replace
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from desk.door import signed_in
from desk.office import Office, office_of
from desk.paper import page, query
from desk.picture import lying, short_day, standing
from records import audit
from trends.bars import Bar
from trends.export import QUESTIONS, ROW_CAP, bar_label, export
from trends.labels import CHANNELS, INTENTS, NOT_NAMED, PLATFORMS
from trends.rows import complaint_rows, count_rows
from trends.total import all_complaints, left_out
from trends.within import LEFT_OUT, MOST_DAYS, NONE, Within

router = APIRouter(prefix="/tren")
TheOffice = Annotated[Office, Depends(office_of)]
Word = Annotated[str, Query(max_length=60)]
TITLES = {
    "intent": "Keluhan menurut jenis",
    "day": "Keluhan per hari (WIB)",
    "platform": "Keluhan menurut platform",
    "channel": "Keluhan menurut kanal",
}
DRAWN = 15
"""Most bars a lying picture draws; the table has all of them."""
ROWS_PAGE = 100


class Asked:
    """The range and filters of the address; a range that makes no sense becomes the default, and says so."""

    def __init__(
        self,
        office: TheOffice,
        dari: Word = "",
        sampai: Word = "",
        keluhan: Word = "",
        platform: Word = "",
        kanal: Word = "",
    ) -> None:
        usual = Within.last_days(office.clock)
        first, last = _day(dari) or usual.first, _day(sampai) or usual.last
        self.problem = None
        if (dari and not _day(dari)) or (sampai and not _day(sampai)) or first > last:
            self.problem = "Rentang tanggalnya tidak masuk akal, jadi ditampilkan tujuh hari terakhir."
        elif (last - first).days >= MOST_DAYS:
            self.problem = f"Rentang paling panjang {MOST_DAYS} hari, jadi ditampilkan tujuh hari terakhir."
        if self.problem:
            first, last = usual.first, usual.last
        self.within = Within(first, last, keluhan or None, platform or None, kanal or None)


TheQuestion = Annotated[Asked, Depends(Asked)]


@router.get("")
async def trends_page(request: Request, office: TheOffice, asked: TheQuestion) -> Response:
    """Show the figures of the range."""
    within = asked.within
    async with office.database.read() as session:
        total, rest = await all_complaints(session, within), await left_out(session, within)
        bars = {by: await question(session, within) for by, question in QUESTIONS.items()}
    figures = [_figure(by, bars[by], within) for by in TITLES]
    return page(
        request,
        "trends.html",
        asked=asked,
        within=within,
        total=total,
        rest=rest,
        figures=figures,
        presets=_presets(office, within),
        address=address,
        offers=OFFERS,
    )


@router.get("/baris")
async def trends_rows(
    request: Request, office: TheOffice, asked: TheQuestion, halaman: Annotated[int, Query(ge=1, le=10_000)] = 1
) -> Response:
    """Show the rows behind a figure: as many as its bar says."""
    within = asked.within
    async with office.database.read() as session:
        total = await count_rows(session, within)
        rows = await complaint_rows(session, within, limit=ROWS_PAGE, offset=(halaman - 1) * ROWS_PAGE)
    await _audit(request, office, "trends_rows_viewed", within, {"rows": len(rows)})
    return page(
        request,
        "trends_rows.html",
        asked=asked,
        within=within,
        total=total,
        rows=rows,
        page_number=halaman,
        pages=-(-total // ROWS_PAGE),
        cap=ROW_CAP,
        said=_said(within),
        address=address,
    )


@router.get("/unduh")
async def trends_csv(request: Request, office: TheOffice, asked: TheQuestion, by: Word = "intent") -> Response:
    """Download one table, or the rows, as CSV."""
    by = by if by in {*QUESTIONS, "rows"} else "intent"
    async with office.database.read() as session:
        text = await export(session, by=by, within=asked.within)
    await _audit(request, office, "trends_exported", asked.within, {"by": by, "lines": text.count("\r\n") - 1})
    name = f"tren-{by}-{asked.within.first}-{asked.within.last}.csv"
    return Response(
        text,
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def address(within: Within, **more: str | int) -> str:
    """Return the query string of a range and its filters."""
    return query(
        dari=within.first.isoformat(),
        sampai=within.last.isoformat(),
        keluhan=within.intent,
        platform=within.platform,
        kanal=within.channel,
        **more,
    )


def _figure(by: str, bars: list[Bar], within: Within) -> dict[str, object]:
    def rows(key: str) -> str:
        return "/tren/baris" + address(within.narrowed(by, key))

    def label(key: str) -> str:
        return bar_label(by, key)

    if by == "day":
        picture, label = standing(TITLES[by], bars, rows), short_day
    else:
        picture = lying(TITLES[by], bars[:DRAWN], label, rows)
    table = [(label(bar.key), bar, rows(bar.key)) for bar in bars]
    return {"by": by, "title": TITLES[by], "picture": picture, "table": table, "undrawn": _undrawn(by, bars)}


def _undrawn(by: str, bars: list[Bar]) -> int:
    return 0 if by == "day" else max(0, len(bars) - DRAWN)


def _presets(office: Office, within: Within) -> list[tuple[str, str, bool]]:
    spans = (("Hari ini", 1), ("7 hari", 7), ("30 hari", 30))
    found = []
    for name, days in spans:
        span = Within.last_days(office.clock, days)
        chosen = replace(within, first=span.first, last=span.last)
        found.append((name, "/tren" + address(chosen), chosen == within))
    return found


def _said(within: Within) -> list[str]:
    """The filters in words, for the heading of the rows."""
    values = {"intent": within.intent, "platform": within.platform, "channel": within.channel}
    return [bar_label(by, value) for by, value in values.items() if value]


async def _audit(request: Request, office: Office, action: str, within: Within, detail: dict[str, object]) -> None:
    async with office.database.write() as session:
        await audit.record(
            session,
            at=office.clock(),
            actor=signed_in(request).username,
            action=action,
            object="trends",
            detail={"filter": address(within), **detail},
        )


def _day(said: str) -> date | None:
    try:
        return date.fromisoformat(said)
    except ValueError:
        return None


OFFERS = {
    "intents": {intent: label for intent, label in INTENTS.items() if intent not in LEFT_OUT},
    "platforms": {**PLATFORMS, NONE: NOT_NAMED},
    "channels": CHANNELS,
}
