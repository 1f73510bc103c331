"""An article: one answer, the days it may be given, and where it comes from.

Errors of this room:

    ArticleError         something in the folder must be mended before anything is answered
        (carries Problems: file, field, what to do)

One `key` is one question; its articles are versions that follow each other in time (`validity.py` looks at that).
"""

from dataclasses import dataclass
from datetime import date

from knowledge_base.dates import in_indonesian

ANSWER_LIMIT = 600
ANSWER_PARAGRAPHS = 2


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in one file, with the way out."""

    file: str
    field: str
    what_to_do: str

    def __str__(self) -> str:
        return f"{self.file}: {self.field}: {self.what_to_do}"


class ArticleError(Exception):
    """The folder of articles cannot be used as it is."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__("\n".join(str(problem) for problem in problems))


@dataclass(frozen=True, slots=True)
class Source:
    """Where a statement comes from; `date` is missing when the document carries none."""

    name: str
    outlet: str
    date: date | None

    @property
    def line(self) -> str:
        """Outlet and date, as quoted under an answer."""
        return f"{self.outlet}, {in_indonesian(self.date)}" if self.date else self.outlet


@dataclass(frozen=True, slots=True)
class Article:
    """What the bot may say to one question between two dates."""

    id: str
    key: str
    title: str
    intents: tuple[str, ...]
    default_for: tuple[str, ...]
    valid_from: date
    valid_to: date | None
    as_of: date
    sources: tuple[Source, ...]
    owner: str
    review_by: date
    keywords: tuple[str, ...]
    gap_after: str | None
    answer: str
    detail: str

    def valid_on(self, day: date) -> bool:
        """Whether this may be said on that day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    def overdue_on(self, day: date) -> bool:
        """Whether nobody has looked at this since its review was due."""
        return day > self.review_by
