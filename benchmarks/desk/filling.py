"""Brings the made-up cases into a database, and what triggers would have written of them."""

import time

import psycopg

from benchmarks.desk.cases import TABLES, Country
from benchmarks.report import Tell
from helpdesk.rehearsing.crew import hire
from helpdesk.rehearsing.loading import NUMBERS, QUICK, RESOLVED, SEARCHED, copy, search, without_indexes

CLAIMED = """
    UPDATE conversations c SET owner = 'human', owner_version = 1, staff_id = t.staff_id
    FROM tickets t WHERE t.conversation_id = c.id AND t.status = 'claimed'
"""


def fill(conninfo: str, tickets: int, tell: Tell) -> None:
    """Fill an empty, migrated database."""
    began = time.monotonic()
    with psycopg.connect(conninfo, autocommit=True) as connection:
        crew = hire(connection)
        for setting in QUICK:
            connection.execute(setting.encode())
        with without_indexes(connection, (*TABLES, *SEARCHED), tell):
            _copy(connection, Country(crew, tickets), tell)
            connection.execute("ANALYZE")
            connection.execute(CLAIMED)
            tell("the words that are searched")
            search(conninfo, connection)
        for statement in NUMBERS:
            connection.execute(statement.encode())
        connection.execute(RESOLVED.encode(), {"tickets": 0})
        tell("vacuum")
        connection.execute("VACUUM (ANALYZE)")
    tell(f"filled in {time.monotonic() - began:.0f} s")


def _copy(connection: psycopg.Connection, country: Country, tell: Tell) -> None:
    began, done = time.monotonic(), 0
    for batch in country.batches():
        with connection.transaction():
            copy(connection, batch, TABLES)
        done += len(batch["tickets"])
        if done % 100_000 == 0 or done == country.total:
            rate = done / (time.monotonic() - began)
            tell(f"{done:,} cases, {country.position:,} messages ({rate:,.0f} cases a second)")
