"""Turns the rows of a table into blocks for the database, column by column, and writes down what is wrong with a row.

A block is read whole; where a cell in it cannot be read, its halves are, down to the single row that is to be named.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import batched

from registry.importing.cells import Refused
from registry.importing.files import MUST_BE_FILLED, Column, ImportFile
from registry.importing.problems import Problems
from registry.importing.sources import Line, Source, Unreadable

BLOCK_ROWS = 500
NOTHING = "\\N"
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def blocks(source: Source, file: ImportFile, problems: Problems) -> Iterator[tuple[str, int]]:
    """Yield (text for COPY, how many rows it holds); what cannot be read is left out and written down."""
    try:
        lines = source.lines()
        _, header = next(lines, (1, []))
        reading = _Reading.of(header, file, problems)
        if reading is None:
            return
        for some in batched(lines, BLOCK_ROWS):
            yield "".join(reading.texts(some)), len(some)
    except Unreadable as unreadable:
        problems.add(unreadable.line, None, unreadable.reason, unreadable.advice)


def as_sent(file: ImportFile, source: Source) -> ImportFile:
    """Return the file without the columns that it need not have and does not have."""
    try:
        _, header = next(source.lines(), (1, []))
    except Unreadable:
        return file
    names = {_named(name) for name in header}
    return replace(file, columns=tuple(it for it in file.columns if not it.optional or it.name in names))


def _named(header: str) -> str:
    return "_".join(header.lower().split())


class _Reading:
    """Where the columns of a file stand in its rows, and how a stretch of rows is read."""

    def __init__(self, width: int, places: list[tuple[Column, list[int]]], problems: Problems) -> None:
        self._width = width
        self._places = places
        self._problems = problems

    @classmethod
    def of(cls, header: Sequence[str], file: ImportFile, problems: Problems) -> "_Reading | None":
        """Find the columns by their names, however spaced or capitalised."""
        names = [_named(name) for name in header]
        missing = sorted({column.name for column in file.columns} - set(names))
        twice = sorted({name for name in names if name and names.count(name) > 1})
        for name in missing:
            problems.add(1, name, "kolom tidak ada", "tambahkan kolomnya di baris judul")
        for name in twice:
            problems.add(1, name, "kolom muncul dua kali", "sisakan satu")
        if missing or twice:
            return None
        places = [(column, [names.index(name) for name in column.names]) for column in file.columns]
        return cls(len(header), places, problems)

    def texts(self, lines: Sequence[Line]) -> Iterator[str]:
        """Yield the text of those lines that can be read."""
        if not lines:
            return
        try:
            yield self._text(lines)
        except Refused as refused:
            if len(lines) > 1:
                half = len(lines) // 2
                yield from self.texts(lines[:half])
                yield from self.texts(lines[half:])
            else:
                self._explain(lines[0], refused)

    def _text(self, lines: Sequence[Line]) -> str:
        numbers, rows = zip(*lines, strict=True)
        if any(len(row) != self._width for row in rows):
            found = f"{len(rows[0])} kolom, seharusnya {self._width}"
            raise Refused(found, "periksa pemisah kolom dan tanda kutip di baris itu")
        columns = list(zip(*rows, strict=True))
        read = [_read(column, [columns[index] for index in indices]) for column, indices in self._places]
        return "".join(["\t".join(row) + "\n" for row in zip(map(str, numbers), *read, strict=True)])

    def _explain(self, line: Line, refused: Refused) -> None:
        """Write down everything that is wrong with one row, each column once."""
        number, row = line
        if len(row) != self._width:
            self._problems.add(number, None, refused.reason, refused.advice)
            return
        named = set()
        for column, indices in self._places:
            try:
                _read(column, [(row[index],) for index in indices])
            except Refused as why:
                if column.name not in named:
                    named.add(column.name)
                    self._problems.add(number, column.name, why.reason, why.advice)


def _read(column: Column, cells: list[Sequence[str]]) -> Sequence[str]:
    """Read one column of a block, ready for COPY."""
    mine, *others = [[cell.strip() for cell in every] for every in cells]
    if "" not in mine:
        return _escaped(_values(column, mine, others))
    if column.empty is MUST_BE_FILLED:
        raise Refused("kosong", "kolom ini harus diisi")
    filled = [place for place, cell in enumerate(mine) if cell]
    values = _escaped(_values(column, [mine[it] for it in filled], [[other[it] for it in filled] for other in others]))
    result = [NOTHING if column.empty is None else str(column.empty)] * len(mine)
    for place, value in zip(filled, values, strict=True):
        result[place] = value
    return result


def _values(column: Column, mine: list[str], others: list[list[str]]) -> Sequence[str]:
    if others:
        return [column.reader.one(*cells) for cells in zip(mine, *others, strict=True)]
    return column.reader.all(mine)


def _escaped(values: Sequence[str]) -> Sequence[str]:
    together = "".join(values)
    if any(it in together for it in "\\\t\n\r"):
        return [value.translate(_ESCAPES) for value in values]
    return values
