"""Reads one CSV file row by row, keeps the good rows going and writes down what is wrong with the others."""

import csv
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from registry.importing.cells import Refused
from registry.importing.files import MUST_BE_FILLED, Column, ImportFile
from registry.importing.report import SHOWN_PROBLEMS, Problem

type Values = tuple[object, ...]


class _Place(NamedTuple):
    """Where in a row a column's cells stand."""

    column: Column
    indices: list[int]


class Problems:
    """The problems of one file: all counted, the first ones kept."""

    def __init__(self, file: str) -> None:
        self._file = file
        self.count = 0
        self.first: list[Problem] = []

    def add(self, line: int | None, column: str | None, reason: str, advice: str, count: int = 1) -> None:
        """Write down a problem."""
        self.count += count
        if len(self.first) < SHOWN_PROBLEMS:
            self.first.append(Problem(self._file, line, column, reason, advice))


def line_count(path: Path) -> int:
    """Return about how many rows a file has, to show progress by."""
    with path.open("rb") as file:
        return max(0, sum(block.count(b"\n") for block in iter(lambda: file.read(1 << 20), b"")) - 1)


def rows_of(path: Path, file: ImportFile, problems: Problems) -> Iterator[tuple[int, Values]]:
    """Yield (line, values in the order of the file's columns) for every row that can be read."""
    with path.open(encoding="utf-8-sig", newline="") as opened:
        reader = csv.reader(opened, strict=True)
        try:
            header = next(reader, [])
            places = _places(header, file, problems)
            if places is None:
                return
            for cells in reader:
                if not cells:
                    continue
                values = _values(cells, len(header), places, reader.line_num, problems)
                if values is not None:
                    yield reader.line_num, values
        except csv.Error:
            problems.add(
                reader.line_num, None, "bukan CSV yang utuh", "periksa tanda kutip di baris itu dan sebelumnya"
            )
        except UnicodeDecodeError:
            problems.add(
                reader.line_num + 1, None, "bukan teks UTF-8 di sekitar baris ini", "simpan ulang sebagai UTF-8"
            )


def _places(header: list[str], file: ImportFile, problems: Problems) -> list[_Place] | None:
    missing = sorted({column.name for column in file.columns} - set(header))
    twice = sorted({name for name in header if header.count(name) > 1})
    for name in missing:
        problems.add(1, name, "kolom tidak ada", "tambahkan kolomnya; pemisah kolom adalah koma")
    for name in twice:
        problems.add(1, name, "kolom muncul dua kali", "sisakan satu")
    if missing or twice:
        return None
    return [_Place(column, [header.index(name) for name in column.names]) for column in file.columns]


def _values(cells: list[str], width: int, places: list[_Place], line: int, problems: Problems) -> Values | None:
    if len(cells) != width:
        problems.add(line, None, f"{len(cells)} kolom, seharusnya {width}", "periksa koma dan tanda kutip di baris itu")
        return None
    with suppress(Refused):
        return tuple([_value(cells, place) for place in places])
    _explain(cells, places, line, problems)
    return None


def _value(cells: list[str], place: _Place) -> object:
    column, indices = place
    if cells[indices[0]]:
        return column.reader(*[cells[index] for index in indices])
    if column.empty is MUST_BE_FILLED:
        raise Refused("kosong", "kolom ini harus diisi")
    return column.empty


def _explain(cells: list[str], places: list[_Place], line: int, problems: Problems) -> None:
    named = set()
    for place in places:
        try:
            _value(cells, place)
        except Refused as refused:
            if place.column.name not in named:
                named.add(place.column.name)
                problems.add(line, place.column.name, refused.reason, refused.advice)
