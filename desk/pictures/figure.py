"""One figure: what it says in a sentence, its picture, and the same numbers as a table and as a file."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from desk.pictures.numbers import whole


@dataclass(frozen=True)
class Cell:
    """One cell of a table: what stands there, and the rows it opens."""

    text: str
    href: str | None = None
    value: str | int | float | None = None
    """What a file holds in its place; the text where this is None."""

    @property
    def taken(self) -> str | int | float:
        """What a file holds."""
        return self.text if self.value is None else self.value


def number(value: int | None, href: str | None = None) -> Cell:
    """Return a cell with a count; without one it says that it is not known."""
    return Cell("tidak diketahui") if value is None else Cell(whole(value), href, value)


@dataclass(frozen=True)
class Table:
    """The numbers of a picture, line by line."""

    headings: Sequence[str]
    lines: Sequence[Sequence[Cell]]
    foot: Sequence[Cell] = ()
    codes: Sequence[str] = ()
    """What each line stands for in a file, where its name may change."""
    words: frozenset[int] = frozenset({0})
    """Which columns hold words; the others hold numbers and stand to the right."""

    @property
    def numbers(self) -> list[bool]:
        """Say of each column whether it holds numbers."""
        return [index not in self.words for index in range(len(self.headings))]


@dataclass(frozen=True)
class Explained:
    """What a numbered pin on a picture stands for."""

    number: str
    when: str
    kind: str
    said: str
    source: str = ""
    href: str | None = None


@dataclass(frozen=True)
class Figure:
    """A picture and all that stands around it."""

    name: str
    """Stands in ids and classes: letters and hyphens."""
    title: str
    headline: str
    """What the picture says, told from its data."""
    picture: Markup
    table: Table
    csv: str | None = None
    """Where the table can be had as a file."""
    notes: Sequence[str] = ()
    explained: Sequence[Explained] = ()


def taken(table: Table) -> tuple[list[str], list[list[str | int | float]]]:
    """Return a table as a file holds it: its headings and its lines, with the code of each beside its name."""
    heading, *others = table.headings
    lines = [
        [line[0].taken, code, *(cell.taken for cell in line[1:])]
        for line, code in zip(table.lines, table.codes, strict=True)
    ]
    return [heading, "Kode", *others], lines
