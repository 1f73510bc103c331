"""Making the report of a week and keeping it: once, both for staff and for outside, as it was handed out."""

import asyncio
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from desk.report.paper import html, pdf
from desk.report.setting_out import set_out
from desk.report.sheet import AUDIENCES, OUTSIDE
from desk.topics.gathering import ask, gather_next
from records.clock import Clock
from records.database import Database, ReadSession
from records.models import WeeklyReport
from trends.counting import fold, known_since
from trends.helping.counting import fold as fold_service
from trends.helping.topics import gathered
from trends.weekly.figures import Figures, gather
from trends.weekly.week import Week

DUE = timedelta(hours=6)
"""So long after a week is over its report is made: Monday 06.00 WIB."""
FEW = 3
"""Gatherings somebody else asked for first are done on the way."""
MADE_UP_FOR = 13
"""Weeks: older ones nobody made are not made any more by themselves."""


def content(report: WeeklyReport, form: str) -> bytes:
    """Return a report that was kept in one form."""
    return report.pdf if form == "pdf" else report.html.encode()


def name_of(week: Week, audience: str, form: str) -> str:
    """Return what the file of a report is called."""
    return f"laporan-{week.name}{'-luar' if audience == OUTSIDE else ''}.{form}"


def last_due(now: datetime) -> Week:
    """Return the newest week whose report is due."""
    return Week.of(now - DUE).before()


async def figures_of(database: Database, clock: Clock, week: Week) -> Figures:
    """Return the figures of a week, after everything that came in is counted."""
    await fold(database, clock)
    await fold_service(database, clock)
    async with database.read() as session:
        return await gather(session, week, clock())


async def gather_topics(database: Database, clock: Clock, week: Week) -> bool:
    """Let the unanswered questions of the week be gathered, so that its report can name them; says whether they are."""
    async with database.write() as session:
        await ask(session, week.within, clock())
    for _ in range(FEW):
        if not await gather_next(database, clock):
            break
    async with database.read() as session:
        return not (await gathered(session, week.within)).waiting


async def made(figures: Figures, audience: str, form: str) -> bytes:
    """Return the report in one form, set beside the event loop; raises NotSet where that is paper and cannot be."""

    def set_page() -> bytes:
        sheet = set_out(figures, audience)
        return pdf(sheet) if form == "pdf" else html(sheet).encode()

    return await asyncio.to_thread(set_page)


async def keep(database: Database, clock: Clock, week: Week) -> bool:
    """Make and keep the reports of a week; who comes second keeps nothing and says so.

    Nothing is kept either while its topics wait behind others: what is kept does not change any more. Raises NotSet,
    and keeps nothing: what is kept is both forms.
    """
    if not await gather_topics(database, clock, week):
        return False
    figures = await figures_of(database, clock, week)
    rows = [
        {
            "first_day": week.first,
            "audience": audience,
            "made_at": figures.made_at,
            "counted_at": figures.counted_at,
            "html": (await made(figures, audience, "html")).decode(),
            "pdf": await made(figures, audience, "pdf"),
        }
        for audience in AUDIENCES
    ]
    async with database.write() as session:
        new = insert(WeeklyReport).values(rows).on_conflict_do_nothing().returning(WeeklyReport.audience)
        return bool((await session.scalars(new)).all())


async def missing(session: ReadSession, now: datetime) -> list[Week]:
    """Return the weeks whose report is due and not there, the oldest first."""
    since = await known_since(session)
    if since is None:
        return []
    week, due = Week.of(since), last_due(now)
    week = max(week, Week(due.first - MADE_UP_FOR * timedelta(weeks=1)))
    there = set(await session.scalars(select(WeeklyReport.first_day).where(WeeklyReport.audience == OUTSIDE)))
    weeks = []
    while week <= due:
        if week.first not in there:
            weeks.append(week)
        week = week.after()
    return weeks


async def file_away(database: Database, folder: Path, now: datetime) -> int:
    """Lay reports that are not there yet into the folder; returns how many files that was."""
    filed = 0
    async with database.read() as session:
        waiting = (await session.scalars(select(WeeklyReport).where(WeeklyReport.filed_at.is_(None)).limit(10))).all()
    for report in waiting:
        for form in ("html", "pdf"):
            name = name_of(Week(report.first_day), report.audience, form)
            await asyncio.to_thread(_lay, folder / name, content(report, form))
            filed += 1
        key = (WeeklyReport.first_day == report.first_day, WeeklyReport.audience == report.audience)
        async with database.write() as session:
            await session.execute(update(WeeklyReport).where(*key).values(filed_at=now))
    return filed


def _lay(path: Path, page: bytes) -> None:
    """Whoever watches the folder never sees half a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.part")
    unfinished.write_bytes(page)
    unfinished.replace(path)
