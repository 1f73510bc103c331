"""A desk full of hostile values: every text anybody could have written would like to be a page of its own."""

import re
from html.parser import HTMLParser
from typing import Any

from sqlalchemy import String, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import DBAPIError

from records.database import Database
from records.models import Base

HOSTILE = (
    '"><script>alert(1)</script><img src=x onerror=alert(2)>\'-alert(3)-\'<a href="javascript:alert(4)">x</a>'
    "{{7*7}}${7*7}</textarea></title></style><svg onload=alert(5)><!--\u202e\ufeff"
)
CODE = re.compile(r"[A-Za-z0-9_.:/+-]*|T-\d+|\[[a-z_]+\]")
"""What only our own code writes: a word of a fixed list, a key, a number. Everything else is somebody's words."""
KEPT = {
    ("staff", "password_hash"),
    ("audit", "hash"),
    ("audit", "previous_hash"),
}
"""Never shown, and needed as they are."""
EMPTY_STAYS = {
    *(("tickets", "platform"), ("conversations", "unreachable"), ("identities", "participant_id")),
    *(("media", "type"), ("media", "reason"), ("messages", "kind"), ("outbox", "held_by")),
}
"""Where an empty value means something, and any other is a word of a list."""


def spoiled(value: Any) -> Any:
    """The value with every text in it replaced that is not a code of ours."""
    if isinstance(value, str):
        return value if CODE.fullmatch(value) else HOSTILE
    if isinstance(value, list):
        return [spoiled(one) for one in value]
    if isinstance(value, dict):
        return {name: spoiled(one) for name, one in value.items()}
    return value


async def spoil_everything(database: Database) -> set[tuple[str, str]]:
    """Spoil every text of every table and return the columns that took it."""
    taken = set()
    for table in Base.metadata.sorted_tables:
        if table.schema is not None or table.name == "audit":
            continue
        keys = [column.name for column in table.primary_key]
        for column in table.columns:
            if column.name in keys or (table.name, column.name) in KEPT or column.foreign_keys or column.computed:
                continue
            if isinstance(column.type, String | Text | JSONB) and await _spoil(database, table.name, column.name, keys):
                taken.add((table.name, column.name))
    return taken


async def _spoil(database: Database, table: str, column: str, keys: list[str]) -> bool:
    """Spoil one column row by row; a value the database itself refuses stays as it was."""
    changed = False
    listed = ", ".join(f'"{key}"' for key in keys)
    async with database.read() as session:
        rows = (await session.execute(text(f'SELECT {listed}, "{column}" FROM "{table}"'))).all()  # noqa: S608
    where = " AND ".join(f'"{key}" = :k{number}' for number, key in enumerate(keys))
    for number, row in enumerate(rows):
        *key, value = row
        new = spoiled(value)
        if value in (None, "") and (table, column) not in EMPTY_STAYS:
            new = HOSTILE
        if new == value:
            continue
        # unique names stay unique
        new = f"{new}{number}" if isinstance(new, str) and number else new
        given: dict[str, Any] = {f"k{place}": one for place, one in enumerate(key)}
        cast = "CAST(:value AS jsonb)" if not isinstance(new, str) else ":value"
        given["value"] = new if isinstance(new, str) else _json(new)
        try:
            async with database.write() as session:
                await session.execute(text(f'UPDATE "{table}" SET "{column}" = {cast} WHERE {where}'), given)  # noqa: S608
            changed = True
        except DBAPIError:
            return False
    return changed


def _json(value: Any) -> str:
    import orjson

    return orjson.dumps(value).decode()


class Inert(HTMLParser):
    """Finds whatever on a page could do something and is not ours."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.faults: list[str] = []
        self.words = 0
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "script" and not (given.get("src") or "").startswith("/aset/"):
            self.faults.append(f"<script {attrs}>")
        for name, value in attrs:
            if name.startswith("on") or name in ("style", "srcdoc"):
                self.faults.append(f"<{tag} {name}={value!r}>")
            if name in ("href", "src", "action", "formaction") and value and not value.startswith(SAFE):
                self.faults.append(f"<{tag} {name}={value!r}>")

    def handle_data(self, data: str) -> None:
        self.words += data.count("alert(1)")


SAFE = ("/", "#", "?", "https://", "http://")
