"""What the doctor sees in the records: each thing that can be wrong is seen, and how to mend it is said."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import LiteralString

import psycopg
import pytest
from pydantic import SecretStr

from helpdesk import system
from helpdesk.backup.tools import plain
from helpdesk.examining_records import LAST, look_at_backups, look_at_records
from helpdesk.look import Look
from helpdesk.places import Places
from helpdesk.settings import SystemSettings
from records.tide import FileNotes


@pytest.fixture
def settings(tmp_path: Path, database_url: str) -> SystemSettings:
    settings = system.beside(tmp_path / "var", database_url=database_url)
    Places(settings.var).make()
    return settings


def changed(settings: SystemSettings, statement: LiteralString) -> None:
    with psycopg.connect(plain(str(settings.database_url))) as connection:
        connection.execute(statement)


def seen(settings: SystemSettings, what: str) -> Look:
    return next(look for look in look_at_records(settings) if look.what == what)


def test_records_in_order_give_no_cause(settings: SystemSettings) -> None:
    looks = list(look_at_records(settings))
    assert {look.what for look in looks} >= {"records", "migrations", "clock", "size", "webhook", "epoch"}
    assert [look for look in looks if not look.well] == []


def test_records_put_back_by_hand_are_seen_with_the_way_out(settings: SystemSettings) -> None:
    with psycopg.connect(plain(str(settings.database_url))) as connection:
        row = connection.execute("SELECT lineage FROM epoch").fetchone()
    assert row
    asyncio.run(FileNotes(Places(settings.var).tide).write(row[0], 7))
    look = seen(settings, "epoch")
    assert not look.well
    assert "nothing is sent" in look.seen
    assert "restore --adopt" in look.mend


def test_tables_of_an_older_version_are_seen(settings: SystemSettings) -> None:
    changed(settings, "UPDATE alembic_version SET version_num = '0009'")
    look = seen(settings, "migrations")
    assert not look.well
    assert "0009" in look.seen


def test_records_that_cannot_be_written_are_seen(settings: SystemSettings) -> None:
    with psycopg.connect(plain(str(settings.database_url)), autocommit=True) as connection:
        name = connection.info.dbname
        connection.execute(f'ALTER DATABASE "{name}" SET default_transaction_read_only = on'.encode())
        look = seen(settings, "records")
        connection.execute(f'ALTER DATABASE "{name}" SET default_transaction_read_only = off'.encode())
    assert not look.well
    assert "cannot be written" in look.seen


def test_a_webhook_telegram_complains_of_is_seen(settings: SystemSettings) -> None:
    value = json.dumps({"problem": "failing", "last_error": "Connection refused"})
    with psycopg.connect(plain(str(settings.database_url))) as connection:
        connection.execute(
            "INSERT INTO readings (name, at, taken_by, value) VALUES ('telegram_webhook', now(), 'bot', %s)", (value,)
        )
    look = seen(settings, "webhook")
    assert not look.well
    assert "Connection refused" in look.seen


def test_a_staff_group_that_cannot_be_told_is_seen(settings: SystemSettings) -> None:
    assert seen(settings, "staff group").well
    value = json.dumps({"problem": "removed", "said": "bot tidak ada di grup", "unknown_topics": 0})
    with psycopg.connect(plain(str(settings.database_url))) as connection:
        connection.execute(
            "INSERT INTO readings (name, at, taken_by, value) VALUES ('staff_group', now(), 'desk', %s)", (value,)
        )
    look = seen(settings, "staff group")
    assert (look.well, look.seen) == (False, "bot tidak ada di grup")


def test_a_redis_that_is_away_is_seen(settings: SystemSettings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1:1/0")
    assert not seen(settings, "redis").well


@pytest.mark.parametrize(("hours", "well"), [(1, True), (30, False)])
def test_a_backup_of_yesterday_is_wanted_where_people_are_real(
    settings: SystemSettings, hours: int, well: bool
) -> None:
    real = settings.model_copy(update={"telegram_token": SecretStr("1:real")})
    assert not look_at_backups(real).well
    assert look_at_backups(settings).well
    made_at = datetime.now(UTC) - timedelta(hours=hours)
    (settings.var / LAST).write_text(json.dumps({"made_at": made_at.isoformat()}))
    assert look_at_backups(real).well is well
    assert f"{hours} h old" in look_at_backups(real).seen
