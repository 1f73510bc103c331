"""CSV after RFC 4180, safe to open in a spreadsheet: a cell that could start a formula starts with an apostrophe."""

import csv
import io
from collections.abc import Iterable, Sequence

FORMULA_STARTERS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")

type Cell = str | int | float | None


def csv_line(cells: Sequence[Cell]) -> str:
    """Return one record with its CRLF."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerow([harmless(cell) for cell in cells])
    return out.getvalue()


def csv_text(header: Sequence[str], records: Iterable[Sequence[Cell]]) -> str:
    """Return a whole table."""
    return csv_line(header) + "".join(map(csv_line, records))


def harmless(cell: Cell) -> Cell:
    """Return the cell so that no spreadsheet takes it for a formula; numbers stay numbers."""
    if isinstance(cell, str) and cell.lstrip(" ").startswith(FORMULA_STARTERS):
        return "'" + cell
    return cell
