"""`helpdesk restore FILE`: put a backup in the place of the records, so that nothing old is sent again."""

from pathlib import Path
from typing import Annotated
from uuid import UUID

import psycopg
import typer
from rich.console import Console

from helpdesk.backup import manifest as backups
from helpdesk.backup.manifest import Manifest
from helpdesk.backup.restoring import Gap, NotRestored, Restored, Restoring, adopt, drop, old_ones
from helpdesk.backup.setting_aside import SetAside
from helpdesk.backup.standing import Runs, data_key, house_clock, standing, tide_seen
from helpdesk.backup.tools import plain
from helpdesk.rehearsal_clock import said
from helpdesk.settings import SystemSettings

KEYS_GONE = (
    "Telegram and WhatsApp send again only what was never acknowledged. Should they repeat something of the gap, it "
    "is taken for new: the keys that would tell are in the part that was lost."
)


def restore(
    file: Annotated[Path | None, typer.Argument(exists=True, dir_okay=False, help="A file of helpdesk backup.")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    by_hand: Annotated[
        bool, typer.Option("--adopt", help="The records were put back by hand: set aside what is old in them.")
    ] = False,
    drop_old: Annotated[
        bool, typer.Option("--drop-old", help="Delete the databases that earlier restorations replaced.")
    ] = False,
) -> None:
    """Put a backup in the place of the records; nothing old is sent again."""
    settings, console = SystemSettings.read(), Console()
    try:
        if drop_old:
            _drop(settings, console)
        elif by_hand:
            _adopt(settings, console)
        elif file is None:
            raise NotRestored("Which backup? helpdesk restore FILE (or --adopt, --drop-old)")
        else:
            _restore(settings, console, file, yes)
    except (NotRestored, Runs, backups.NoBackup, psycopg.Error) as problem:
        console.print(str(problem), style="red", markup=False, highlight=False, soft_wrap=True)
        raise typer.Exit(1) from problem


def _restore(settings: SystemSettings, console: Console, file: Path, yes: bool) -> None:
    manifest = backups.read(file)
    _show(console, manifest)
    if manifest.key_mark != backups.key_mark(data_key(settings)):
        console.print("[yellow]The data key here is another: raw words in this backup cannot be read with it.[/yellow]")
    if not yes and not typer.confirm("Put it in the place of the records as they are now?"):
        raise typer.Exit(1)
    with standing(settings, still=True) as url, console.status("restoring …") as status:
        restoring = Restoring(url, house_clock(settings)(), lambda line: status.update(f"restore: {line}"))
        done = restoring.run(file, tide_seen(settings, UUID(manifest.lineage)))
    console.print("[green]Restored.[/green]")
    _report(console, done.aside, done.gap)
    _old(console, done)


def _adopt(settings: SystemSettings, console: Console) -> None:
    clock = house_clock(settings)
    with standing(settings, still=False) as url:
        with psycopg.connect(plain(url)) as connection:
            row = connection.execute("SELECT lineage FROM epoch").fetchone()
        seen = tide_seen(settings, row[0]) if row else 0
        aside, gap = adopt(url, seen, clock())
    console.print("[green]Adopted: bots go on with these records.[/green]")
    _report(console, aside, gap)


def _drop(settings: SystemSettings, console: Console) -> None:
    with standing(settings, still=False) as url:
        for database in old_ones(url):
            drop(url, database)
            console.print(f"deleted {database}", highlight=False)


def _show(console: Console, manifest: Manifest) -> None:
    console.print(
        f"Backup of {said(manifest.made_at)} (the house stood at {said(manifest.stands_at)}): "
        f"{manifest.rows:,} rows, epoch {manifest.epoch}",
        highlight=False,
        soft_wrap=True,
    )


def _report(console: Console, aside: SetAside, gap: Gap) -> None:
    lines = [
        f"Epoch {aside.number}. Not sent again: {aside.messages} messages to {aside.to_people} conversations; "
        "they are notes now that staff can see.",
        f"Not answered again: {aside.events} messages of {aside.from_people} conversations; "
        f"{aside.tickets} tickets opened so that a person looks.",
        _gap(gap),
        KEYS_GONE,
    ]
    if gap.deletions:
        lines.append(f"Deletions to be done again (helpdesk privacy delete): {', '.join(gap.deletions)}")
    for line in lines:
        console.print(f"  {line}", highlight=False, soft_wrap=True)


def _gap(gap: Gap) -> str:
    if gap.events is None:
        return f"The gap begins {said(gap.since)}; what happened after that cannot be counted any more."
    until = said(gap.until) if gap.until else "?"
    return (
        f"The gap: {said(gap.since)} to {until}. In it {gap.conversations} conversations had news: "
        f"{gap.events} events, {gap.messages} messages to send, {gap.tickets} tickets."
    )


def _old(console: Console, done: Restored) -> None:
    if done.old:
        console.print(
            f"  The records as they were are kept as {done.old}. When nobody needs them: helpdesk restore --drop-old",
            highlight=False,
            soft_wrap=True,
        )
