"""An export from the database to whoever takes it away: read, made and handed on a thousand rows at a time.

    async with database.read() as session:
        table = conversations(complaining(within), now)
        rows = await table.count(session)  # raises TooMany
        async for some in poured(session, table, "xlsx", title="Tren", rows=rows):
            file.write(some)

Whoever calls it writes the audit entry before the first bytes leave: this room only reads.
"""

import asyncio
import csv
import io
from collections.abc import AsyncGenerator, Awaitable, Callable, Collection, Iterable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select, text

from records.database import ReadSession
from trends.exporting.cells import Cell, as_text, safe
from trends.exporting.chosen import Chosen
from trends.exporting.columns import CONVERSATION, MESSAGE, Column, cells_of
from trends.exporting.conversations import AT_ONCE, conversation_rows
from trends.exporting.workbook import Plan, Pouring
from trends.rows import ComplaintRow, told
from trends.within import Within

ROW_CAP = 100_000
"""Most rows of one file; of more, the range is to be narrowed."""
FORMS = {"csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
AS_IT_WAS = text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
"""All rows of a file are of one moment, however long it takes."""

type Openable = Callable[[Iterable[UUID]], Awaitable[Collection[UUID]]]
"""Says which conversations somebody may open."""
type Rows = list[list[Cell]]
type Part = Sequence[Any]
"""Rows as they were read; what stands in their cells the columns say."""


class TooMany(ValueError):
    """More rows than one file holds."""

    def __init__(self, rows: int) -> None:
        super().__init__(f"{rows} rows, and one file holds {ROW_CAP}: narrow the range")
        self.rows = rows


@dataclass(frozen=True)
class Table:
    """Something to be taken away: its columns, its rows some at a time, and how many there are."""

    name: str
    columns: Sequence[Column[Any]]
    keys: Select[*tuple[Any, ...]]
    parts: Callable[[ReadSession], AsyncGenerator[Part]]

    async def count(self, session: ReadSession) -> int:
        """Return how many rows there are; raises TooMany beyond what one file holds."""
        rows = await session.scalar(select(func.count()).select_from(self.keys.order_by(None).subquery())) or 0
        if rows > ROW_CAP:
            raise TooMany(rows)
        return rows


def conversations(chosen: Chosen, now: datetime) -> Table:
    """Return one row a conversation."""

    def parts(session: ReadSession) -> AsyncGenerator[Part]:
        return conversation_rows(session, replace(chosen, keys=chosen.keys.limit(ROW_CAP)), now)

    return Table("percakapan", CONVERSATION, chosen.keys, parts)


def messages(within: Within, openable: Openable | None = None, where: ColumnElement[bool] | None = None) -> Table:
    """Return one row a message; where it is told what is `openable`, the words of all else are left out."""
    keys = told(within.complaints() if where is None else where)

    async def parts(session: ReadSession) -> AsyncGenerator[Part]:
        stream = await session.stream(keys.limit(ROW_CAP), execution_options={"yield_per": AT_ONCE})
        async for part in stream.partitions():
            rows = [ComplaintRow(*tuple(row)) for row in part]
            if openable:
                opened = await openable({row.conversation_id for row in rows})
                rows = [row if row.conversation_id in opened else replace(row, said=None) for row in rows]
            yield rows

    return Table("pesan", MESSAGE, keys, parts)


async def poured(
    session: ReadSession, table: Table, form: str, *, title: str, rows: int, about: Sequence[tuple[str, Cell]] = ()
) -> AsyncGenerator[bytes]:
    """Yield the file as it comes to be; what takes time is done beside the event loop."""
    write, end = _csv(table) if form == "csv" else _xlsx(table, title, rows, about)
    async with aclosing(_ahead(table.parts(session))) as parts:
        async for part in parts:
            yield await asyncio.to_thread(_written, write, table, part)
    yield await asyncio.to_thread(end)


def _written(write: Callable[[Rows], bytes], table: Table, part: Part) -> bytes:
    return write(cells_of(table.columns, part))


async def as_it_was(session: ReadSession) -> None:
    """Let everything this session reads be of one moment; to be called before it reads anything."""
    await session.execute(AS_IT_WAS)


def _csv(table: Table) -> tuple[Callable[[Rows], bytes], Callable[[], bytes]]:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([column.heading for column in table.columns])

    def taken() -> bytes:
        content = out.getvalue().encode()
        out.seek(0)
        out.truncate()
        return content

    def write(part: Rows) -> bytes:
        writer.writerows([[as_text(safe(cell)) for cell in cells] for cells in part])
        return taken()

    return write, taken


def _xlsx(
    table: Table, title: str, rows: int, about: Sequence[tuple[str, Cell]]
) -> tuple[Callable[[Rows], bytes], Callable[[], bytes]]:
    meanings = [(column.heading, column.meaning) for column in table.columns]
    columns = [(column.heading, column.width) for column in table.columns]
    book = Pouring(Plan(title, columns, rows, [*about, *meanings]))
    return book.add, book.end


async def _ahead(parts: AsyncGenerator[Part]) -> AsyncGenerator[Part]:
    """Let the database look for the next rows while these are written."""
    coming = asyncio.ensure_future(anext(parts, None))
    try:
        while (part := await coming) is not None:
            coming = asyncio.ensure_future(anext(parts, None))
            yield part
    finally:
        coming.cancel()
        await asyncio.gather(coming, return_exceptions=True)
        await parts.aclose()
