"""`helpdesk backup [FILE]`: one moment of the records in one file, while everything runs."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from helpdesk.backup.making import NotBackedUp, make
from helpdesk.backup.standing import Runs, data_key, house_clock, standing
from helpdesk.examining_records import note_backup
from helpdesk.places import Places
from helpdesk.settings import SystemSettings


def backup(
    file: Annotated[
        Path | None, typer.Argument(help="Where to write it; unset: a file named by the time in var/backups.")
    ] = None,
    keep: Annotated[
        int | None, typer.Option(min=1, help="Of the files in var/backups keep so many, and delete older ones.")
    ] = None,
) -> None:
    """Write a backup of the records; they may be in use meanwhile."""
    settings, console = SystemSettings.read(), Console()
    places = Places(settings.var)
    place = file or places.backups / f"helpdesk-{datetime.now(UTC):%Y%m%d-%H%M%S}.tar"
    try:
        with standing(settings, still=False) as url, console.status("reading …") as status:
            made = make(
                url, place, data_key(settings), house_clock(settings)(), lambda line: status.update(f"backup: {line}")
            )
    except (NotBackedUp, Runs) as problem:
        console.print(str(problem), style="red", markup=False, highlight=False, soft_wrap=True)
        raise typer.Exit(1) from problem
    note_backup(places, place, made)
    size = place.stat().st_size / 1e6
    console.print(f"[green]{place}[/green]  {size:,.1f} MB, {made.rows:,} rows, checked", soft_wrap=True)
    console.print(
        "Readable by its owner only, and not encrypted but for participants' raw words. Those need HELPDESK_DATA_KEY, "
        "which is not in it: keep the key in another place.",
        highlight=False,
    )
    if keep and file is None:
        for old in sorted(places.backups.glob("helpdesk-*.tar"))[:-keep]:
            old.unlink()
            console.print(f"deleted {old.name}", highlight=False)
