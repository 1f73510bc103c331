"""Bringing invented rows into a database by COPY: without triggers and plain indexes, which are made afterwards.

What triggers would have written (the words that are searched, counts of the resolved) is written once, at the end.
"""

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import LiteralString

import psycopg

type Tell = Callable[[str], None]
type Batch = dict[str, list[str]]
"""By table, lines as COPY reads them."""

SEARCHED = ("search_messages", "search_tickets", "search_people")
PLAIN_INDEXES = """
    SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index i
    WHERE i.indrelid = ANY(%s::regclass[]) AND NOT i.indisprimary AND NOT i.indisunique
"""
KIND = "team_id, queue, intent, platform, channel, priority, wave, incident_id"
RESOLVED = f"""
    INSERT INTO resolved_counts ({KIND}, tag, number, folded)
    SELECT {KIND}, tag, count(*), true
    FROM tickets, LATERAL (SELECT '' AS tag UNION SELECT jsonb_array_elements_text(tags)) AS each_tag
    WHERE status = 'resolved' AND substr(number, 3)::bigint > %(tickets)s GROUP BY {KIND}, tag
"""  # noqa: S608 (names of our own columns)
HALVES = 2
MESSAGES = """
    INSERT INTO search_messages (id, at, words) SELECT id, at, words FROM searchable_messages
    WHERE id > %(low)s AND id <= %(high)s
"""
OTHERS = (
    "INSERT INTO search_tickets (id, at, words) SELECT id, at, words FROM searchable_tickets ON CONFLICT DO NOTHING",
    "INSERT INTO search_people (id, at, words) SELECT id, at, words FROM searchable_people ON CONFLICT DO NOTHING",
)
NUMBERS = (
    "SELECT setval('ticket_numbers', (SELECT max(substr(number, 3)::bigint) FROM tickets))",
    *(
        f"SELECT setval(pg_get_serial_sequence('{table}', '{column}'), (SELECT max({column}) FROM {table}))"  # noqa: S608
        for table, column in (("messages", "position"), ("outbox", "position"), ("inbox", "id"))
    ),
)
QUICK = ("SET session_replication_role = replica", "SET synchronous_commit = off", "SET maintenance_work_mem = '768MB'")


def copy(connection: psycopg.Connection, batch: Batch, tables: Mapping[str, str]) -> None:
    """Write one batch, table by table in the order of `tables`, which names the columns of a line."""
    for table, columns in tables.items():
        if lines := batch.get(table):
            with connection.cursor().copy(f"COPY {table} ({columns}) FROM STDIN".encode()) as stream:
                stream.write("\n".join([*lines, ""]))


@contextmanager
def without_indexes(connection: psycopg.Connection, tables: Sequence[str], tell: Tell) -> Iterator[None]:
    """Take the plain indexes of these tables away meanwhile."""
    found = connection.execute(PLAIN_INDEXES, (list(tables),)).fetchall()
    for name, _ in found:
        connection.execute(f"DROP INDEX {name}".encode())
    yield
    for name, definition in found:
        tell(f"index {name}")
        connection.execute(definition.encode())


def search(conninfo: str, connection: psycopg.Connection) -> None:
    """Fill what is searched, on two processors."""
    asyncio.run(_searched(conninfo, connection))


async def _searched(conninfo: str, connection: psycopg.Connection) -> None:
    row = connection.execute("SELECT max(position) FROM messages").fetchone()
    last = row[0] if row else 0
    parts = [last * part // HALVES for part in range(HALVES + 1)]

    async def part(low: int, high: int, *others: LiteralString) -> None:
        async with await psycopg.AsyncConnection.connect(conninfo, autocommit=True) as own:
            await own.execute("SET synchronous_commit = off")
            # no statement of ours looks at most of a large table otherwise
            await own.execute("SET enable_nestloop = on")
            await own.execute(MESSAGES, {"low": low, "high": high})
            for statement in others:
                await own.execute(statement)

    connection.execute("CREATE INDEX filling ON tickets (conversation_id)")
    connection.execute("CREATE INDEX filling_chats ON conversations (identity_id)")
    await asyncio.gather(part(parts[0], parts[1], OTHERS[0]), part(parts[1], parts[2], OTHERS[1]))
    connection.execute("DROP INDEX filling, filling_chats")
