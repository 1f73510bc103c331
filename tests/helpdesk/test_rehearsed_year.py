"""A small made-up year is believable, of one piece, and the same again for the same seed."""

import re
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any

import psycopg
import pytest
from cryptography.fernet import Fernet

from desk.app import create_app
from desk.incidents.joining import let_join
from helpdesk.rehearsing.filling import already_beside, fill_beside, fill_own
from helpdesk.rehearsing.own_server import plain
from helpdesk.rehearsing.year import Asked
from records.bell import PostgresBell
from records.clock import WIB
from records.database import Database
from records.masking import mask
from records.models import Incident
from records.sealed import Seal
from trends import counting
from trends.helping import counting as helping

MESSAGES = 6_000
UNTIL = datetime(2020, 9, 21, tzinfo=WIB)
MONTHS = 1.7
FOREIGN = """
    SELECT conrelid::regclass::text, pg_get_constraintdef(oid) FROM pg_constraint WHERE contype = 'f'
"""
KEY = re.compile(r"FOREIGN KEY \((\w+)\) REFERENCES ([\w.]+)\((\w+)\)")
BUYING = ["package_not_found", "payment_failed", "purchase_otp", "purchase_status", "system_outage"]


def asked(**more: Any) -> Asked:
    return Asked(**{"until": UNTIL, "months": MONTHS, "messages": MESSAGES, "seed": 7} | more)


def rows(connection: psycopg.Connection, question: str, values: Any = None) -> list[tuple[Any, ...]]:
    return connection.execute(question.encode(), values).fetchall()


def one(connection: psycopg.Connection, question: str, values: Any = None) -> Any:
    return rows(connection, question, values)[0][0]


def silent(_: object) -> None:
    """Nobody watches."""


@pytest.fixture(scope="module")
def year(postgres: Any) -> Any:
    """A year of seven weeks, and its truth."""
    admin = plain(postgres.url("postgres"))
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute('CREATE DATABASE "small_year" TEMPLATE template STRATEGY file_copy')
    conninfo = plain(postgres.url("small_year"))
    truth = fill_own(conninfo, asked(), silent, silent)
    with psycopg.connect(conninfo, autocommit=True) as connection:
        yield connection, truth
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute('DROP DATABASE "small_year" WITH (FORCE)')


def test_there_are_as_many_messages_as_asked_for(year: Any) -> None:
    connection, truth = year
    messages = one(connection, "SELECT count(*) FROM messages")
    assert messages == truth["messages"]
    assert abs(messages - MESSAGES) < MESSAGES / 20
    theirs = one(connection, "SELECT count(*) FROM messages WHERE author = 'participant'")
    assert theirs == truth["turns"] == one(connection, "SELECT count(*) FROM turns")
    assert 0.38 < theirs / messages < 0.52


def test_every_reference_leads_somewhere(year: Any) -> None:
    connection, _ = year
    broken = []
    references = list(rows(connection, FOREIGN))
    assert len(references) > 20
    for table, definition in references:
        found = KEY.match(definition)
        assert found, definition
        column, other, key = found.groups()
        lost = f"""
            SELECT count(*) FROM {table} a WHERE a.{column} IS NOT NULL
            AND NOT EXISTS (SELECT FROM {other} b WHERE b.{key} = a.{column})
        """  # noqa: S608 (names from the catalogue)
        if one(connection, lost):
            broken.append((table, column))
    assert not broken


def test_nights_are_quiet_and_mornings_busy(year: Any) -> None:
    connection, _ = year
    hour = "extract(hour FROM created_at AT TIME ZONE 'Asia/Jakarta')::int"
    hours = dict(rows(connection, f"SELECT {hour}, count(*) FROM turns GROUP BY 1"))  # noqa: S608
    night, morning = sum(hours.get(hour, 0) for hour in (0, 1, 2, 3)), sum(hours[hour] for hour in (9, 10, 11, 12))
    assert night * 4 < morning


def test_a_wave_brings_questions_about_waves(year: Any) -> None:
    connection, _ = year
    about = ["wave_schedule", "join_wave_failed", "selection_result", "ask_eligibility", "ask_how_to_register"]
    by_day = """
        SELECT (created_at AT TIME ZONE 'Asia/Jakarta')::date, count(*) FROM turns
        WHERE COALESCE(corrected_intent, intent) = ANY(%s) GROUP BY 1
    """
    days = Counter(dict(rows(connection, by_day, (about,))))
    results = sum(days[day] for day in (date(2020, 9, 3), date(2020, 9, 10), date(2020, 9, 18))) / 3
    # the Thursdays and Fridays between, when nothing opened, closed or was decided
    between = sum(days[day] for day in (date(2020, 8, 6), date(2020, 8, 7), date(2020, 8, 13))) / 3
    assert results > between * 2


def test_outages_are_where_the_truth_says(year: Any) -> None:
    connection, truth = year
    august = next(it for it in truth["outages"] if it["name"].endswith("Agustus 2020"))
    assert august["intents"] == BUYING
    begins, ends = datetime.fromisoformat(august["begins"]), datetime.fromisoformat(august["ends"])
    rate = (
        "SELECT count(*) FROM turns WHERE COALESCE(corrected_intent, intent) = ANY(%s) AND created_at BETWEEN %s AND %s"
    )
    within = one(connection, rate, (BUYING, begins, ends)) / ((ends - begins) / timedelta(days=1))
    first = datetime.fromisoformat(truth["first"])
    before = one(connection, rate, (BUYING, first, begins)) / ((begins - first) / timedelta(days=1))
    assert within > 6 * before
    assert august["brought"] <= one(connection, rate, (BUYING, begins, ends)) + 40


def test_outcomes_and_cases_are_as_in_a_real_desk(year: Any) -> None:
    connection, _ = year
    shares = dict(rows(connection, "SELECT outcome, count(*)::float / sum(count(*)) OVER () FROM turns GROUP BY 1"))
    assert set(shares) == {"answered", "asked", "handed_over", "joined", "fallback"}
    assert 0.4 < shares["answered"] < 0.75
    assert 0.05 < shares["handed_over"] < 0.3
    handed = one(connection, "SELECT count(*) FROM turns WHERE outcome IN ('handed_over', 'fallback')")
    assert one(connection, "SELECT count(*) FROM tickets") == handed
    out_of_order = "opened_at > first_reply_at OR first_reply_at > resolved_at OR promised_at < opened_at"
    assert one(connection, f"SELECT count(*) FROM tickets WHERE reopened = 0 AND ({out_of_order})") == 0  # noqa: S608
    assert one(connection, "SELECT count(*) FROM tickets WHERE status = 'claimed' AND staff_id IS NULL") == 0
    held = "SELECT count(*) FROM tickets t JOIN conversations c ON c.id = t.conversation_id"
    assert one(connection, f"{held} WHERE t.status = 'claimed' AND c.staff_id IS DISTINCT FROM t.staff_id") == 0
    assert one(connection, "SELECT count(*) FROM ratings") > 50
    assert one(connection, "SELECT count(*) FROM tickets WHERE reopened > 0") == one(
        connection, "SELECT count(*) FROM case_spells"
    )
    resolved = one(connection, "SELECT count(*) FROM tickets WHERE status = 'resolved'")
    assert one(connection, "SELECT sum(number) FROM resolved_counts WHERE tag = ''") == resolved


def test_agents_keep_office_hours(year: Any) -> None:
    connection, _ = year
    taken = rows(connection, "SELECT at FROM hand_overs WHERE to_owner = 'human'")
    hours = [at.astimezone(WIB) for (at,) in taken]
    assert hours
    assert all(8 <= at.hour < 20 and at.weekday() < 6 for at in hours)


def test_some_people_return_within_three_days(year: Any) -> None:
    connection, _ = year
    again = """
        SELECT count(*) FROM (
            SELECT created_at - lag(created_at) OVER (PARTITION BY conversation_id, intent ORDER BY created_at) AS gap
            FROM turns WHERE intent NOT IN ('greet', 'thank', 'inform')) AS said WHERE gap < '72 hours'
    """
    assert one(connection, again) > 80


def test_no_text_holds_a_personal_number(year: Any) -> None:
    connection, _ = year
    said = [text for (text,) in rows(connection, "SELECT text FROM messages UNION ALL SELECT summary FROM tickets")]
    assert not [text for text in said if re.search(r"\d{7,}", text)]
    assert not [text for text in said[::15] if mask(text).text != text]


def test_the_same_seed_makes_the_same_year_and_another_does_not(database_url: str, year: Any) -> None:
    connection, truth = year
    again = fill_own(plain(database_url), asked(), silent, silent)
    assert {**again, "made_at": ""} == {**truth, "made_at": ""}
    question = "SELECT md5(string_agg(id || text || created_at || conversation_id, '' ORDER BY position)) FROM messages"
    with psycopg.connect(plain(database_url)) as other:
        assert one(connection, question) == one(other, question)


async def test_what_goes_on_already_is_joined_by_those_of_the_year_who_complained_of_it(
    database: Database, database_url: str
) -> None:
    now, began = datetime(2020, 8, 24, 3, tzinfo=UTC), datetime(2020, 8, 20, tzinfo=WIB)
    async with database.write() as session:
        told = {"public_message": "Sedang disesuaikan.", "source": "PMO", "as_of": began, "status": "confirmed"}
        goes_on = {"components": ["purchase"], "intents": BUYING, "started_at": began, "joined_until": now}
        session.add(Incident(id="INC-2020-08-20", title="Penyesuaian", **told, **goes_on))
    fill_beside(plain(database_url), asked(until=now, months=1, messages=1_500, settled=True), silent)
    seal = Seal(Fernet.generate_key().decode())
    app = create_app(database=database, clock=lambda: now, bell=PostgresBell(database.url), seal=seal)
    await let_join(app.state.office)
    with psycopg.connect(plain(database_url)) as connection:
        complained = """
            SELECT count(DISTINCT conversation_id) FROM turns
            WHERE created_at >= %s AND COALESCE(corrected_intent, intent) = ANY(%s)
               OR created_at >= %s AND corrected_intent IS NULL AND EXISTS (
                  SELECT FROM jsonb_array_elements(also) second WHERE second ->> 'name' = ANY(%s))
        """
        joined = "SELECT count(*) FROM incident_people WHERE incident_id = 'INC-2020-08-20'"
        assert one(connection, joined) == one(connection, complained, (began, BUYING, began, BUYING)) > 20


async def test_beside_what_is_there_a_year_comes_once_and_leaves_nothing_open(
    database: Database, database_url: str
) -> None:
    conninfo = plain(database_url)
    assert not already_beside(conninfo)
    now = datetime(2020, 8, 24, 3, tzinfo=UTC)
    # the desk has counted up to now already
    await helping.fold(database, lambda: now)
    truth = fill_beside(conninfo, asked(until=now, months=12, messages=1_500, settled=True), silent)
    assert already_beside(conninfo)
    # there was no programme before
    assert truth["first"] == "2020-04-11T08:00:00+07:00"
    with psycopg.connect(conninfo) as connection:
        assert one(connection, "SELECT count(*) FROM tickets WHERE status <> 'resolved'") == 0
        assert one(connection, "SELECT max(created_at) FROM messages") <= now
        assert one(connection, "SELECT count(*) FROM trend_news") == truth["turns"]
        assert one(connection, "SELECT count(*) FROM search_messages") > 0
        for fold in (counting.fold, helping.fold):
            await fold(database, lambda: now)
        assert one(connection, "SELECT sum(messages) FROM trend_hours") == truth["turns"]
        assert one(connection, "SELECT count(*) FROM case_facts") == one(connection, "SELECT count(*) FROM tickets")
        assert one(connection, "SELECT count(*) FROM answer_facts") > truth["turns"] / 5
