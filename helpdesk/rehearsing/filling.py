"""Fills a migrated database with a year: everything the desk would know if the year had happened."""

import json
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import psycopg

from helpdesk.rehearsing import catalogue, waves
from helpdesk.rehearsing.crew import AGENTS, hire
from helpdesk.rehearsing.incidents import write_incidents
from helpdesk.rehearsing.loading import (
    MESSAGES,
    NUMBERS,
    OTHERS,
    QUICK,
    RESOLVED,
    SEARCHED,
    Tell,
    copy,
    search,
    without_indexes,
)
from helpdesk.rehearsing.rows import TABLES
from helpdesk.rehearsing.talking import MODEL
from helpdesk.rehearsing.year import Asked, From, Year
from trends.helping.answers_counted import COLLECTED, SETTLED

type Progress = Callable[[int], None]
"""Told how many messages are written."""

ONE_AGENT = 20_000
"""Messages a year one agent is hired for."""
LEADS = 3
BESIDE = "SELECT 1 FROM turns WHERE model = %s LIMIT 1"
TAKEN = """
    SELECT (SELECT COALESCE(max(position), 0) FROM messages), (SELECT COALESCE(max(id), 0) FROM inbox),
           (SELECT COALESCE(max(position), 0) FROM outbox),
           (SELECT COALESCE(max(substr(number, 3)::bigint), 100000) FROM tickets)
"""
NEWS = (
    "INSERT INTO trend_news (turn_id) SELECT id FROM turns WHERE inbox_id > %(inbox)s ORDER BY inbox_id",
    "INSERT INTO case_news (ticket_id) SELECT id FROM tickets WHERE substr(number, 3)::bigint > %(ticket)s",
    # answers are counted onwards in time: these lie before what was counted last
    f"DELETE FROM figure_progress WHERE name IN ('{COLLECTED}', '{SETTLED}')",  # noqa: S608 (our own names)
)
ACTS = """
    INSERT INTO agent_acts (at, what, staff_id, team_id, ticket_id)
    SELECT h.at, 'taken', t.staff_id, t.team_id, t.id FROM hand_overs h JOIN tickets t ON t.id = h.ticket_id
    WHERE h.to_owner = 'human' AND substr(t.number, 3)::bigint > %(ticket)s
    UNION ALL
    SELECT m.created_at, 'replied', m.staff_id, t.team_id, t.id
    FROM messages m JOIN LATERAL (
        SELECT id, team_id FROM tickets WHERE tickets.conversation_id = m.conversation_id
          AND opened_at <= m.created_at ORDER BY opened_at DESC LIMIT 1
    ) AS t ON true
    WHERE m.position > %(position)s AND m.author = 'agent' AND m.direction = 'out' AND m.kind <> 'closing'
    UNION ALL
    SELECT resolved_at, 'resolved', staff_id, team_id, id FROM tickets
    WHERE status = 'resolved' AND substr(number, 3)::bigint > %(ticket)s
"""


def fill_own(conninfo: str, asked: Asked, tell: Tell, progress: Progress, *, searched: bool = True) -> dict[str, Any]:
    """Fill an empty, migrated database; its counts are left to `helpdesk trends rebuild`. Returns the truth."""
    began = time.monotonic()
    with psycopg.connect(conninfo, autocommit=True) as connection:
        year = _year(connection, asked, From())
        _quick(connection)
        with without_indexes(connection, (*TABLES, *SEARCHED), tell):
            _written(connection, year, progress)
            tell(f"written after {time.monotonic() - began:.0f} s")
            connection.execute("ANALYZE")
            if searched:
                tell("the words that are searched")
                search(conninfo, connection)
        for statement in NUMBERS:
            connection.execute(statement.encode())
        connection.execute(RESOLVED.encode(), {"tickets": 0})
        write_incidents(connection, year.outages)
        tell("vacuum")
        connection.execute("VACUUM (ANALYZE)")
    tell(f"{year.rows.messages:,} messages in {time.monotonic() - began:.0f} s")
    return year.truth()


def _written(connection: psycopg.Connection, year: Year, progress: Progress) -> None:
    """Make a batch while the one before it is written."""
    with ThreadPoolExecutor(1) as writing:
        under_way: Future[None] | None = None
        for batch in year.batches():
            if under_way:
                under_way.result()
            under_way = writing.submit(copy, connection, batch, TABLES)
            progress(year.rows.messages)
        if under_way:
            under_way.result()


def fill_beside(conninfo: str, asked: Asked, progress: Progress) -> dict[str, Any]:
    """Add a year to a database that is in use, all of it or nothing; the desk's rounds count it soon."""
    with psycopg.connect(conninfo) as connection:
        row = connection.execute(TAKEN.encode()).fetchone() or ()
        start = From(*row)
        year = _year(connection, asked, start)
        _quick(connection)
        for batch in year.batches():
            copy(connection, batch, TABLES)
            progress(year.rows.messages)
        since = {"position": start.position, "inbox": start.inbox, "ticket": start.ticket, "tickets": start.ticket}
        span = {"low": start.position, "high": year.rows.position}
        connection.execute(MESSAGES.encode(), span)
        for statement in (*OTHERS, *NUMBERS):
            connection.execute(statement.encode())
        for statement in (*NEWS, ACTS, RESOLVED):
            connection.execute(statement.encode(), since)
        write_incidents(connection, year.outages)
    return year.truth()


def _year(connection: psycopg.Connection, asked: Asked, start: From) -> Year:
    crew = hire(connection, min(AGENTS, asked.messages // ONE_AGENT), LEADS)
    waves.keep(connection, asked.until)
    return Year(asked, crew, catalogue.keep(connection), start)


def _quick(connection: psycopg.Connection) -> None:
    for setting in QUICK:
        connection.execute(setting.encode())


def already_beside(conninfo: str) -> bool:
    """Say whether a year was added to this database."""
    with psycopg.connect(conninfo) as connection:
        return connection.execute(BESIDE, (MODEL,)).fetchone() is not None


def truth_text(truth: dict[str, Any]) -> str:
    """Return the truth as its file has it."""
    return json.dumps(truth, indent=1, ensure_ascii=False) + "\n"
