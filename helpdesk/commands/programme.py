"""`helpdesk programme import`: load the programme's tables from a folder of CSV files."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress, TaskID

from helpdesk import system
from helpdesk.places import Places
from helpdesk.settings import SystemSettings
from records.clock import clock_from
from registry.importing import CannotImport, ImportReport, import_folder

app = typer.Typer(no_args_is_help=True)


@app.callback()
def programme() -> None:
    """The programme's tables."""


@app.command(name="import")
def import_(
    folder: Annotated[Path, typer.Argument(help="Folder with participants.csv, purchases.csv …")],
) -> None:
    """Load participants, purchases, courses … all or nothing per file."""
    settings, console = SystemSettings.read(), Console()
    told = system.told(settings)
    moved = Places(settings.var).clock
    clock = clock_from(moved if settings.rehearsed and moved.exists() else None)
    with Progress(console=console) as bars:
        rows = _Rows(bars)
        try:
            report = import_folder(told["DATABASE_URL"], folder, clock, told["HELPDESK_DATA_KEY"], rows)
        except (CannotImport, KeyError) as refusal:
            console.print(f"[red]{refusal}[/red]" if isinstance(refusal, CannotImport) else "Not set up yet: make up")
            raise typer.Exit(1) from refusal
    _show(console, report)
    raise typer.Exit(0 if report.clean else 1)


class _Rows:
    """One bar for each file."""

    def __init__(self, bars: Progress) -> None:
        self._bars = bars
        self._tasks: dict[str, TaskID] = {}

    def __call__(self, file: str, done: int, total: int) -> None:
        if file not in self._tasks:
            self._tasks[file] = self._bars.add_task(file, total=total)
        self._bars.update(self._tasks[file], completed=done, total=total)


def _show(console: Console, report: ImportReport) -> None:
    for file in report.files:
        console.print(f"{file.file:24}{file.outcome:10}{file.rows:>8,} baris, {file.changed:,} baru atau berubah")
        for problem in file.problems:
            console.print(f"  [red]{problem.sentence()}[/red]", soft_wrap=True)
        if file.problem_count > len(file.problems):
            console.print(f"  … dan {file.problem_count - len(file.problems)} lagi")
