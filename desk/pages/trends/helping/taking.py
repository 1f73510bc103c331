"""Taking a table of the service away as CSV, exactly as it stands there: for the few, and written down."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from desk.pages.trends.asked import TheOffice, TheQuestion, Word
from desk.pages.trends.helping.figures import FIGURES, figure_of
from desk.pages.trends.helping.seen import look
from desk.pages.trends.helping.words import BY, PLACE
from desk.pages.trends.noted import noted
from desk.pictures.figure import taken
from trends.csv_text import csv_text

router = APIRouter(prefix=PLACE)


@router.get("/unduh")
async def service_csv(
    request: Request, office: TheOffice, asked: TheQuestion, bagian: Word = "jawaban", menurut: Word = "tim"
) -> Response:
    """Download the table behind one figure as CSV."""
    name, by = bagian if bagian in FIGURES else "jawaban", menurut if menurut in BY else "tim"
    seen = await look(office.database, asked.within, by, asked.names, office.clock())
    figure = figure_of(name, seen)
    headings, lines = taken(figure.table) if figure else (["tidak diketahui"], [])
    await noted(request, office, "trends_exported", asked.within, {"by": f"layanan {name} {by}", "lines": len(lines)})
    file = f"layanan-{name}-{asked.within.first}-{asked.within.last}.csv"
    return Response(
        csv_text(headings, lines),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{file}"'},
    )
