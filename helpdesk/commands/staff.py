"""`helpdesk staff factor-off`: the way back in for an administrator who lost phone and recovery codes."""

import asyncio
from datetime import datetime
from typing import Annotated

import typer
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from desk.sessions import close_all
from desk.sign_in.second_factor import remove_factor
from helpdesk import system
from helpdesk.places import Places
from helpdesk.settings import SystemSettings
from records.clock import clock_from
from records.database import Database
from records.models import Staff

app = typer.Typer(no_args_is_help=True)


@app.callback()
def staff() -> None:
    """People of the desk, from the server: what an administrator does on the page Petugas otherwise."""


@app.command("factor-off")
def factor_off(username: Annotated[str, typer.Argument(help="Whose second factor is lost.")]) -> None:
    """Take somebody's second factor off and sign them out; written into the audit."""
    settings = SystemSettings.read()
    moved = Places(settings.var).clock
    now = clock_from(moved if settings.rehearsed and moved.exists() else None)()
    try:
        known = asyncio.run(_factor_off(system.told(settings)["DATABASE_URL"], username.strip().lower(), now))
    except OperationalError as away:
        typer.echo("The database does not answer: make up", err=True)
        raise typer.Exit(1) from away
    if not known:
        typer.echo(f"Nobody signs in as {username}.", err=True)
        raise typer.Exit(1)
    typer.echo(f"{username} signs in with the password alone, and sets a second factor up again where it is required.")


async def _factor_off(url: str, username: str, now: datetime) -> bool:
    database = Database(url, pool_size=1, application="helpdesk staff")
    try:
        async with database.write() as session:
            known = await session.scalar(select(Staff).where(Staff.username == username))
            if known:
                await remove_factor(session, known, at=now, by="system")
                await close_all(session, known.id)
        return known is not None
    finally:
        await database.close()
