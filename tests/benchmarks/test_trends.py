"""What is measured of the trends asks sensible questions, and leaves no trace in the year it is measured on."""

from datetime import UTC, date, datetime, timedelta
from itertools import islice

import psycopg
import pytest

from benchmarks.trends import incident, raw
from benchmarks.trends.asking import FILTERS, Questions
from benchmarks.trends.taking import longest
from helpdesk.rehearsing.filling import fill_own
from helpdesk.rehearsing.making import gather
from helpdesk.rehearsing.own_server import plain
from helpdesk.rehearsing.year import Asked
from records.clock import WIB
from records.database import Database
from trends import rebuilding

UNTIL = datetime(2020, 9, 7, tzinfo=WIB)
FIRST, LAST = date(2020, 8, 7), date(2020, 9, 6)
TABLES = ("incidents", "incident_people", "incident_events", "staff_notices")


@pytest.fixture
async def year(database: Database, database_url: str) -> str:
    """One month, counted."""
    fill_own(plain(database_url), Asked(UNTIL, 1, 1_500, 3), lambda _: None, lambda _: None, searched=False)
    await gather(database, UNTIL)
    await rebuilding.rebuild(database, lambda: UNTIL)
    return database_url


def counts(connection: psycopg.Connection) -> list[int]:
    sizes = (connection.execute(f"SELECT count(*) FROM {table}".encode()).fetchone() for table in TABLES)  # noqa: S608
    return [size[0] for size in sizes if size]


async def test_questions_stay_in_the_year_and_an_incident_leaves_no_trace(year: str) -> None:
    with psycopg.connect(plain(year), autocommit=True) as connection:
        questions = Questions(connection, FIRST, LAST)
        assert set(questions.keys) == set(FILTERS)
        asked = [questions.one(7, 20, 2) for _ in range(50)]
        assert all(it.first >= FIRST and it.last <= LAST and 6 <= (it.last - it.first).days < 20 for it in asked)
        assert len({it.filters for it in asked}) > 25
        assert all(address.startswith("/") for ways in questions.pages().values() for address in islice(ways, 3))
        assert longest(connection, FIRST, LAST, rows=100_000).first == FIRST
        assert longest(connection, FIRST, LAST, rows=50).first > FIRST
        assert all(seconds > 0 for every in raw.measure(connection, questions).values() for seconds in every)

        before = counts(connection)
        assert before[1] > 0
        at = UNTIL.astimezone(UTC) - timedelta(minutes=1)
        made = await incident.opened(year, at, incident.since(connection, at, people=40))
        assert abs(made.conversations - 40) < 3
        assert counts(connection)[0] == before[0] + 1
        with incident.forgotten(connection, made.id):
            pass
        assert counts(connection) == before
