"""CSV as programs and as Excel in Indonesia write it: comma, semicolon or tab; UTF-8, Windows' letters or UTF-16."""

import codecs
import csv
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

from registry.importing.sources import Line, Unreadable, filled

DELIMITERS = ",;\t"
STRETCH = 1 << 20
_MARKS = {codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}


class CsvFile:
    """One CSV file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.name = path.name

    def size(self) -> int:
        """About how many rows there are."""
        return self._looked_through[1]

    def lines(self) -> Iterator[Line]:
        """Yield the header and every row that is not empty."""
        encoding, _ = self._looked_through
        with self._path.open(encoding=encoding, newline="") as opened:
            reader = csv.reader(opened, delimiter=self._delimiter(encoding), strict=True)
            try:
                for cells in reader:
                    line = reader.line_num, cells
                    if filled(line):
                        yield line
            except csv.Error as error:
                advice = "periksa tanda kutip di baris itu dan sebelumnya"
                raise Unreadable(reader.line_num, "bukan CSV yang utuh", advice) from error
            except UnicodeDecodeError as error:
                raise Unreadable(reader.line_num + 1, "bukan teks di sekitar baris ini", "simpan ulang") from error

    @cached_property
    def _looked_through(self) -> tuple[str, int]:
        """Return the encoding and about how many rows there are, in one look through the whole file."""
        with self._path.open("rb") as file:
            encoding = _MARKS.get(file.read(2), "utf-8-sig")
            file.seek(0)
            decoder, breaks, plain = codecs.getincrementaldecoder(encoding)(), 0, True
            while stretch := file.read(STRETCH):
                breaks += stretch.count(b"\n")
                try:
                    decoder.decode(stretch)
                except UnicodeDecodeError as error:
                    # saved by a Windows program in its own letters, unless there was UTF-8 before: then it is broken
                    if plain and stretch[: error.start].isascii():
                        encoding = "cp1252"
                    decoder = codecs.getincrementaldecoder("latin-1")()
                plain = plain and stretch.isascii()
        return encoding, max(0, breaks - 1)

    def _delimiter(self, encoding: str) -> str:
        with self._path.open(encoding=encoding, errors="replace") as opened:
            header = opened.readline()
        return max(DELIMITERS, key=header.count)
