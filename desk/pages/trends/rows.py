"""The messages behind a figure: as many as it says, and words only of the conversations one may open."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from desk.access import openable
from desk.door import signed_in
from desk.pages.trends.asked import TheOffice, TheQuestion, Word, address
from desk.pages.trends.noted import noted
from desk.pages.trends.words import WEEKDAYS
from desk.paper import page
from desk.pictures.numbers import whole
from trends.behind import COMPLAINTS, OF, Behind, how_many, newest

router = APIRouter(prefix="/tren")
ROWS_PAGE = 100
HEADINGS = {
    "complaints": "{} keluhan",
    "conversations": "{} percakapan dengan keluhan",
    "handed_over": "{} keluhan diserahkan bot ke petugas",
    "dialogue": "{} sapaan, terima kasih atau jawaban",
    "off_topic": "{} pesan di luar topik",
    "not_understood": "{} pesan belum dipahami bot",
    "not_read": "{} pesan untuk petugas atau tidak terbaca bot",
}


async def figure_asked(
    asked: TheQuestion,
    hitung: Word = "",
    hari: Annotated[int | None, Query(ge=0, le=6)] = None,
    jam: Annotated[int | None, Query(ge=0, le=23)] = None,
) -> Behind:
    """Read which figure an address is about."""
    return Behind(asked.within, hitung if hitung in OF else COMPLAINTS, hari, jam)


TheFigure = Annotated[Behind, Depends(figure_asked)]


@router.get("/baris")
async def trends_rows(
    request: Request,
    office: TheOffice,
    asked: TheQuestion,
    figure: TheFigure,
    halaman: Annotated[int, Query(ge=1, le=10_000)] = 1,
) -> Response:
    """Show the rows behind a figure: as many as it says."""
    async with office.database.read() as session:
        rows = await newest(session, figure, limit=ROWS_PAGE, offset=(halaman - 1) * ROWS_PAGE)
        total = await how_many(session, figure)
        opened = await openable(session, signed_in(request), (row.conversation_id for row in rows))
    await noted(request, office, "trends_rows_viewed", asked.within, {"rows": len(rows), "of": figure.of})
    return page(
        request,
        "trends_rows.html",
        asked=asked,
        within=asked.within,
        figure=figure,
        heading=HEADINGS[figure.of].format("Daftar" if total is None else whole(total)),
        when=_when(figure),
        total=total,
        gone=_gone(total, len(rows), halaman),
        rows=rows,
        openable=opened,
        page_number=halaman,
        pages=-(-(total or 0) // ROWS_PAGE),
        address=lambda **more: figure_address(figure, **more),
        export=lambda **how: "/tren/ekspor" + figure_address(figure, **how),
    )


def figure_address(figure: Behind, **more: str | int | None) -> str:
    """Return the query string of a figure, with the range and filters."""
    of = None if figure.of == COMPLAINTS else figure.of
    hari, jam = (None if it is None else str(it) for it in (figure.weekday, figure.hour))
    return address(figure.within, hitung=of, hari=hari, jam=jam, **more)


def _when(figure: Behind) -> str:
    said = [WEEKDAYS[figure.weekday]] if figure.weekday is not None else []
    return " ".join([*said, f"pukul {figure.hour:02d}.00–{figure.hour:02d}.59"] if figure.hour is not None else said)


def _gone(total: int | None, shown: int, page_number: int) -> int:
    """How many of this page's rows are no longer kept, of messages that stay counted."""
    wanted = min(ROWS_PAGE, (total or 0) - (page_number - 1) * ROWS_PAGE)
    return max(0, wanted - shown)
