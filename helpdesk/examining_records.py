"""Looking at the records and what keeps them: can they be written, are they the newest, when were they saved."""

import asyncio
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import redis

from helpdesk import system
from helpdesk.backup import manifest as backups
from helpdesk.backup.restoring import old_ones
from helpdesk.backup.tools import plain
from helpdesk.look import Look
from helpdesk.places import Places
from helpdesk.settings import SystemSettings
from records.migrate import head, is_older
from records.tide import notes_of

BACKUP_AGE = timedelta(hours=26)
"""A backup a day, and some hours for one that is late."""
CLOCKS_APART = timedelta(seconds=5)
LAST = "last-backup.json"
WEBHOOK = "SELECT value ->> 'problem', value ->> 'last_error', at FROM readings WHERE name = 'telegram_webhook'"

STAFF_GROUP = "SELECT value ->> 'said', value ->> 'unknown_topics', at FROM readings WHERE name = 'staff_group'"


def look_at_records(settings: SystemSettings) -> Iterator[Look]:
    """Look at everything that needs the database; of one that is away others speak."""
    told = system.told(settings)
    try:
        with psycopg.connect(plain(told["DATABASE_URL"]), connect_timeout=3, autocommit=True) as connection:
            for look in (_written, _version, _clock, _size, _webhook, _staff_group):
                yield look(connection)
            yield _tide(connection, Places(settings.var), told.get("REDIS_URL"))
        yield from _left_by_restorations(told["DATABASE_URL"])
    except psycopg.Error as problem:
        yield Look("records", False, str(problem).splitlines()[0], "see what the line on the database says")
    if told.get("REDIS_URL"):
        yield _redis(told["REDIS_URL"])


def look_at_backups(settings: SystemSettings) -> Look:
    """Look at when the records were saved last."""
    made_at = last_backup(Places(settings.var))
    if made_at is None:
        return Look("backup", settings.rehearsed, "none was made", "helpdesk backup, every day (docs/deploying.md)")
    age = datetime.now(UTC) - made_at
    well = settings.rehearsed or age < BACKUP_AGE
    return Look("backup", well, f"the last is {_hours(age)} old", "helpdesk backup, every day (docs/deploying.md)")


def last_backup(places: Places) -> datetime | None:
    """Return when the last backup was made, wherever it lies."""
    try:
        return datetime.fromisoformat(json.loads((places.var / LAST).read_text())["made_at"])
    except (OSError, ValueError, KeyError):
        return None


def note_backup(places: Places, file: Path, made: backups.Manifest) -> None:
    """Note that a backup was made."""
    (places.var / LAST).write_text(json.dumps({"file": str(file.resolve()), "made_at": made.made_at.isoformat()}))


def _written(connection: psycopg.Connection) -> Look:
    mend = "free the disk of the database, or end what makes it read-only (a standby, a full disk)"
    try:
        connection.execute("CREATE TEMPORARY TABLE doctor (one integer) ON COMMIT DROP")
    except psycopg.Error as problem:
        return Look("records", False, f"cannot be written: {str(problem).splitlines()[0]}", mend)
    return Look("records", True, "can be written")


def _version(connection: psycopg.Connection) -> Look:
    found = str(_one(connection, "SELECT version_num FROM alembic_version")[0])
    seen = f"version {found}" + ("" if found == head() else f", this program is written for {head()}")
    return Look("migrations", not is_older(found), seen, "helpdesk restart (it runs the migrations first)")


def _clock(connection: psycopg.Connection) -> Look:
    there = _one(connection, "SELECT clock_timestamp()")[0]
    apart = abs(datetime.now(UTC) - there)
    seen = f"{apart.total_seconds():.1f} s beside the database's"
    return Look("clock", apart < CLOCKS_APART, seen, "let both machines ask a time server (timedatectl set-ntp true)")


def _size(connection: psycopg.Connection) -> Look:
    size = int(_one(connection, "SELECT pg_database_size(current_database())")[0])
    return Look("size", True, f"the records take {size / 1e9:.2f} GB")


def _webhook(connection: psycopg.Connection) -> Look:
    row = connection.execute(WEBHOOK).fetchone()
    if row is None:
        return Look("webhook", True, "Telegram was not asked about it yet")
    problem, error, at = row
    seen = f"{problem}: {error or ''}" if problem else f"as Telegram said at {at:%H:%M} UTC, well"
    mend = "BOT_PUBLIC_URL must lead here over TLS; helpdesk restart bot registers it anew"
    return Look("webhook", not problem, seen, mend)


def _staff_group(connection: psycopg.Connection) -> Look:
    row = connection.execute(STAFF_GROUP).fetchone()
    if row is None:
        return Look("staff group", True, "none is set, or no desk has looked at it yet")
    said, unknown, at = row
    seen = said or f"well at {at:%H:%M} UTC" + (f"; {unknown} topics nobody knows the end of" if int(unknown) else "")
    return Look("staff group", not said, seen, "docs/staff-group.md: topics on, the bot an administrator, the right id")


def _tide(connection: psycopg.Connection, places: Places, redis_url: str | None) -> Look:
    lineage, number, tide = _one(connection, "SELECT lineage, number, tide FROM epoch")
    noted = max((asyncio.run(note.read(lineage)) for note in notes_of(places.tide, redis_url)), default=0)
    older = f"older than what was last seen (tide {tide}, seen {noted}): nothing is sent"
    seen = older if tide < noted else f"number {number}, tide {tide}"
    mend = "look whether a backup was put back on purpose, then: helpdesk restore --adopt"
    return Look("epoch", tide >= noted, seen, mend)


def _left_by_restorations(url: str) -> Iterator[Look]:
    if left := old_ones(url):
        seen = f"{len(left)} kept since a restoration: {', '.join(left)}"
        yield Look("old records", False, seen, "when nobody needs them any more: helpdesk restore --drop-old")


def _redis(url: str) -> Look:
    try:
        with redis.Redis.from_url(url, socket_timeout=3) as client:
            client.ping()
    except (redis.RedisError, OSError) as problem:
        mend = "start it; until then the bots look for work by themselves every half second"
        return Look("redis", False, type(problem).__name__, mend)
    return Look("redis", True, "answers")


def _one(connection: psycopg.Connection, query: Any) -> tuple[Any, ...]:
    return connection.execute(query).fetchone() or ()


def _hours(age: timedelta) -> str:
    hours = age.total_seconds() / 3600
    return f"{hours:.0f} h" if hours >= 1 else f"{age.total_seconds() / 60:.0f} min"
