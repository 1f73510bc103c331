"""What became of an import: file by file, and for every refused row where, why and what to do.

Values are never repeated: the report is shown, logged and kept, and a broken row may hold anybody's data.
"""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Literal

SHOWN_PROBLEMS = 50

type Outcome = Literal["loaded", "refused", "absent"]


@dataclass(frozen=True)
class Problem:
    """One thing wrong in a file."""

    file: str
    line: int | None
    column: str | None
    reason: str
    advice: str

    def sentence(self) -> str:
        """Say it in one Indonesian line."""
        place = ", ".join(
            part for part in (self.line and f"baris {self.line}", self.column and f"kolom {self.column}") if part
        )
        return f"{self.file}{', ' + place if place else ''}: {self.reason}; {self.advice}."


@dataclass(frozen=True)
class FileReport:
    """One file: loaded whole, refused whole, or not there."""

    file: str
    outcome: Outcome
    rows: int = 0
    changed: int = 0
    """Rows that were new or different; the same file a second time changes none."""
    problems: tuple[Problem, ...] = ()
    """The first of them."""
    problem_count: int = 0


@dataclass(frozen=True)
class ImportReport:
    """One import of a folder."""

    run_id: int
    at: datetime
    took_ms: float
    files: tuple[FileReport, ...]

    @property
    def clean(self) -> bool:
        """Whether nothing was refused."""
        return not any(file.outcome == "refused" for file in self.files)

    def file(self, name: str) -> FileReport:
        """Return the report of one file, named as on disk."""
        return next(report for report in self.files if report.file == name)

    def lines(self) -> list[str]:
        """Say in Indonesian what happened, one line a file and one a problem."""
        return [line for report in self.files for line in _lines(report)]

    def as_data(self) -> list[dict[str, Any]]:
        """Return the files as JSON-ready data."""
        return [asdict(report) for report in self.files]


def _lines(report: FileReport) -> list[str]:
    if report.outcome == "absent":
        return [f"{report.file}: tidak ada di folder; isinya yang lama, bila ada, tetap dipakai."]
    if report.outcome == "loaded":
        return [f"{report.file}: {report.rows} baris dimuat, {report.changed} baru atau berubah."]
    more = report.problem_count - len(report.problems)
    return [
        f"{report.file}: ditolak utuh, {report.problem_count} masalah; isinya yang lama, bila ada, tetap dipakai.",
        *(f"  {problem.sentence()}" for problem in report.problems),
        *([f"  … dan {more} masalah lain."] if more else []),
    ]
