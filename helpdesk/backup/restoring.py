"""Restoring a backup into a new database, which then takes the place of the old one; the old one is kept beside it.

Nothing of the old database is touched until the new one is whole, of this version, and unable to send anything old.
"""

import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import psycopg.rows
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from sqlalchemy import make_url

from helpdesk.backup import manifest as backups
from helpdesk.backup import tools
from helpdesk.backup.making import counts
from helpdesk.backup.manifest import Manifest
from helpdesk.backup.setting_aside import Seen, SetAside, set_aside
from records.database import psycopg_url
from records.migrate import upgrade

Tell = Callable[[str], None]

JOBS = "2"
MOMENTS = timedelta(seconds=5)
"""The tide rises every two seconds: what is younger than its last rise by more was written after the restoration."""
LEAVING_S = 2.0
"""Whoever has just hung up is seen in the database for a moment longer."""
VISITORS = """
    SELECT DISTINCT COALESCE(NULLIF(application_name, ''), 'pid ' || pid) FROM pg_stat_activity
    WHERE datname = %s AND pid <> pg_backend_pid() AND backend_type = 'client backend' ORDER BY 1
"""
GAP = """
    SELECT (SELECT max(stored_at) FROM inbox) AS last_event,
           (SELECT count(*) FROM inbox WHERE stored_at > %(at)s) AS events,
           (SELECT count(DISTINCT conversation_id) FROM inbox WHERE stored_at > %(at)s) AS conversations,
           (SELECT count(*) FROM outbox WHERE created_at > %(at)s) AS messages,
           (SELECT count(*) FROM tickets WHERE opened_at > %(stands_at)s) AS tickets,
           (SELECT array_agg(number ORDER BY number) FROM data_requests
            WHERE kind = 'delete' AND done_at > %(stands_at)s) AS deletions,
           epoch.number, epoch.tide
    FROM epoch
"""

NEVER = Seen(tide=0)


class NotRestored(Exception):
    """Nothing was restored, and the database is as it was; the message says why."""


@dataclass(frozen=True)
class Gap:
    """What was written after the backup and is not in it, as far as the old database can still tell."""

    since: datetime
    until: datetime | None = None
    events: int | None = None
    conversations: int | None = None
    messages: int | None = None
    tickets: int | None = None
    deletions: tuple[str, ...] = ()
    seen: Seen = NEVER
    """How far the old database was."""

    def as_json(self) -> dict[str, Any]:
        """Return it as it is kept with the epoch."""
        known = {name: getattr(self, name) for name in ("events", "conversations", "messages", "tickets")}
        until = self.until.isoformat() if self.until else None
        return {"since": self.since.isoformat(), "until": until, "deletions": list(self.deletions), **known}


@dataclass(frozen=True)
class Restored:
    """What was restored, what was set aside of it, and what is missing."""

    manifest: Manifest
    aside: SetAside
    gap: Gap
    old: str | None
    """The database that was there before, under its new name."""


class Restoring:
    """One restoration of the database at `url`."""

    def __init__(self, url: str, now: datetime, tell: Tell) -> None:
        self._whole, self._url, self._now, self._tell = psycopg_url(url), tools.plain(url), now, tell
        self._name = str(conninfo_to_dict(self._url).get("dbname") or "helpdesk")
        self._stamp = f"{datetime.now(UTC):%Y%m%d%H%M%S%f}"
        self._new, self._old = f"{self._name}_new_{self._stamp}", f"{self._name}_before_{self._stamp}"

    def run(self, file: Path, seen: int) -> Restored:
        """Restore a backup; raises NotRestored and leaves everything as it was, or ends with the new database in place.

        Args:
            file: the backup.
            seen: how high the tide was, as noted beside the database.
        """
        try:
            with psycopg.connect(self._at("postgres"), autocommit=True) as connection:
                there = self._nobody_is_in(connection)
                manifest = self._load(file, connection)
                return self._put_in_place(manifest, seen, connection, there)
        except (psycopg.Error, tools.ToolFailed, backups.NoBackup, OSError) as problem:
            raise NotRestored(str(problem)) from problem

    def _nobody_is_in(self, connection: psycopg.Connection) -> bool:
        """Say whether there is a database to replace; raises NotRestored while somebody uses it."""
        until = time.monotonic() + LEAVING_S
        while visitors := [name for (name,) in connection.execute(VISITORS, (self._name,)).fetchall()]:
            if time.monotonic() > until:
                raise NotRestored(f"The database is in use by {', '.join(visitors)}. Stop them first: helpdesk down")
            time.sleep(0.05)
        found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (self._name,)).fetchone()
        return found is not None

    def _load(self, file: Path, connection: psycopg.Connection) -> Manifest:
        with tempfile.TemporaryDirectory(dir=file.resolve().parent, prefix=".restore-") as folder:
            dump = Path(folder) / backups.DUMP
            manifest = backups.unpack(file, dump)
            self._tell(f"the backup is whole: {manifest.rows:,} rows of {manifest.made_at:%Y-%m-%d %H:%M:%S} UTC")
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(self._new)))
            try:
                self._fill(dump, manifest)
            except BaseException:
                self._drop_new(connection)
                raise
        return manifest

    def _fill(self, dump: Path, manifest: Manifest) -> None:
        arguments = ["--exit-on-error", "--no-owner", "--no-privileges", f"--jobs={JOBS}", f"--dbname={self._new}"]
        tools.run("pg_restore", self._at(self._new), [*arguments, str(dump)])
        with psycopg.connect(self._at(self._new)) as new:
            found = counts(new)
        if found != manifest.counts:
            differing = sorted(name for name in manifest.counts if manifest.counts[name] != found.get(name))
            raise NotRestored(f"What was restored is not what was backed up: {', '.join(differing)}")
        self._tell(f"{len(found)} tables restored and counted")
        upgrade(make_url(self._whole).set(database=self._new).render_as_string(hide_password=False))

    def _put_in_place(self, manifest: Manifest, seen: int, connection: psycopg.Connection, there: bool) -> Restored:
        try:
            gap = self._gap(manifest) if there else Gap(manifest.made_at)
            with psycopg.connect(self._at(self._new)) as new:
                # whatever stands in it now is of the backup's moment or before
                last = Seen(max(seen, gap.seen.tide), gap.seen.number)
                aside = set_aside(new, datetime.now(UTC), last, manifest.stands_at, self._now, gap.as_json())
            renamed = [(self._new, self._name)]
            if there:
                renamed = [(self._name, self._old), *renamed]
            self._rename(connection, renamed)
        except BaseException:
            self._drop_new(connection)
            raise
        return Restored(manifest, aside, gap, self._old if there else None)

    def _rename(self, connection: psycopg.Connection, renamed: list[tuple[str, str]]) -> None:
        """Give databases other names, all of them or none."""
        rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
        with connection.transaction():
            for before, after in renamed:
                connection.execute(rename.format(sql.Identifier(before), sql.Identifier(after)))

    def _gap(self, manifest: Manifest) -> Gap:
        given = {"at": manifest.made_at, "stands_at": manifest.stands_at}
        try:
            with psycopg.connect(self._at(self._name), row_factory=psycopg.rows.dict_row) as old:
                row = old.execute(GAP, given).fetchone() or {}
        except psycopg.Error as problem:
            self._tell(f"the old database cannot be read any more: {str(problem).splitlines()[0]}")
            return Gap(manifest.made_at)
        return Gap(
            manifest.made_at,
            row["last_event"],
            row["events"],
            row["conversations"],
            row["messages"],
            row["tickets"],
            tuple(row["deletions"] or ()),
            Seen(row["tide"], row["number"]),
        )

    def _drop_new(self, connection: psycopg.Connection) -> None:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(self._new)))

    def _at(self, database: str) -> str:
        return make_conninfo(self._url, dbname=database)


def old_ones(url: str) -> list[str]:
    """Return the databases that were replaced and are still there."""
    name = str(conninfo_to_dict(tools.plain(url)).get("dbname") or "helpdesk")
    query = "SELECT datname FROM pg_database WHERE datname LIKE %s ORDER BY datname"
    with psycopg.connect(make_conninfo(tools.plain(url), dbname="postgres"), autocommit=True) as connection:
        return [str(found) for (found,) in connection.execute(query, (f"{name}\\_before\\_%",)).fetchall()]


def drop(url: str, database: str) -> None:
    """Delete a database that was replaced."""
    with psycopg.connect(make_conninfo(tools.plain(url), dbname="postgres"), autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE {}").format(sql.Identifier(database)))


def adopt(url: str, seen: int, now: datetime) -> tuple[SetAside, Gap]:
    """Take records that somebody put back by hand for the right ones, and set aside what is old in them.

    Args:
        url: of the records as they are now.
        seen: how high the tide was, as noted beside the database.
        now: the house's clock.
    """
    with psycopg.connect(tools.plain(url)) as connection:
        row = connection.execute("SELECT moved_at FROM epoch").fetchone()
        if row is None:
            raise NotRestored("These are no records of the help desk.")
        gap = Gap(row[0])
        as_of = now - (datetime.now(UTC) - row[0])
        aside = set_aside(connection, row[0] + MOMENTS, Seen(seen), as_of, now, gap.as_json())
    return aside, gap
