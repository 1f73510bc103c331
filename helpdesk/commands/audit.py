"""`helpdesk audit verify` names the first entry that is not as it was written; `helpdesk audit export` copies it."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from helpdesk import system
from helpdesk.places import Places
from helpdesk.settings import SystemSettings
from records import audit
from records.clock import WIB, clock_from
from records.database import Database
from records.models import AuditEntry

app = typer.Typer(no_args_is_help=True)


@app.callback()
def trail() -> None:
    """The audit trail: who did or looked at what."""


@app.command()
def verify(
    through: Annotated[
        str | None, typer.Option(help="An entry noted earlier, as ID:HASH; it must still be part of the chain.")
    ] = None,
) -> None:
    """Follow the whole chain; exit 1 and name the first entry that was altered, taken out or put in."""
    wrong = _run(partial(_verify, through=through))
    if wrong:
        typer.echo(wrong, err=True)
        raise typer.Exit(1)


@app.command()
def export(
    file: Annotated[Path, typer.Argument(help="Where to write it, one JSON object a line.")],
    first: Annotated[datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="First day (WIB).")] = None,
    last: Annotated[datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], help="Last day (WIB).")] = None,
) -> None:
    """Write the trail, or some days of it, with its hashes; that it was taken is written into it."""
    days = (first.date() if first else None, last.date() if last else None)
    count = _run(partial(_export, file=file, days=days))
    typer.echo(f"{file}: {count} entries")


async def _verify(database: Database, now: datetime, through: str | None) -> str | None:
    """Return what is wrong, or None."""
    number, _, noted = (through or "").partition(":")
    count, last, met = 0, "", through is None
    async with database.read() as session:
        total = await session.scalar(select(func.count()).select_from(AuditEntry)) or 0
        with _progress() as progress:
            task = progress.add_task("entries", total=total)
            async for link, sound in audit.breaks(session):
                count += 1
                if not sound:
                    said = f"#{link.id} of {link.at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
                    told = f"{said}, by {link.actor}: {link.action} {link.object}"
                    return f"The chain is broken at {told}. It, or the entry before it, is not as it was written."
                met = met or (str(link.id) == number and link.hash == noted)
                last = f"{link.id}:{link.hash}"
                if count % audit.BATCH == 0:
                    progress.update(task, completed=count)
    if not met:
        return f"The chain does not hold {through}: entries were taken out or written anew."
    typer.echo(f"{count} entries, the chain is whole." + (f" The last, to be noted elsewhere: {last}" if last else ""))
    return None


async def _export(database: Database, now: datetime, file: Path, days: tuple[date | None, date | None]) -> int:
    count, (first, last) = 0, days
    file.touch(mode=0o600)  # noqa: ASYNC240 (a command of its own: nobody waits for this loop)
    async with database.read() as session:
        with file.open("w", encoding="utf-8") as written:
            async for link in audit.links(session):
                day = link.at.astimezone(WIB).date()
                if (first and day < first) or (last and day > last):
                    continue
                written.write(json.dumps({**asdict(link), "at": link.at.isoformat()}, ensure_ascii=False) + "\n")
                count += 1
    async with database.write() as session:
        asked = {"from": str(first or ""), "to": str(last or ""), "lines": count}
        await audit.record(session, at=now, actor="system", action="audit_exported", object="audit", detail=asked)
    return count


def _run[T](work: Callable[[Database, datetime], Awaitable[T]]) -> T:
    try:
        return asyncio.run(_with_records(work))
    except OperationalError as away:
        typer.echo("The database does not answer: make up", err=True)
        raise typer.Exit(1) from away


async def _with_records[T](work: Callable[[Database, datetime], Awaitable[T]]) -> T:
    settings = SystemSettings.read()
    moved = Places(settings.var).clock
    now = clock_from(moved if settings.rehearsed and moved.exists() else None)()
    database = Database(system.told(settings)["DATABASE_URL"], pool_size=1, application="helpdesk audit")
    try:
        return await work(database, now)
    finally:
        await database.close()


def _progress() -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    return Progress(*columns, console=Console(stderr=True), transient=True)
