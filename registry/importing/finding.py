"""What an office has put into the folder: which file or sheet holds which table."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from registry.importing.csv_files import CsvFile
from registry.importing.sources import Source, Unfit, Unreadable
from registry.importing.workbooks import Sheet, sheets

OTHER_KINDS = (".xls", ".xlsb", ".xlsm", ".ods", ".txt", ".tsv")


def sources_in(folder: Path, tables: Iterable[str]) -> dict[str, Source]:
    """Return the source of each table that the folder has one for; a table with two is refused by its source."""
    wanted = set(tables)
    found: dict[str, list[Source]] = {}
    for path in sorted(folder.iterdir()):
        # what Excel leaves beside an opened workbook, and what systems hide, is nobody's table
        if path.is_file() and not path.name.startswith(("~$", ".")):
            for table, source in _offered(path, wanted):
                found.setdefault(table, []).append(source)
    return {table: offered[0] if len(offered) == 1 else _too_many(offered) for table, offered in found.items()}


def _offered(path: Path, wanted: set[str]) -> Iterator[tuple[str, Source]]:
    table, kind = _plain(path.stem), path.suffix.lower()
    if kind == ".csv" and table in wanted:
        yield table, CsvFile(path)
    elif kind == ".xlsx":
        yield from _in_workbook(path, table, wanted)
    elif kind in OTHER_KINDS and table in wanted:
        yield table, Unfit(path.name, "jenis berkas ini tidak dibaca", "simpan sebagai .xlsx atau .csv")


def _in_workbook(path: Path, table: str, wanted: set[str]) -> Iterator[tuple[str, Source]]:
    """A workbook's sheets are named after tables; where none is, the workbook is, and its first sheet is meant."""
    try:
        titles = sheets(path)
    except Unreadable as unreadable:
        if table in wanted:
            yield table, Unfit(path.name, unreadable.reason, unreadable.advice)
        return
    named = [title for title in titles if _plain(title) in wanted]
    for title in named:
        yield _plain(title), Sheet(path, title, alone=_plain(title) == table)
    if not named and titles and table in wanted:
        yield table, Sheet(path, titles[0], alone=True)


def _plain(name: str) -> str:
    return "_".join(name.lower().split())


def _too_many(offered: list[Source]) -> Source:
    names = " dan ".join(source.name for source in offered)
    return Unfit(offered[0].name, f"tabel ini ada di beberapa tempat: {names}", "sisakan satu")
