"""`helpdesk trends`: tables and rows as files, how far the counts are, and all counts made anew.

What is taken away, and that counts were made anew, is written into the audit trail.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from sqlalchemy.exc import OperationalError

from helpdesk import system
from helpdesk.places import Places
from helpdesk.settings import SystemSettings
from records.audit import record
from records.clock import Clock, clock_from, wib
from records.database import Database, ReadSession
from trends.counting import Standing, standing
from trends.export import BY, UnknownQuestion
from trends.export import export as figures
from trends.exporting.chosen import complaining
from trends.exporting.pouring import Part, Table, TooMany, as_it_was, conversations, messages, poured
from trends.rebuilding import Progress as ByMonth
from trends.rebuilding import rebuild as count_anew
from trends.within import Within

app = typer.Typer(no_args_is_help=True)
AWAY = "The database does not answer: make up"
type RowsOf = Literal["conversations", "messages"]
type Form = Literal["csv", "xlsx"]


@app.callback()
def trends() -> None:
    """Figures about complaints."""


@dataclass(frozen=True)
class Wanted:
    """What is to be written, and of which messages."""

    within: Within
    by: str
    rows: RowsOf | None
    form: Form

    @property
    def asked(self) -> dict[str, str]:
        """What the audit says of it."""
        span = {"from": self.within.first.isoformat(), "to": self.within.last.isoformat()}
        return {"by": self.by, **span} if self.rows is None else {"of": self.rows, "form": self.form, **span}


@app.command()
def export(
    file: Annotated[Path, typer.Argument(help="Where to write it.")],
    by: Annotated[str, typer.Option(help=f"The table behind one picture: {', '.join(BY)}.")] = "intent",
    rows: Annotated[
        RowsOf | None, typer.Option(help="Instead of a table: one row a conversation or a message.")
    ] = None,
    form: Annotated[Form, typer.Option(help="Of rows: csv or xlsx.")] = "csv",
    first: Annotated[datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="First day (WIB).")] = None,
    last: Annotated[datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], help="Last day (WIB).")] = None,
) -> None:
    """Write one table as CSV, or rows as CSV or XLSX."""
    settings = SystemSettings.read()
    now = _clock(settings)()
    today = wib(now).date()
    within = Within(first=first.date() if first else today.replace(day=1), last=last.date() if last else today)
    wanted = Wanted(within, by, rows, form)
    try:
        lines = asyncio.run(_export(system.told(settings)["DATABASE_URL"], wanted, file, now))
    except (UnknownQuestion, TooMany, OperationalError) as refusal:
        why = AWAY if isinstance(refusal, OperationalError) else str(refusal)
        typer.echo(why, err=True)
        raise typer.Exit(1) from refusal
    typer.echo(f"{file}: {within.first:%Y-%m-%d} to {within.last:%Y-%m-%d}, {lines} rows")


@app.command()
def status() -> None:
    """Say when news was last counted, how much waits, and how far back there are rows."""
    settings = SystemSettings.read()
    try:
        found = asyncio.run(_standing(system.told(settings)["DATABASE_URL"]))
    except OperationalError as refusal:
        typer.echo(AWAY, err=True)
        raise typer.Exit(1) from refusal
    typer.echo(_told(found))


@app.command()
def rebuild(
    afresh: Annotated[
        bool, typer.Option("--afresh", help="Also read again from the programme's tables who everybody is.")
    ] = False,
    resume: Annotated[bool, typer.Option("--resume", help="Go on where a rebuild was broken off.")] = False,
) -> None:
    """Make all counts anew, a month a transaction; days whose messages are gone stay as they were counted."""
    settings, console = SystemSettings.read(), Console()
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    try:
        with Progress(*columns, console=console) as bar:
            task = bar.add_task("counting", total=None)

            def progress(month: date, done: int, months: int) -> None:
                bar.update(task, description=f"{month:%Y-%m} counted", completed=done, total=months)

            url = system.told(settings)["DATABASE_URL"]
            months = asyncio.run(_rebuild(url, _clock(settings), progress, afresh=afresh, resume=resume))
    except OperationalError as refusal:
        typer.echo(AWAY, err=True)
        raise typer.Exit(1) from refusal
    console.print(f"Counted {months} months anew.")


async def _standing(url: str) -> Standing:
    async with _opened(url) as database, database.read() as session:
        return await standing(session)


async def _rebuild(url: str, clock: Clock, progress: ByMonth, *, afresh: bool, resume: bool) -> int:
    async with _opened(url) as database:
        months = await count_anew(database, clock, afresh=afresh, resume=resume, progress=progress)
        detail = {"months": months, "afresh": afresh}
        async with database.write() as session:
            await record(session, at=clock(), actor="system", action="trends_rebuilt", object="trends", detail=detail)
        return months


@asynccontextmanager
async def _opened(url: str) -> AsyncIterator[Database]:
    database = Database(url, pool_size=2, application="helpdesk trends")
    try:
        yield database
    finally:
        await database.close()


def _told(it: Standing) -> str:
    lines = {
        "counted as of": f"{wib(it.folded_at):%Y-%m-%d %H:%M} WIB" if it.folded_at else "never",
        "waiting to be counted": f"{it.backlog:,} messages",
        "made anew": f"{wib(it.rebuilt_at):%Y-%m-%d %H:%M} WIB" if it.rebuilt_at else "never",
        "broken off at": f"{it.rebuilding:%Y-%m} (go on: helpdesk trends rebuild --resume)" if it.rebuilding else None,
        "first day counted": f"{it.first_day}" if it.first_day else "none",
        "first day with rows": f"{it.oldest_day}" if it.oldest_day else "none",
    }
    return "\n".join(f"{name:22} {said}" for name, said in lines.items() if said)


def _clock(settings: SystemSettings) -> Clock:
    moved = Places(settings.var).clock
    return clock_from(moved if settings.rehearsed and moved.exists() else None)


async def _export(url: str, wanted: Wanted, file: Path, now: datetime) -> int:
    database = Database(url, pool_size=2, application="helpdesk trends")
    try:
        async with database.read() as session:
            await as_it_was(session)
            if wanted.rows is None:
                text = await figures(session, by=wanted.by, within=wanted.within)
                await _note(database, wanted, now, text.count("\n") - 1)
                await asyncio.to_thread(file.write_text, text, newline="")
                return text.count("\n") - 1
            table = _table(wanted, now)
            lines = await table.count(session)
            await _note(database, wanted, now, lines)
            await _pour(session, table, wanted, file, lines)
            return lines
    finally:
        await database.close()


def _table(wanted: Wanted, now: datetime) -> Table:
    return messages(wanted.within) if wanted.rows == "messages" else conversations(complaining(wanted.within), now)


async def _note(database: Database, wanted: Wanted, now: datetime, lines: int) -> None:
    async with database.write() as session:
        detail = {**wanted.asked, "lines": lines}
        about = f"trends:{wanted.rows or wanted.by}"
        await record(session, at=now, actor="system", action="trends_exported", object=about, detail=detail)


async def _pour(session: ReadSession, table: Table, wanted: Wanted, file: Path, lines: int) -> None:
    span = f"{wanted.within.first} – {wanted.within.last}"
    with file.open("wb") as out, typer.progressbar(length=lines, label=file.name) as bar:

        async def counting(session: ReadSession) -> AsyncGenerator[Part]:
            async with aclosing(table.parts(session)) as parts:
                async for part in parts:
                    bar.update(len(part))
                    yield part

        watched = Table(table.name, table.columns, table.keys, counting)
        made = poured(session, watched, wanted.form, title="Keluhan peserta", rows=lines, about=[("Rentang", span)])
        async with aclosing(made):
            async for some in made:
                out.write(some)
