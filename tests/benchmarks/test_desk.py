"""The made-up country: believable, of one piece, and searched like the real one."""

import psycopg
import pytest

from benchmarks.desk.cases import OPEN_SHARE
from benchmarks.desk.country import plain
from benchmarks.desk.filling import fill

CASES = 3_000
SAME = """
    SELECT count(*) FROM (
        (SELECT id, at, words FROM search_{name} EXCEPT ALL SELECT id, at, words FROM searchable_{name})
        UNION ALL
        (SELECT id, at, words FROM searchable_{name} EXCEPT ALL SELECT id, at, words FROM search_{name})) AS differing
"""


@pytest.fixture
def country(database_url: str) -> str:
    """A small one."""
    fill(plain(database_url), CASES, lambda _: None)
    return plain(database_url)


def one(connection: psycopg.Connection, question: str) -> float:
    row = connection.execute(question.encode()).fetchone()
    assert row
    return float(row[0])


def test_a_small_country_is_like_the_large_one(country: str) -> None:
    with psycopg.connect(country) as connection:
        assert one(connection, "SELECT count(*) FROM tickets") == CASES
        assert 4.6 < one(connection, "SELECT count(*) FROM messages") / CASES < 5.4
        assert 0 < one(connection, "SELECT count(*) FROM tickets WHERE status <> 'resolved'") < OPEN_SHARE * CASES * 3
        assert one(connection, "SELECT count(DISTINCT conversation_id) FROM tickets") < CASES * 0.8
        assert one(connection, "SELECT count(DISTINCT team_id) FROM tickets") == 6
        # what triggers and constraints would have seen to
        assert one(connection, "SELECT count(*) FROM tickets WHERE status = 'claimed' AND staff_id IS NULL") == 0
        held = "SELECT count(*) FROM tickets t JOIN conversations c ON c.id = t.conversation_id"
        assert one(connection, f"{held} WHERE t.status = 'claimed' AND c.staff_id <> t.staff_id") == 0
        resolved = "SELECT count(*) FROM tickets WHERE status = 'resolved'"
        assert one(connection, "SELECT sum(number) FROM resolved_counts WHERE tag = ''") == one(connection, resolved)
        for name in ("messages", "tickets", "people"):
            assert one(connection, f"SELECT count(*) FROM search_{name}") > CASES / 2  # noqa: S608
            assert one(connection, SAME.format(name=name)) == 0
        connection.execute("INSERT INTO tickets SELECT * FROM tickets WHERE false")
        assert one(connection, "SELECT nextval('ticket_numbers')") == 100_001 + CASES
