"""`helpdesk report weekly`: the one-page report of a week as HTML or PDF, made from the figures as they are now."""

import asyncio
from pathlib import Path
from typing import Annotated, Literal

import typer
from sqlalchemy.exc import OperationalError

from desk.report.keeping import figures_of, gather_topics, last_due, made
from desk.report.paper import NotSet
from desk.report.sheet import OUTSIDE, STAFF
from helpdesk import system
from helpdesk.places import Places
from helpdesk.settings import SystemSettings
from records.audit import record
from records.clock import Clock, clock_from
from records.database import Database
from trends.weekly.week import NoSuchWeek, Week

app = typer.Typer(no_args_is_help=True)
type Form = Literal["html", "pdf"]


@app.callback()
def report() -> None:
    """Reports for who has no desk."""


@app.command()
def weekly(
    file: Annotated[Path, typer.Argument(help="Where to write it; its ending says the form.")],
    week: Annotated[str | None, typer.Option(help="As 2020-W34; the last that is over, unless said.")] = None,
    form: Annotated[Form | None, typer.Option(help="html or pdf, whatever the ending.")] = None,
    external: Annotated[bool, typer.Option(help="For outside: small figures left out, nobody named.")] = False,
) -> None:
    """Write the report of a week."""
    settings = SystemSettings.read()
    moved = Places(settings.var).clock
    clock = clock_from(moved if settings.rehearsed and moved.exists() else None)
    audience = OUTSIDE if external else STAFF
    as_form = form or ("html" if file.suffix in (".html", ".htm") else "pdf")
    try:
        wanted = Week.named(week) if week else last_due(clock())
        content = asyncio.run(_made(system.told(settings)["DATABASE_URL"], clock, wanted, audience, as_form))
    except (NoSuchWeek, OperationalError) as refusal:
        why = str(refusal) if isinstance(refusal, NoSuchWeek) else "The database does not answer: make up"
        typer.echo(why, err=True)
        raise typer.Exit(1) from refusal
    except NotSet as refusal:
        typer.echo("\n".join(["The PDF cannot be made; --form html can.", *refusal.__notes__]), err=True)
        raise typer.Exit(1) from refusal
    file.write_bytes(content)
    typer.echo(f"{file}: {wanted.name}, for {audience}, {len(content):,} bytes")


async def _made(url: str, clock: Clock, week: Week, audience: str, form: str) -> bytes:
    database = Database(url, pool_size=2, application="helpdesk report")
    try:
        await gather_topics(database, clock, week)
        report = await made(await figures_of(database, clock, week), audience, form)
        detail = {"week": week.name, "audience": audience, "form": form}
        async with database.write() as session:
            await record(session, at=clock(), actor="system", action="report_taken", object="report", detail=detail)
        return report
    finally:
        await database.close()
