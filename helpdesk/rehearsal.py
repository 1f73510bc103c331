"""Chore of a rehearsal's start: tables, then the programme, imported, with its incident and the people already known.

Each step leaves either nothing or all of itself, and the last one is the sign that everything is done, so a start that
was interrupted goes on where it stopped.
"""

import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import psycopg

from helpdesk.places import Places
from helpdesk.rehearsal_clock import OPENING
from helpdesk.rehearsal_records import already_there, write_records
from helpdesk.settings import SystemSettings
from helpdesk.tables import lay
from records.clock import clock_from
from records.settings import RecordsSettings
from registry.importing import ImportReport, import_folder
from simulator.programme.generate import generate

Tell = Callable[[str], None]

EVERY = 1000
"""Rows between two lines of progress."""


class ImportRefused(Exception):
    """The registry refused rows of the programme we made ourselves: a fault of ours, to be mended first."""

    def __init__(self, report: ImportReport) -> None:
        problems = [problem.sentence() for file in report.files for problem in file.problems]
        super().__init__("\n".join(problems) or "the import refused a file")


def make(places: Places, settings: RecordsSettings, tell: Tell) -> None:
    """Make what is missing of the rehearsal."""
    address = settings.database_url.replace("+psycopg", "", 1)
    if not (places.rehearsal / "people.json").exists():
        _generate(places.rehearsal, tell)
    with psycopg.connect(address) as connection:
        if already_there(connection):
            return
    tell("Importing the programme into the registry")
    clock = clock_from(settings.helpdesk_clock_file) if settings.helpdesk_clock_file else lambda: OPENING
    key = settings.helpdesk_data_key.get_secret_value()
    report = import_folder(settings.database_url, places.rehearsal, clock, key, _rarely(tell))
    if not report.clean:
        raise ImportRefused(report)
    tell("Writing down the open incident and the people already known")
    with psycopg.connect(address) as connection:
        write_records(connection, places.rehearsal, clock())


def _generate(folder: Path, tell: Tell) -> None:
    """Make the programme beside its place and move it there whole."""
    beside = folder.with_name(folder.name + ".new")
    shutil.rmtree(beside, ignore_errors=True)
    shutil.rmtree(folder, ignore_errors=True)
    tell("Making the programme of 24 August 2020")
    generate(beside, progress=_rarely(tell))
    beside.replace(folder)


def _rarely(tell: Tell) -> Callable[[str, int, int], None]:
    """Pass on one line of progress in a thousand rows, and the last."""

    def progress(what: str, done: int, total: int) -> None:
        if total >= EVERY and (done % EVERY == 0 or done == total):
            tell(f"{what}: {done:,} of {total:,}")

    return progress


def _print(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main() -> None:
    """Make the rehearsal of this state folder."""
    settings, records = SystemSettings.read(), RecordsSettings()
    lay(settings, records.database_url)
    make(Places(settings.var), records, _print)


if __name__ == "__main__":
    main()
