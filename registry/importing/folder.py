"""Imports a folder of the programme's files: all or nothing per table, everything in one transaction.

Readers see the old rows until the end, then the new ones; an interrupted import leaves no trace, and a dry run is one
that is taken back.
"""

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg
from psycopg import Connection, Cursor, errors

from records.clock import Clock
from records.database import psycopg_url
from registry.identifiers import Keyed
from registry.importing.files import ImportFile, import_files
from registry.importing.finding import sources_in
from registry.importing.problems import Problems
from registry.importing.reading import as_sent, blocks
from registry.importing.report import FileReport, ImportReport, Outcome
from registry.importing.sources import Source
from registry.importing.staging import Staging

type Progress = Callable[[str, int, int], None]
"""File, rows done, rows in all (about)."""

IMPORT_LOCK = 7_240_829
ROOM = """
SET LOCAL work_mem = '96MB'; SET LOCAL maintenance_work_mem = '128MB';
SET LOCAL temp_buffers = '32MB'; SET LOCAL jit = off; SET LOCAL synchronous_commit = on
"""
"""What one import may take of the server's memory; it sorts and compares whole tables."""


class CannotImport(Exception):
    """The import did not begin or could not end; nothing was changed. The message says what to do."""


def import_folder(
    database_url: str,
    folder: Path,
    clock: Clock,
    data_key: str,
    progress: Progress | None = None,
    *,
    dry_run: bool = False,
) -> ImportReport:
    """Load every known table of the folder and report what became of each.

    Args:
        dry_run: examine everything and say what would change, but keep nothing.

    Raises:
        CannotImport: there is no such folder, the database is away, or another import is running.
    """
    if not folder.is_dir():
        raise CannotImport(f"Folder {folder} tidak ada; periksa namanya.")
    conninfo = psycopg_url(database_url).replace("postgresql+psycopg://", "postgresql://", 1)
    try:
        with psycopg.connect(conninfo, connect_timeout=5) as connection, connection.transaction(force_rollback=dry_run):
            run = _Run(connection, clock, Keyed(data_key), progress or (lambda *_: None))
            return run.of(folder, keep=not dry_run)
    except OSError as error:
        raise CannotImport(
            f"{error.filename or folder} tidak bisa dibaca ({error.strerror}); periksa izinnya."
        ) from error
    except (errors.UndefinedTable, errors.UndefinedColumn, errors.UndefinedFunction, errors.InvalidSchemaName) as error:
        raise CannotImport("Tabel di basis data belum ada atau lebih lama dari program ini; helpdesk up.") from error
    except psycopg.OperationalError as error:
        raise CannotImport(f"Basis data tidak menjawab ({error}); hidupkan lalu ulangi impor.") from error


class _Run:
    """One import inside its transaction."""

    def __init__(self, connection: Connection[Any], clock: Clock, keyed: Keyed, progress: Progress) -> None:
        self._connection = connection
        self._clock = clock
        self._keyed = keyed
        self._progress = progress
        self._away: dict[str, list[str]] = {}
        """For a table, its files of this import that were not loaded."""

    def of(self, folder: Path, *, keep: bool) -> ImportReport:
        """Take the tables in, parents first."""
        began = time.monotonic()
        cursor = self._connection.cursor()
        (alone,) = cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", (IMPORT_LOCK,)).fetchone() or (False,)
        if not alone:
            raise CannotImport("Impor lain sedang berjalan; tunggu sampai selesai.")
        cursor.execute(ROOM)
        files = import_files(self._keyed)
        sources = sources_in(folder, [file.name for file in files])
        reports = []
        for file in files:
            reports.append(report := self._table(file, sources.get(file.name)))
            if report.outcome != "loaded":
                self._away.setdefault(file.table.name, []).append(report.file)
        whole = ImportReport(None, self._clock(), (time.monotonic() - began) * 1000, tuple(reports))
        return replace(whole, run_id=_write_run(cursor, whole)) if keep else whole

    def _table(self, file: ImportFile, source: Source | None) -> FileReport:
        if source is None:
            return FileReport(file.name, f"{file.name}.csv", "absent")
        file, problems = as_sent(file, source), Problems(source.name)
        rows = new = changed = 0
        try:
            with self._connection.transaction() as whole, self._connection.cursor() as cursor:
                staging = Staging(cursor, file, problems)
                staging.make()
                rows = staging.fill(self._told(blocks(source, file, problems), source))
                staging.examine(self._away)
                if problems.count:
                    raise psycopg.Rollback(whole)
                new, changed = staging.take_over()
        except (psycopg.IntegrityError, psycopg.DataError) as error:
            reason = f"ditolak basis data ({error.diag.constraint_name or error.sqlstate})"
            problems.add(None, None, reason, "perbaiki isinya; bila tampak benar, laporkan")
        outcome: Outcome = "refused" if problems.count else "loaded"
        kept = (0, 0, 0) if problems.count else (rows, new, changed)
        return FileReport(file.name, source.name, outcome, *kept, tuple(problems.kept), problems.count)

    def _told(self, blocks: Iterator[tuple[str, int]], source: Source) -> Iterator[tuple[str, int]]:
        """Tell how far the reading is with every block."""
        total, done = source.size(), 0
        self._progress(source.name, 0, total)
        for text, rows in blocks:
            yield text, rows
            done += rows
            self._progress(source.name, done, max(done, total))


def _write_run(cursor: Cursor[Any], report: ImportReport) -> int:
    said = json.dumps({"files": report.as_data()})
    cursor.execute("INSERT INTO programme.import_runs (at, report) VALUES (%s, %s) RETURNING id", (report.at, said))
    (run_id,) = cursor.fetchone() or (0,)
    cursor.executemany(
        "INSERT INTO programme.loaded_files (file, run_id, at, rows) VALUES (%s, %s, %s, %s) ON CONFLICT (file)"
        " DO UPDATE SET run_id = excluded.run_id, at = excluded.at, rows = excluded.rows",
        [(file.table, run_id, report.at, file.rows) for file in report.files if file.outcome == "loaded"],
    )
    return int(run_id)
