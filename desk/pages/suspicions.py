"""The pages of suspicions: what may be an outage, the counts that show it, and saying that it is none."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from desk.detection import words
from desk.detection.keeping import dismiss
from desk.detection.showing import Shown, one, suspicions
from desk.door import signed_in
from desk.office import Office, office_of
from desk.pages.acting import staff_of
from desk.paper import page
from desk.pictures.figure import Cell, Figure, Table
from desk.pictures.lines import Series, lines
from records import audit
from records.clock import wib
from records.masking import mask
from trends.csv_text import csv_text

router = APIRouter(prefix="/dugaan")
TheOffice = Annotated[Office, Depends(office_of)]
LEAST_REASON, MOST_REASON = 5, 300
HEADINGS = ("Waktu", "Masuk", "Biasanya", "Batas wajar")


@router.get("")
async def suspicions_page(request: Request, office: TheOffice) -> Response:
    """Show what waits for a decision, and what was."""
    async with office.database.read() as session:
        waiting, was = await suspicions(session, office.clock())
    return page(request, "suspicions.html", waiting=waiting, was=was, say=words)


@router.get("/{suspicion_id}")
async def suspicion_page(request: Request, office: TheOffice, suspicion_id: UUID, kabar: str = "") -> Response:
    """Show one with its evidence."""
    async with office.database.read() as session:
        shown = await one(session, suspicion_id, signed_in(request))
    figure = figure_of(shown) if shown.counts else None
    news = words.NEWS.get(kabar)
    return page(request, "suspicion.html", shown=shown, it=shown.it, figure_shown=figure, say=words, news=news)


@router.get("/{suspicion_id}/angka")
async def suspicion_csv(request: Request, office: TheOffice, suspicion_id: UUID) -> Response:
    """Download the counts beside what is usual; who took them away is written into the audit trail."""
    who = signed_in(request)
    async with office.database.read() as session:
        table = _table(await one(session, suspicion_id, who))
    async with office.database.write() as session:
        await audit.record(
            session,
            at=office.clock(),
            actor=who.username,
            action="suspicion_exported",
            object=f"suspicion:{suspicion_id}",
            detail={"lines": len(table.lines)},
        )
    return Response(
        csv_text(list(table.headings), [[cell.taken for cell in line] for line in table.lines]),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="dugaan.csv"'},
    )


@router.post("/{suspicion_id}/abaikan")
async def suspicion_dismiss(
    request: Request, office: TheOffice, suspicion_id: UUID, reason: Annotated[str, Form(max_length=2000)] = ""
) -> Response:
    """Say that it is no outage, and why."""
    said = mask(" ".join(reason.split())).text[:MOST_REASON]
    if len(said) < LEAST_REASON:
        return RedirectResponse(f"/dugaan/{suspicion_id}?kabar=alasan", status_code=303)
    async with office.database.write() as session:
        by = await staff_of(session, request)
        done = await dismiss(session, office.bell, suspicion_id=suspicion_id, reason=said, by=by, at=office.clock())
    return RedirectResponse(f"/dugaan/{suspicion_id}?kabar={'diabaikan' if done else 'sudah'}", status_code=303)


def figure_of(shown: Shown) -> Figure:
    """Draw the counts of five minutes beside what is usual."""
    counts, it = shown.counts, shown.it
    labels = [_clock(line["at"]) for line in counts]
    ticks = [label if number % 6 == 0 else "" for number, label in enumerate(labels)]
    series = (
        Series("Masuk", [line["seen"] for line in counts]),
        Series("Biasanya", [line["usual"] for line in counts]),
        Series("Batas wajar", [line["high"] for line in counts]),
    )
    told = f"Sejak {wib(it.began_at):%H.%M} masuk {it.observed:.0f}, biasanya {words.usual(it.expected)}."
    title = f"{words.about(it)}: masuk setiap lima menit"
    drawn = lines(f"dugaan-{it.id}", title, told, labels, series, ticks=ticks)
    return Figure("dugaan", "Masuk setiap lima menit", told, drawn, _table(shown), f"/dugaan/{it.id}/angka")


def _table(shown: Shown) -> Table:
    return Table(
        HEADINGS,
        [
            [
                Cell(_clock(line["at"])),
                *(_number(line[name]) for name in ("seen", "usual", "high")),
            ]
            for line in shown.counts
        ],
    )


def _number(value: float) -> Cell:
    return Cell(f"{value:g}".replace(".", ","), value=value)


def _clock(moment: str) -> str:
    return f"{wib(datetime.fromisoformat(moment)):%H.%M}"
