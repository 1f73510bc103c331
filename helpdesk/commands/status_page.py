"""`helpdesk status-page FOLDER`: the public status page as files, for any static host."""

import asyncio
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy.exc import OperationalError

from bot.status_page.files import write_files, write_read_at
from bot.status_page.public import PublicIncident, read_public
from bot.status_page.rendering import Facts, render
from helpdesk import system
from helpdesk.places import Places
from helpdesk.settings import SystemSettings
from records.clock import clock_from
from records.database import Database


def status_page(
    folder: Annotated[Path, typer.Argument(help="Where index.html, status.json and status.atom are written.")],
    address: Annotated[str, typer.Option(help="Public address of the bot; BOT_PUBLIC_URL unless it is given.")] = "",
) -> None:
    """Write the public status page as it is now."""
    settings = SystemSettings.read()
    told, moved = system.told(settings), Places(settings.var).clock
    now = clock_from(moved if settings.rehearsed and moved.exists() else None)()
    public = (address or told.get("BOT_PUBLIC_URL", "")).rstrip("/")
    try:
        incidents = asyncio.run(_read(told["DATABASE_URL"], now))
    except OperationalError as problem:
        typer.echo("The database does not answer; the files are left as they were.", err=True)
        raise typer.Exit(1) from problem
    written = write_files(folder, render(Facts(incidents), now, public))
    write_read_at(folder, now)
    typer.echo(f"{folder}: {', '.join(written) or 'nothing has changed'}")


async def _read(url: str, now: datetime) -> tuple[PublicIncident, ...]:
    database = Database(url, pool_size=1, application="helpdesk status-page")
    try:
        async with database.read() as session:
            return await read_public(session, now)
    finally:
        await database.close()
