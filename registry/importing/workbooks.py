"""Excel workbooks as offices send them, read as a stream: a table a workbook, or a table a sheet.

Excel keeps no more than fifteen digits of a number, and no zeros before it. A long number is handed on shortened, as
Excel itself would write it, so that its reader refuses it instead of taking a wrong last digit.
"""

import zipfile
from collections.abc import Iterator
from contextlib import closing
from datetime import date, datetime, time
from pathlib import Path

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.workbook import Workbook

from registry.importing.sources import Line, Unreadable, filled

DIGITS_KEPT = 15
_BROKEN = (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, EOFError, SyntaxError)
"""What openpyxl lets through when a workbook is not one; broken XML is a SyntaxError."""


def sheets(path: Path) -> list[str]:
    """Return the names of the sheets of a workbook; raises Unreadable."""
    with closing(_opened(path)) as workbook:
        return workbook.sheetnames


class Sheet:
    """One sheet of a workbook."""

    def __init__(self, path: Path, title: str, *, alone: bool) -> None:
        self._path = path
        self._title = title
        self.name = path.name if alone else f"{path.name} [{title}]"

    def size(self) -> int:
        """About how many rows there are, as the sheet says of itself."""
        with closing(_opened(self._path)) as workbook:
            return max(0, (workbook[self._title].max_row or 1) - 1)

    def lines(self) -> Iterator[Line]:
        """Yield the header and every row that is not empty."""
        number = 0
        with closing(_opened(self._path)) as workbook:
            sheet = workbook[self._title]
            sheet.reset_dimensions()  # what a program wrote there need not be true
            width = 0
            try:
                for number, values in enumerate(sheet.iter_rows(values_only=True), 1):
                    cells = [_text(value) for value in values]
                    if filled((number, cells)):
                        width = width or len(cells)
                        yield number, _as_wide_as_the_header(cells, width)
            except _BROKEN as error:
                raise Unreadable(
                    number + 1, "buku kerja rusak di sekitar baris ini", "simpan ulang di Excel"
                ) from error


def _opened(path: Path) -> Workbook:
    try:
        return load_workbook(path, read_only=True, data_only=True)
    except _BROKEN as error:
        reason = "bukan buku kerja Excel, rusak, atau terkunci kata sandi"
        raise Unreadable(None, reason, "buka di Excel dan simpan ulang sebagai .xlsx tanpa kata sandi") from error


def _as_wide_as_the_header(cells: list[str], width: int) -> list[str]:
    """A stream's rows end with their last cell; empty ones beyond the header are nothing."""
    while len(cells) > width and not cells[-1].strip():
        cells.pop()
    return cells + [""] * (width - len(cells))


def _text(value: object) -> str:
    match value:
        case None:
            return ""
        case str():
            return value
        case bool():
            return str(value).lower()
        case int() | float():
            return _number(value)
        case datetime():
            return value.strftime("%d/%m/%Y %H:%M:%S")
        case date():
            return value.strftime("%d/%m/%Y")
        case time():
            return value.isoformat()
    return str(value)


def _number(value: float) -> str:
    if value == int(value):
        return str(int(value)) if abs(value) < 10**DIGITS_KEPT else f"{value:.5E}"
    return repr(value)
