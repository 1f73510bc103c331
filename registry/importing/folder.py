"""Imports a folder of the programme's CSV files: all or nothing per file, everything in one transaction.

Readers see the old rows until the end, then the new ones; an interrupted import leaves no trace.
"""

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
from psycopg import Connection, Cursor

from records.clock import Clock
from records.database import psycopg_url
from registry.identifiers import Keyed
from registry.importing.files import ImportFile, import_files
from registry.importing.reading import Problems, Values, line_count, rows_of
from registry.importing.report import FileReport, ImportReport, Outcome
from registry.importing.staging import Staging

type Progress = Callable[[str, int, int], None]
"""File, rows done, rows in all (about)."""

IMPORT_LOCK = 7_240_825
PROGRESS_EVERY = 500


class CannotImport(Exception):
    """The import did not begin or could not end; nothing was changed. The message says what to do."""


def import_folder(
    database_url: str, folder: Path, clock: Clock, data_key: str, progress: Progress | None = None
) -> ImportReport:
    """Load every known file of the folder and report what became of each.

    Raises:
        CannotImport: there is no such folder, the database is away, or another import is running.
    """
    if not folder.is_dir():
        raise CannotImport(f"Folder {folder} tidak ada; periksa namanya.")
    conninfo = psycopg_url(database_url).replace("postgresql+psycopg://", "postgresql://", 1)
    try:
        with psycopg.connect(conninfo, connect_timeout=5) as connection:
            return _import(connection, folder, clock, Keyed(data_key), progress or (lambda *_: None))
    except OSError as error:
        raise CannotImport(
            f"{error.filename or folder} tidak bisa dibaca ({error.strerror}); periksa izinnya."
        ) from error
    except psycopg.OperationalError as error:
        raise CannotImport(f"Basis data tidak menjawab ({error}); hidupkan lalu ulangi impor.") from error


def _import(connection: Connection[Any], folder: Path, clock: Clock, keyed: Keyed, progress: Progress) -> ImportReport:
    began = time.monotonic()
    cursor = connection.cursor()
    (alone,) = cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", (IMPORT_LOCK,)).fetchone() or (False,)
    if not alone:
        raise CannotImport("Impor lain sedang berjalan; tunggu sampai selesai.")
    reports: list[FileReport] = []
    away: dict[str, list[str]] = {}
    for file in import_files(keyed):
        report = _import_file(connection, folder / f"{file.name}.csv", file, away, progress)
        reports.append(report)
        if report.outcome != "loaded":
            away.setdefault(file.table.name, []).append(report.file)
    at = clock()
    run_id = _write_run(cursor, reports, at)
    return ImportReport(run_id, at, (time.monotonic() - began) * 1000, tuple(reports))


def _import_file(
    connection: Connection[Any], path: Path, file: ImportFile, away: dict[str, list[str]], progress: Progress
) -> FileReport:
    if not path.is_file():
        return FileReport(path.name, "absent")
    problems = Problems(path.name)
    rows = changed = 0
    try:
        with connection.transaction() as whole, connection.cursor() as cursor:
            staging = Staging(cursor, file, problems)
            staging.make()
            rows = staging.fill(_told(rows_of(path, file, problems), path, progress))
            staging.examine(away)
            if problems.count:
                raise psycopg.Rollback(whole)
            changed = staging.take_over()
    except (psycopg.IntegrityError, psycopg.DataError) as error:
        reason = f"ditolak basis data ({error.diag.constraint_name or error.sqlstate})"
        problems.add(None, None, reason, "perbaiki isinya; bila tampak benar, laporkan")
    outcome: Outcome = "refused" if problems.count else "loaded"
    kept = (0, 0) if problems.count else (rows, changed)
    return FileReport(path.name, outcome, *kept, tuple(problems.first), problems.count)


def _told(rows: Iterator[tuple[int, Values]], path: Path, progress: Progress) -> Iterator[tuple[int, Values]]:
    total, done = line_count(path), 0
    progress(path.name, 0, total)
    for done, row in enumerate(rows, 1):
        if done % PROGRESS_EVERY == 0:
            progress(path.name, done, max(done, total))
        yield row
    progress(path.name, done, max(done, total))


def _write_run(cursor: Cursor[Any], reports: list[FileReport], at: datetime) -> int:
    said = json.dumps({"files": [asdict(report) for report in reports]})
    cursor.execute("INSERT INTO programme.import_runs (at, report) VALUES (%s, %s) RETURNING id", (at, said))
    (run_id,) = cursor.fetchone() or (0,)
    cursor.executemany(
        "INSERT INTO programme.loaded_files (file, run_id, at, rows) VALUES (%s, %s, %s, %s) ON CONFLICT (file)"
        " DO UPDATE SET run_id = excluded.run_id, at = excluded.at, rows = excluded.rows",
        [
            (report.file.removesuffix(".csv"), run_id, at, report.rows)
            for report in reports
            if report.outcome == "loaded"
        ],
    )
    return int(run_id)
