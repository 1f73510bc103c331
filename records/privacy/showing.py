"""Everything held about a person, as data: their chats, what was made of them, and the programme's register."""

import io
import json
import zipfile
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from records.clock import wib
from records.privacy.columns import PERSONAL
from records.privacy.elsewhere import PROGRAMME, PROGRAMME_HIDDEN, PROGRAMME_ROWS
from records.privacy.person import Subject
from records.sealed import Seal, SealBroken

type Held = dict[str, list[dict[str, Any]]]
SEALED = {"sealed_text": "raw_words", "sealed_event": "raw_event"}
FILES = text(
    """
    SELECT id, type, sealed_content FROM media
    WHERE conversation_id = ANY(:conversations) AND status = 'kept' ORDER BY received_at
    """
)
UNREADABLE = "(tidak bisa dibuka lagi)"


async def everything_held(session: AsyncSession, subject: Subject, seal: Seal | None) -> Held:
    """Return the person's rows by table; with a seal the raw words still kept are opened, for they are theirs."""
    given = {"identities": list(subject.identities), "conversations": list(subject.conversations)}
    held: Held = {}
    for table, whose in PERSONAL.items():
        # what is hidden is not even read: files are large
        columns = ", ".join(f'"{name}"' for name in (*whose.kept, *whose.emptied) if name not in whose.hidden)
        if table == "lanes" or not columns:
            continue
        rows = await session.execute(text(f"SELECT {columns} FROM {table} WHERE {whose.rows}"), given)  # noqa: S608
        held[table] = [_shown(dict(row), whose.hidden, seal) for row in rows.mappings()]
    if subject.participant:
        for table, rows_of in PROGRAMME_ROWS.items():
            query = text(f"SELECT * FROM {PROGRAMME}.{table} WHERE {rows_of}")  # noqa: S608
            rows = await session.execute(query, {"participant": subject.participant})
            held[f"{PROGRAMME}.{table}"] = [_shown(dict(row), PROGRAMME_HIDDEN, None) for row in rows.mappings()]
    return held


def counts_of(held: Held) -> dict[str, int]:
    """Return how many rows of each table there are."""
    return {table: len(rows) for table, rows in held.items() if rows}


def as_json(held: Held, *, number: str, at: datetime) -> str:
    """Return it as one JSON document."""
    said = {"receipt": number, "made_at": wib(at).isoformat(), "held": held}
    return json.dumps(said, ensure_ascii=False, indent=1, default=str)


def readable(held: Held) -> dict[str, list[dict[str, str]]]:
    """Return it for reading: what is empty left out, yes and no as words, lists and tables as lines."""
    return {
        table: [
            {column: _said(value) for column, value in row.items() if value not in (None, "", [], {})} for row in rows
        ]
        for table, rows in held.items()
        if rows
    }


async def files_held(session: AsyncSession, subject: Subject, seal: Seal) -> dict[str, bytes]:
    """Return the person's attached files as they are kept, by names of our own."""
    files = {}
    for row in await session.execute(FILES, {"conversations": list(subject.conversations)}):
        with suppress(SealBroken):
            files[f"lampiran/{row.id}.{row.type.rpartition('/')[2]}"] = seal.open_file(bytes(row.sealed_content))
    return files


def as_zip(held: Held, page: str, *, number: str, at: datetime, files: Mapping[str, bytes] | None = None) -> bytes:
    """Return a ZIP with the page to read, the same as JSON, and the files."""
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(f"{number}.html", page)
        packed.writestr(f"{number}.json", as_json(held, number=number, at=at))
        for name, content in (files or {}).items():
            packed.writestr(name, content)
    return body.getvalue()


def _shown(row: dict[str, Any], hidden: tuple[str, ...], seal: Seal | None) -> dict[str, Any]:
    shown: dict[str, Any] = {}
    for column, value in row.items():
        if column in hidden:
            continue
        if column in SEALED:
            shown[SEALED[column]] = _opened(value, seal)
        else:
            shown[column] = wib(value).isoformat() if isinstance(value, datetime) else value
    return shown


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return "ya" if value else "tidak"
    if isinstance(value, dict):
        return "; ".join(f"{name}: {_said(inner)}" for name, inner in value.items() if inner not in (None, "", [], {}))
    if isinstance(value, list):
        return "\n".join(_said(inner) for inner in value)
    return str(value)


def _opened(sealed: bytes | None, seal: Seal | None) -> str | None:
    if sealed is None:
        return None
    if seal is None:
        return "(terenkripsi)"
    try:
        return seal.open(bytes(sealed))
    except SealBroken:
        return UNREADABLE
