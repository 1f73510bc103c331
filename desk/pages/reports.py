"""The weekly reports: those that were made, and the one of any other week, made when it is asked for."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response
from sqlalchemy import select

from desk.door import signed_in
from desk.office import Office, office_of
from desk.pages.trends.words import span
from desk.paper import page
from desk.refusals import Refusal
from desk.report.keeping import content, figures_of, last_due, made, name_of
from desk.report.paper import FORMS, policy
from desk.report.sheet import OUTSIDE, STAFF
from records import audit
from records.models import WeeklyReport
from trends.weekly.week import NoSuchWeek, Week

router = APIRouter(prefix="/laporan")
TheOffice = Annotated[Office, Depends(office_of)]
SHOWN = 53
type Audience = Literal["staf", "luar"]
KEPT_AS = {"staf": STAFF, "luar": OUTSIDE}


@dataclass(frozen=True)
class Listed:
    """One week of the list."""

    week: Week
    made_at: datetime | None
    """None: not made yet, and made when somebody asks for it."""

    @property
    def said(self) -> str:
        """The week in words."""
        return f"Minggu {self.week.number}, {span(self.week.first, self.week.last)}"


class NoReport(Refusal):
    """A week that is none, or has not begun."""

    status = 404

    def __init__(self) -> None:
        super().__init__("Minggu itu tidak ada laporannya. Pilih minggu dari daftar, misalnya 2020-W34.")


@router.get("")
async def reports_page(request: Request, office: TheOffice) -> Response:
    """Show which reports there are."""
    now = office.clock()
    kept = select(WeeklyReport.first_day, WeeklyReport.made_at).where(WeeklyReport.audience == STAFF)
    async with office.database.read() as session:
        rows = (await session.execute(kept.order_by(WeeklyReport.first_day.desc()).limit(SHOWN))).all()
    listed = [Listed(Week(row.first_day), row.made_at) for row in rows]
    return page(request, "reports.html", listed=listed, running=Listed(Week.of(now), None), due=last_due(now))


@router.get("/{week}/{audience}.{form}")
async def report_file(
    request: Request,
    office: TheOffice,
    week: str,
    audience: Audience,
    form: Literal["html", "pdf"],
    unduh: Annotated[bool, Query()] = False,
) -> Response:
    """Hand a report out: as it was kept, else made now."""
    wanted = _week(week, office.clock())
    report = await _kept(office, wanted.first, KEPT_AS[audience], form)
    if report is None:
        async with office.taking_away:
            figures = await figures_of(office.database, office.clock, wanted)
            report = await made(figures, KEPT_AS[audience], form)
    await _note(request, office, {"week": wanted.name, "audience": KEPT_AS[audience], "form": form})
    how = "attachment" if unduh or form == "pdf" else "inline"
    headers = {
        "Content-Disposition": f'{how}; filename="{name_of(wanted, KEPT_AS[audience], form)}"',
        "Content-Security-Policy": policy(),
    }
    return Response(report, media_type=FORMS[form], headers=headers)


def _week(said: str, now: datetime) -> Week:
    try:
        week = Week.named(said)
    except NoSuchWeek as problem:
        raise NoReport from problem
    if week > Week.of(now):
        raise NoReport
    return week


async def _kept(office: Office, first: date, audience: str, form: str) -> bytes | None:
    async with office.database.read() as session:
        report = await session.get(WeeklyReport, (first, audience))
    return content(report, form) if report else None


async def _note(request: Request, office: Office, detail: dict[str, str]) -> None:
    async with office.database.write() as session:
        await audit.record(
            session,
            at=office.clock(),
            actor=signed_in(request).username,
            action="report_taken",
            object="report",
            detail=detail,
        )
