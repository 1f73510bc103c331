"""PostgreSQL's own tools: which of those on this machine fit the server, and how they are told where it is."""

import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
from psycopg.conninfo import conninfo_to_dict

from records.embedded import EmbeddedPostgres

ENVIRONMENT = {
    "host": "PGHOST",
    "port": "PGPORT",
    "user": "PGUSER",
    "password": "PGPASSWORD",
    "dbname": "PGDATABASE",
    "sslmode": "PGSSLMODE",
}


class ToolFailed(Exception):
    """One of PostgreSQL's tools is missing or ended badly; the message says what it said."""


def plain(url: str) -> str:
    """Return an address as PostgreSQL itself reads it."""
    return url.replace("postgresql+psycopg://", "postgresql://", 1)


def run(name: str, url: str, arguments: list[str], on_line: Callable[[str], None] = lambda line: None) -> None:
    """Run a tool against the database at `url`; raises ToolFailed with its last words."""
    command = [str(_fitting(name, url)), *arguments]
    # a password among the arguments could be read by everybody on the machine
    last: list[str] = []
    with subprocess.Popen(command, env=_told(url), text=True, stderr=subprocess.PIPE, errors="replace") as process:
        for line in process.stderr or ():
            on_line(line.rstrip())
            last = [*last[-9:], line.rstrip()]
    if process.returncode:
        raise ToolFailed(f"{name} ended with {process.returncode}:\n" + "\n".join(last))


def listing(dump: Path) -> str:
    """Return what a dump says that it holds."""
    done = subprocess.run(
        [str(next(_candidates("pg_restore"))), "--list", str(dump)], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise ToolFailed(f"pg_restore does not read the dump: {done.stderr.strip()[-500:]}")
    return done.stdout


def _fitting(name: str, url: str) -> Path:
    """Return a tool at least as new as the server: an older one refuses to work."""
    with psycopg.connect(plain(url), connect_timeout=5) as connection:
        server = connection.info.server_version // 10000
    for path in _candidates(name):
        if _major(path) >= server:
            return path
    raise ToolFailed(
        f"{name} {server} or later is not on this machine. Way out: apt install postgresql-client-{server}"
    )


def _candidates(name: str) -> Iterator[Path]:
    yield EmbeddedPostgres.programs() / name
    if found := shutil.which(name):
        yield Path(found)


def _major(path: Path) -> int:
    said = subprocess.run([str(path), "--version"], capture_output=True, text=True, check=False).stdout
    found = re.search(r"\) (\d+)", said)
    return int(found[1]) if found else 0


def _told(url: str) -> dict[str, str]:
    machine = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    given = conninfo_to_dict(plain(url))
    return machine | {ENVIRONMENT[name]: str(value) for name, value in given.items() if name in ENVIRONMENT and value}
