"""`helpdesk trends export`: the tables behind the PMO's pictures, as CSV, written into the audit trail."""

import asyncio
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy.exc import OperationalError

from helpdesk import system
from helpdesk.places import Places
from helpdesk.settings import SystemSettings
from records.audit import record
from records.clock import clock_from
from records.database import Database
from trends.export import BY, UnknownQuestion
from trends.export import export as table
from trends.within import Within

app = typer.Typer(no_args_is_help=True)


@app.callback()
def trends() -> None:
    """Figures about complaints."""


@app.command()
def export(
    file: Annotated[Path, typer.Argument(help="Where to write the CSV.")],
    by: Annotated[str, typer.Option(help=f"One of: {', '.join(BY)}.")] = "intent",
    first: Annotated[datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="First day (WIB).")] = None,
    last: Annotated[datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], help="Last day (WIB).")] = None,
) -> None:
    """Write one table as CSV."""
    settings = SystemSettings.read()
    moved = Places(settings.var).clock
    now = clock_from(moved if settings.rehearsed and moved.exists() else None)()
    today = now.astimezone(UTC).date()
    within = Within(first=first.date() if first else today.replace(day=1), last=last.date() if last else today)
    try:
        text = asyncio.run(_export(system.told(settings)["DATABASE_URL"], by, within, now))
    except (UnknownQuestion, OperationalError) as refusal:
        why = str(refusal) if isinstance(refusal, UnknownQuestion) else "The database does not answer: make up"
        typer.echo(why, err=True)
        raise typer.Exit(1) from refusal
    file.write_text(text, newline="")
    typer.echo(f"{file}: {_days(within.first, within.last)}, {text.count(chr(10)) - 1} rows")


async def _export(url: str, by: str, within: Within, now: datetime) -> str:
    database = Database(url, pool_size=1, application="helpdesk trends")
    try:
        async with database.read() as session:
            text = await table(session, by=by, within=within)
        async with database.write() as session:
            asked = {"by": by, "from": within.first.isoformat(), "to": within.last.isoformat()}
            await record(session, at=now, actor="system", action="trends_exported", object=f"trends:{by}", detail=asked)
        return text
    finally:
        await database.close()


def _days(first: date, last: date) -> str:
    return f"{first:%Y-%m-%d} to {last:%Y-%m-%d}"
