"""Times and dates as programmes and as offices write them.

A program writes ISO 8601 with its offset. A person's workbook says 24/08/2020 10:00, day first, and means WIB. An ISO
time without an offset is neither: it comes from a program that may have meant UTC, and is refused.
"""

import re
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime

from records.clock import WIB
from registry.importing.cells import Reader, Refused

_PLAIN_MOMENTS = re.compile(r"(?:20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d[+-](?:0\d|1[0-4]):00\n)*")
_PLAIN_DAYS = re.compile(r"(?:20\d\d-\d\d-\d\d\n)*")
_WRITTEN = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4})(?:[ ,]+(\d{1,2})[:.](\d\d)(?:[:.](\d\d))?)?")
_YEARS = range(1900, 2101)


def _moment(cell: str) -> str:
    try:
        read = _written(cell) or datetime.fromisoformat(cell)
        if read.tzinfo is not None and read.year in _YEARS:
            return read.astimezone(UTC).isoformat()
    except ValueError:
        pass
    raise Refused("bukan waktu dengan zona", "tulis seperti 2020-08-24T10:00:00+07:00, atau 24/08/2020 10:00 (WIB)")


def _day(cell: str) -> str:
    try:
        written = _written(cell)
        read = written.date() if written else date.fromisoformat(cell)
        if read.year in _YEARS:
            return read.isoformat()
    except ValueError:
        pass
    raise Refused("bukan tanggal", "tulis seperti 2020-08-24, atau 24/08/2020")


def _written(cell: str) -> datetime | None:
    """Read a date as people write it, day first, with or without a time."""
    found = _WRITTEN.fullmatch(cell)
    if found is None:
        return None
    day, month, year, hour, minute, second = (int(part or 0) for part in found.groups())
    return datetime(year, month, day, hour, minute, second, tzinfo=WIB)


def _plainly(shape: re.Pattern[str], valid: Callable[[str], object]) -> Callable[[Sequence[str]], Sequence[str] | None]:
    """Return a reading of many at once: all of one shape and all in the calendar, so that they may stay as they are."""

    def many(cells: Sequence[str]) -> Sequence[str] | None:
        if not shape.fullmatch("\n".join(cells) + "\n"):
            return None
        try:
            list(map(valid, cells))
        except ValueError:
            return None
        return cells

    return many


moment = Reader(_moment, _plainly(_PLAIN_MOMENTS, datetime.fromisoformat))
day = Reader(_day, _plainly(_PLAIN_DAYS, date.fromisoformat))
