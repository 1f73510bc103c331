"""Making a backup while everything runs: one moment of the records, dumped, counted and checked.

The dump and the counts see the same snapshot. Raw words of participants are encrypted in the records under the data
key, which is not in the backup; the rest of it is not encrypted, so the file is readable by its owner only.
"""

import contextlib
import re
import tempfile
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, LiteralString

import psycopg
from psycopg import sql

from helpdesk.backup import manifest as backups
from helpdesk.backup import tools
from helpdesk.backup.manifest import Manifest

Tell = Callable[[str], None]

TABLES = """
    SELECT schemaname, tablename FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')
    ORDER BY schemaname, tablename
"""
EPOCH = "SELECT lineage::text, number, tide, clock_timestamp() FROM epoch"
DUMPING = re.compile(r'dumping contents of table "(.+)"')


class NotBackedUp(Exception):
    """No backup was made; the message says why."""


def make(url: str, file: Path, data_key: str, stands_at: datetime, tell: Tell) -> Manifest:
    """Write a backup of the database at `url` to a file and return its manifest; raises NotBackedUp."""
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        with tempfile.TemporaryDirectory(dir=file.parent, prefix=".backup-") as folder:
            dump = Path(folder) / backups.DUMP
            with _moment(url) as (connection, snapshot):
                seen = _seen(connection, data_key, stands_at)
                tell(f"{len(seen.counts)} tables, {seen.rows:,} rows")
                _dump(url, snapshot, dump, len(seen.counts), tell)
            _check(dump, seen)
            with dump.open("rb") as written:
                whole = seen.model_copy(update={"digest": backups.digest_of(written)})
            backups.pack(whole, dump, file)
    except (psycopg.Error, tools.ToolFailed, OSError) as problem:
        raise NotBackedUp(str(problem)) from problem
    return backups.read(file)


@contextlib.contextmanager
def _moment(url: str) -> Iterator[tuple[psycopg.Connection, str]]:
    """Hold one moment of the records for as long as the block runs."""
    with psycopg.connect(tools.plain(url), connect_timeout=5) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        row = connection.execute("SELECT pg_export_snapshot()").fetchone()
        yield connection, str(row[0]) if row else ""


def _seen(connection: psycopg.Connection, data_key: str, stands_at: datetime) -> Manifest:
    lineage, number, tide, made_at = _one(connection, EPOCH)
    revision, server = _one(connection, "SELECT version_num, current_setting('server_version') FROM alembic_version")
    return Manifest(
        made_at=made_at,
        stands_at=stands_at,
        lineage=lineage,
        epoch=number,
        tide=tide,
        revision=revision,
        server=server,
        key_mark=backups.key_mark(data_key),
        counts=counts(connection),
    )


def counts(connection: psycopg.Connection) -> dict[str, int]:
    """Return how many rows each table has."""
    found = {}
    for schema, table in connection.execute(TABLES).fetchall():
        count = sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(schema, table))
        found[f"{schema}.{table}"] = int(_one(connection, count)[0])
    return found


def _one(connection: psycopg.Connection, query: LiteralString | sql.Composed) -> tuple[Any, ...]:
    row: tuple[Any, ...] | None = connection.execute(query).fetchone()
    if row is None:
        raise NotBackedUp("the database does not look like ours")
    return row


def _dump(url: str, snapshot: str, dump: Path, tables: int, tell: Tell) -> None:
    done = 0

    def on_line(line: str) -> None:
        nonlocal done
        if found := DUMPING.search(line):
            done += 1
            tell(f"{done} of {tables}: {found[1]}")

    tools.run(
        "pg_dump",
        url,
        ["--format=custom", "--no-owner", "--no-privileges", "--verbose", f"--snapshot={snapshot}", f"--file={dump}"],
        on_line,
    )


def _check(dump: Path, seen: Manifest) -> None:
    """Raise unless the dump lists the data of every table."""
    listed = {match.replace(" ", ".", 1) for match in re.findall(r"TABLE DATA (\S+ \S+)", tools.listing(dump))}
    missing = set(seen.counts) - listed
    if missing:
        raise NotBackedUp(f"the dump lacks {', '.join(sorted(missing))}")
