"""What became of an import: file by file, and for every refused row where, why and what to do.

Values are never repeated: the report is shown, logged and kept, and a broken row may hold anybody's data.
"""

import csv
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

SHOWN_PROBLEMS = 50
KEPT_PROBLEMS = 20_000
COLUMNS = ("berkas", "baris", "kolom", "alasan", "saran")

type Outcome = Literal["loaded", "refused", "absent"]


@dataclass(frozen=True)
class Problem:
    """One thing wrong in a file."""

    file: str
    line: int | None
    column: str | None
    reason: str
    advice: str
    rows: int = 1
    """For how many rows it stands."""

    def sentence(self) -> str:
        """Say it in one Indonesian line."""
        place = ", ".join(
            part for part in (self.line and f"baris {self.line}", self.column and f"kolom {self.column}") if part
        )
        return f"{self.file}{', ' + place if place else ''}: {self.reason}; {self.advice}."


@dataclass(frozen=True)
class FileReport:
    """One table: loaded whole, refused whole, or not there."""

    table: str
    file: str
    """Where it came from, as people find it in their folder."""
    outcome: Outcome
    rows: int = 0
    new: int = 0
    changed: int = 0
    """Rows that were there before with something else in them."""
    problems: tuple[Problem, ...] = ()
    """The first of them."""
    problem_count: int = 0

    def more(self, shown: int) -> int:
        """Return how many problems those shown first do not speak of."""
        return self.problem_count - sum(problem.rows for problem in self.problems[:shown])

    @property
    def unchanged(self) -> int:
        """Rows that say what was known."""
        return self.rows - self.new - self.changed


@dataclass(frozen=True)
class ImportReport:
    """One import of a folder; of a dry run everything is true but that nothing was kept."""

    run_id: int | None
    at: datetime
    took_ms: float
    files: tuple[FileReport, ...]

    @property
    def clean(self) -> bool:
        """Whether nothing was refused."""
        return not any(file.outcome == "refused" for file in self.files)

    @property
    def dry(self) -> bool:
        """Whether it was only tried."""
        return self.run_id is None

    def file(self, name: str) -> FileReport:
        """Return the report of one file, named as on disk."""
        return next(report for report in self.files if report.file == name)

    def lines(self) -> list[str]:
        """Say in Indonesian what happened, one line a file and one a problem."""
        return [line for report in self.files for line in _lines(report)]

    def as_data(self) -> list[dict[str, Any]]:
        """Return the files as JSON-ready data, each with its first problems."""
        return [asdict(replace(report, problems=report.problems[:SHOWN_PROBLEMS])) for report in self.files]

    def write_problems(self, path: Path) -> None:
        """Write every problem as CSV that Excel opens as it is."""
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(COLUMNS)
            for report in self.files:
                for it in report.problems:
                    writer.writerow((it.file, it.line or "", it.column or "", it.reason, it.advice))
                if more := report.more(KEPT_PROBLEMS):
                    writer.writerow((report.file, "", "", f"dan {more} masalah lain", "perbaiki yang di atas dahulu"))


def _lines(report: FileReport) -> list[str]:
    if report.outcome == "absent":
        return [f"{report.table}: tidak ada di folder; isinya yang lama, bila ada, tetap dipakai."]
    if report.outcome == "loaded":
        counted = f"{report.new} baru, {report.changed} berubah, {report.unchanged} tetap"
        return [f"{report.file}: {report.rows} baris dimuat: {counted}."]
    shown, more = report.problems[:SHOWN_PROBLEMS], report.more(SHOWN_PROBLEMS)
    return [
        f"{report.file}: ditolak utuh, {report.problem_count} masalah; isinya yang lama, bila ada, tetap dipakai.",
        *(f"  {problem.sentence()}" for problem in shown),
        *([f"  … dan {more} masalah lain."] if more else []),
    ]
