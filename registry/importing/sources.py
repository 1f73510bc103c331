"""Where the rows of a table come from: what every kind of file must offer to the import."""

from collections.abc import Iterator, Sequence
from typing import Protocol

type Line = tuple[int, Sequence[str]]
"""Where a row stands in its file, and its cells as text."""


class Unreadable(Exception):
    """A file that is not what its name says, from some line on."""

    def __init__(self, line: int | None, reason: str, advice: str) -> None:
        super().__init__(reason)
        self.line = line
        self.reason = reason
        self.advice = advice


class Source(Protocol):
    """One table as an office sends it."""

    @property
    def name(self) -> str:
        """As people find it in their folder."""

    def size(self) -> int:
        """About how many rows there are, to show progress by."""

    def lines(self) -> Iterator[Line]:
        """Yield the header and every row that is not empty; raises Unreadable."""


class Unfit:
    """A file that cannot be imported at all, and why."""

    def __init__(self, name: str, reason: str, advice: str) -> None:
        self.name = name
        self._why = Unreadable(None, reason, advice)

    def size(self) -> int:
        """Nothing of it can be read."""
        return 0

    def lines(self) -> Iterator[Line]:
        """Refuse."""
        raise self._why


def filled(line: Line) -> bool:
    """Say whether a row holds anything: spreadsheets leave empty rows behind."""
    return bool("".join(line[1]).strip())
