"""One figure of the service: its picture, its table, and where it is as a file."""

from collections.abc import Sequence

from desk.pages.trends.asked import address
from desk.pages.trends.helping.seen import Part, Seen
from desk.pages.trends.helping.words import PLACE, share_said
from desk.pictures.bars import bars
from desk.pictures.figure import Cell, Figure, Table
from desk.pictures.item import Item

DRAWN = 12
NOTHING = "Tidak ada yang dihitung pada rentang ini."


def figure(
    name: str, title: str, told: str, items: Sequence[Item], table: Table, seen: Seen, notes: Sequence[str] = ()
) -> Figure:
    """Return a figure of this name."""
    picture = bars(name, title, told, items[:DRAWN])
    more = [f"{len(items) - DRAWN} lainnya ada di tabel."] if len(items) > DRAWN else []
    csv = f"{PLACE}/unduh" + address(seen.within, bagian=name, menurut=seen.by)
    return Figure(name, title, told, picture, table, csv, [*more, *notes])


def share(of: float | None) -> Cell:
    """Return a share as a table has it."""
    return Cell(share_said(of), value=None if of is None else round(of, 4))


def part(seen: Seen) -> Part:
    """Return the range that is looked at."""
    assert seen.now is not None  # noqa: S101 (figures() asks only where it can be known)
    return seen.now
