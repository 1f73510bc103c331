"""Taking the table of a picture away as CSV, exactly as it stands there: for the few, and written down."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from desk.pages.trends.asked import TheOffice, TheQuestion, Word
from desk.pages.trends.figures import BY, figure_of
from desk.pages.trends.noted import noted
from desk.pages.trends.seen import look
from desk.pictures.figure import taken
from trends.csv_text import csv_text

router = APIRouter(prefix="/tren")


@router.get("/unduh")
async def trends_csv(request: Request, office: TheOffice, asked: TheQuestion, by: Word = "intent") -> Response:
    """Download the table behind one picture as CSV."""
    by = by if by in BY else "intent"
    async with office.database.read() as session:
        seen = await look(session, asked.within, office.clock(), asked.names)
    headings, lines = taken(figure_of(by, seen).table)
    await noted(request, office, "trends_exported", asked.within, {"by": by, "lines": len(lines)})
    name = f"tren-{by}-{asked.within.first}-{asked.within.last}.csv"
    return Response(
        csv_text(headings, lines),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
