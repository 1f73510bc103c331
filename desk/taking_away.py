"""Handing out a table: counted, refused where it is too long, written into the audit trail, and then poured out."""

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from fastapi import Request
from fastapi.responses import StreamingResponse

from desk.door import signed_in
from desk.office import Office
from desk.refusals import TooMuch
from records import audit
from records.clock import wib
from records.database import ReadSession
from trends.exporting.cells import Cell
from trends.exporting.pouring import FORMS, ROW_CAP, Table, TooMany, as_it_was, poured


@dataclass(frozen=True)
class Wanted:
    """What somebody wants to take away."""

    table: Callable[[ReadSession], Table]
    form: str
    """csv or xlsx."""
    title: str
    file: str
    """The file's name without its ending."""
    action: str
    object: str
    detail: dict[str, Any]
    """What the audit says besides rows and form: the filters above all."""
    about: Sequence[tuple[str, Cell]] = field(default=())
    """What the file says of itself."""


async def take_away(request: Request, office: Office, wanted: Wanted) -> StreamingResponse:
    """Return the file, whose every reader is known before its first byte leaves; raises TooMuch."""
    who, now = signed_in(request), office.clock()
    async with office.database.read() as session:
        table = wanted.table(session)
        try:
            rows = await table.count(session)
        except TooMany as refusal:
            raise TooMuch(refusal.rows, ROW_CAP) from refusal
    detail = {**wanted.detail, "of": table.name, "form": wanted.form, "lines": rows}
    async with office.database.write() as session:
        await audit.record(
            session, at=now, actor=who.username, action=wanted.action, object=wanted.object, detail=detail
        )
    about = [
        ("Judul", wanted.title),
        *wanted.about,
        ("Baris", rows),
        ("Dibuat (WIB)", wib(now).replace(tzinfo=None)),
        ("Oleh", who.name),
    ]
    name = f"{wanted.file}-{table.name}.{wanted.form}"
    return StreamingResponse(
        _stream(office, wanted, rows, about),
        media_type=FORMS[wanted.form],
        headers={"Content-Disposition": f'attachment; filename="{name}"', "X-Rows": str(rows)},
    )


async def _stream(office: Office, wanted: Wanted, rows: int, about: Sequence[tuple[str, Cell]]) -> AsyncIterator[bytes]:
    async with office.taking_away, office.database.read() as session:
        await as_it_was(session)
        table = wanted.table(session)
        async for some in poured(session, table, wanted.form, title=wanted.title, rows=rows, about=about):
            yield some
