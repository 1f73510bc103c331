"""`helpdesk audit`: a whole chain is said to be whole, an altered one is named, and a copy carries its hashes."""

import json
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from click.testing import Result
from sqlalchemy import text
from typer.testing import CliRunner

from helpdesk.cli import app
from records import audit
from records.clock import Clock
from records.database import Database

DELETE_ONE = "DELETE FROM audit WHERE id = 3"
REWRITE = "UPDATE audit SET actor = 'joko' WHERE id = 3"
SLIP_IN = (
    "INSERT INTO audit (id, at, actor, action, object, previous_hash, hash) OVERRIDING SYSTEM VALUE "
    "VALUES (99, now(), 'joko', 'view', 'ticket:T-1', (SELECT hash FROM audit WHERE id = 5), 'x')"
)


@pytest.fixture
async def url(
    database: Database, database_url: str, clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> str:
    for number in range(5):
        async with database.write() as session:
            at = clock() + timedelta(days=number)
            detail = {"why": "permit", "reason": "memeriksa “keluhan” 😀"}
            await audit.record(session, at=at, actor="sari", action="view", object=f"ticket:T-{number}", detail=detail)
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("HELPDESK_VAR", str(tmp_path / "var"))
    return database_url.replace("+psycopg", "", 1)


def run(*words: str) -> Result:
    return CliRunner().invoke(app, ["audit", *words], catch_exceptions=False)


def as_superuser(url: str, statement: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute("ALTER TABLE audit DISABLE TRIGGER audit_append_only")
        connection.execute(statement)


def test_a_whole_chain_is_said_to_be_whole(url: str) -> None:
    result = run("verify")
    assert (result.exit_code, "5 entries, the chain is whole" in result.output) == (0, True)


@pytest.mark.parametrize(
    ("alteration", "named"),
    [(REWRITE, "#3 "), (DELETE_ONE, "#4 "), (SLIP_IN, "#99 "), ("UPDATE audit SET detail = '{}' WHERE id = 1", "#1 ")],
)
def test_whoever_alters_it_as_superuser_is_found_at_the_first_entry(url: str, alteration: str, named: str) -> None:
    as_superuser(url, alteration)
    result = run("verify")
    assert result.exit_code == 1
    assert f"broken at {named}" in result.output


def test_entries_cut_off_at_the_end_are_missed_by_what_was_noted_elsewhere(url: str) -> None:
    noted = run("verify").output.split(": ")[-1].strip()
    assert run("verify", "--through", noted).exit_code == 0
    as_superuser(url, "DELETE FROM audit WHERE id > 3")
    assert run("verify").exit_code == 0
    result = run("verify", "--through", noted)
    assert (result.exit_code, "taken out" in result.output) == (1, True)


@pytest.mark.parametrize("statement", ["UPDATE audit SET actor = 'x'", "DELETE FROM audit", "TRUNCATE audit"])
async def test_nobody_alters_it_by_the_way(url: str, database: Database, statement: str) -> None:
    with pytest.raises(Exception, match="append-only"):
        async with database.write() as session:
            await session.execute(text(statement))


def test_a_copy_carries_the_days_asked_for_and_is_written_down(url: str, tmp_path: Path) -> None:
    file = tmp_path / "jejak.jsonl"
    assert "2 entries" in run("export", str(file), "--from", "2020-08-25", "--to", "2020-08-26").output
    lines = [json.loads(line) for line in file.read_text().splitlines()]
    assert [line["object"] for line in lines] == ["ticket:T-1", "ticket:T-2"]
    assert lines[1]["previous_hash"] == lines[0]["hash"]
    assert file.stat().st_mode & 0o077 == 0
    with psycopg.connect(url) as connection:
        last = connection.execute("SELECT action, detail->>'lines' FROM audit ORDER BY id DESC LIMIT 1").fetchone()
    assert last == ("audit_exported", "2")
