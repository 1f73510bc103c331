"""`helpdesk privacy` on records of its own: show with a receipt, delete once, sweep with a proof."""

import json
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from typer.testing import CliRunner

from helpdesk.cli import app

CHAT = uuid4()


@pytest.fixture
def house(database_url: str, data_key: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Settings that lead to a database with one visitor's conversation, erased by nobody yet."""
    for name, value in {
        "DATABASE_URL": database_url,
        "HELPDESK_DATA_KEY": data_key,
        "HELPDESK_VAR": str(tmp_path),
        "TELEGRAM_TOKEN": "1:uji",
        "HELPDESK_SETTINGS_FILE": str(tmp_path / "none.env"),
    }.items():
        monkeypatch.setenv(name, value)
    with psycopg.connect(database_url.replace("+psycopg", "", 1), autocommit=True) as connection:
        connection.execute(
            "INSERT INTO identities (id, channel, external_id, display_name) VALUES (%s, 'web', 'v1', 'Melati Uji')",
            (CHAT,),
        )
        connection.execute(
            "INSERT INTO conversations (id, channel, external_id, identity_id, opened_at) "
            "VALUES (%s, 'web', 'v1', %s, now() - interval '90 days')",
            (CHAT, CHAT),
        )
        connection.execute("INSERT INTO lanes (conversation_id) VALUES (%s)", (CHAT,))
        connection.execute(
            "INSERT INTO messages (id, conversation_id, direction, author, text, sealed_text, created_at) "
            "VALUES (%s, %s, 'in', 'participant', 'nik [NIK]', 'x', now() - interval '31 days')",
            (uuid4(), CHAT),
        )
    return database_url


def run(*words: str) -> str:
    result = CliRunner().invoke(app, ["privacy", *words], catch_exceptions=False)
    return result.output


def test_what_is_shown_is_in_a_file_for_the_owner_alone(house: str, tmp_path: Path) -> None:
    file = tmp_path / "mine.json"
    assert "DP-100001" in run("show", str(CHAT), str(file), "--reason", "Diminta peserta")
    assert json.loads(file.read_text())["held"]["identities"][0]["display_name"] == "Melati Uji"
    assert file.stat().st_mode & 0o077 == 0


def test_nobody_by_that_number_is_said_so(house: str, tmp_path: Path) -> None:
    assert "No such ticket" in run("show", "T-999999", str(tmp_path / "x"), "--reason", "Diminta peserta")
    assert "No such ticket" in run("delete", "bukan-apa-apa", "--reason", "Diminta peserta", "--yes")


def test_a_sweep_says_what_it_emptied_and_a_dry_one_what_it_would(house: str) -> None:
    assert "messages.sealed_text                     1" in run("sweep", "--dry-run")
    assert "messages.sealed_text                     1" in run("sweep")
    assert "messages.sealed_text                     0" in run("sweep")


def test_a_deletion_is_asked_for_before_it_is_done(house: str) -> None:
    result = CliRunner().invoke(app, ["privacy", "delete", str(CHAT), "--reason", "Diminta peserta"], input="n\n")
    assert result.exit_code == 1
    with psycopg.connect(house.replace("+psycopg", "", 1)) as connection:
        found = connection.execute("SELECT count(*) FROM data_requests").fetchone()
    assert found == (0,)
