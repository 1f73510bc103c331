"""`helpdesk programme import`: load the programme's tables from a folder of CSV files and workbooks."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table

from helpdesk import system
from helpdesk.places import Places
from helpdesk.settings import SystemSettings
from records.clock import clock_from
from registry.importing import CannotImport, FileReport, ImportReport, import_folder
from registry.importing.report import SHOWN_PROBLEMS

app = typer.Typer(no_args_is_help=True)
OUTCOMES = {"loaded": "dimuat", "refused": "ditolak", "absent": "tidak ada"}


@app.callback()
def programme() -> None:
    """The programme's tables."""


@app.command(name="import")
def import_(
    folder: Annotated[Path, typer.Argument(help="Folder with participants.csv, purchases.xlsx … or one workbook.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Examine everything, keep nothing.")] = False,
    report: Annotated[Path | None, typer.Option(help="Also write every refused row to this CSV file.")] = None,
) -> None:
    """Load participants, purchases, courses … all or nothing per table (docs/programme-csv.md)."""
    settings, console = SystemSettings.read(), Console()
    told = system.told(settings)
    moved = Places(settings.var).clock
    clock = clock_from(moved if settings.rehearsed and moved.exists() else None)
    with _bars(console) as bars:
        try:
            given = (told["DATABASE_URL"], folder, clock, told["HELPDESK_DATA_KEY"], _Rows(bars))
            became = import_folder(*given, dry_run=dry_run)
        except (CannotImport, KeyError) as refusal:
            why = str(refusal) if isinstance(refusal, CannotImport) else "Not set up yet: make up"
            console.print(why, style="red", soft_wrap=True, markup=False, highlight=False)
            raise typer.Exit(1) from refusal
    _show(console, became)
    if report is not None:
        _write(console, became, report)
    raise typer.Exit(0 if became.clean else 1)


def _bars(console: Console) -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, console=console, transient=True, disable=not console.is_terminal)


class _Rows:
    """One bar for each file; a bar that is full and still counts seconds is being examined."""

    def __init__(self, bars: Progress) -> None:
        self._bars = bars
        self._tasks: dict[str, TaskID] = {}

    def __call__(self, file: str, done: int, total: int) -> None:
        if file not in self._tasks:
            self._tasks[file] = self._bars.add_task(file, total=total)
        self._bars.update(self._tasks[file], completed=done, total=total)


def _show(console: Console, report: ImportReport) -> None:
    table = Table("berkas", "", *(heading for heading in ("baris", "baru", "berubah", "tetap")), box=None)
    for column in table.columns[2:]:
        column.justify = "right"
    for file in report.files:
        table.add_row(*_row(file))
    console.print(table)
    for file in report.files:
        for problem in file.problems[:SHOWN_PROBLEMS]:
            console.print(problem.sentence(), style="red", soft_wrap=True, markup=False, highlight=False)
        if more := file.more(SHOWN_PROBLEMS):
            console.print(f"{file.file}: … dan {more} masalah lagi", highlight=False, markup=False)
    console.print(_conclusion(report), highlight=False)


def _row(file: FileReport) -> tuple[str, ...]:
    counted = (file.rows, file.new, file.changed, file.unchanged)
    numbers = [f"{number:,}".replace(",", ".") for number in counted] if file.outcome == "loaded" else [""] * 4
    name = file.table if file.outcome == "absent" else file.file
    return name.replace("[", "\\["), OUTCOMES[file.outcome], *numbers


def _conclusion(report: ImportReport) -> str:
    refused = sum(file.outcome == "refused" for file in report.files)
    took = f"{report.took_ms / 1000:.1f} detik"
    if report.dry:
        begun = f"Uji coba ({took}): tidak ada yang disimpan."
        return f"{begun} {refused} tabel akan ditolak." if refused else f"{begun} Semua tabel bisa dimuat."
    return f"Selesai ({took}). {refused} tabel ditolak utuh." if refused else f"Selesai ({took})."


def _write(console: Console, became: ImportReport, path: Path) -> None:
    try:
        became.write_problems(path)
    except OSError as error:
        console.print(f"Laporan {path} tidak bisa ditulis ({error.strerror}).", style="red", highlight=False)
        raise typer.Exit(1) from error
    console.print(f"Laporan: {path}", highlight=False)
