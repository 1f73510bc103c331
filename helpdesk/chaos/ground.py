"""The system a run is played on: one of its own, beside any other, with ways to reach every part of it."""

import os
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import psutil
import psycopg
from psycopg.rows import dict_row

from helpdesk import leftovers, rehearsal_clock, system
from helpdesk import state as board
from helpdesk.copies import kind_of
from helpdesk.places import Places
from helpdesk.settings import SystemSettings
from helpdesk.state import PartState
from helpdesk.system import Tell
from records.clock import RehearsalClock

LEASE_SECONDS = 30
"""The shortest the ladder of timeouts allows, so that a pause outlasts it."""


@dataclass(frozen=True)
class Ground:
    """A running system."""

    settings: SystemSettings
    told: Mapping[str, str]
    simulator: httpx.AsyncClient
    """The simulator's control API."""
    folder: Path
    moved: list[tuple[float, float]] = field(default_factory=list)
    """When the clock was moved (real time), and by how many seconds."""

    @property
    def places(self) -> Places:
        """Where its state lies."""
        return Places(self.settings.var)

    @property
    def failpoints(self) -> Path:
        """The orders its processes obey."""
        return failpoints_of(self.folder)

    @property
    def bot(self) -> str:
        """Address of the bots."""
        return f"http://127.0.0.1:{self.settings.bot_port}"

    @property
    def desk(self) -> str:
        """Address of the desk."""
        return f"http://127.0.0.1:{self.settings.desk_port}"

    def parts(self) -> dict[str, PartState]:
        """Return every service as the supervisor knows it."""
        state = board.read(self.places.state)
        parts = state.parts if state else {}
        return {name: part for name, part in parts.items() if part.kind == "service" and name != "simulator"}

    def pids(self, kind: str, *, ready: bool = False) -> dict[str, int]:
        """Return the processes of a kind that run now, by name; only those that are ready, where that is wanted."""
        of_kind = {name: part for name, part in self.parts().items() if part.pid and kind_of(name) == kind}
        return {name: part.pid or 0 for name, part in of_kind.items() if not ready or part.state == "ready"}

    def backends(self) -> list[int]:
        """Return the database's processes that serve a connection of ours."""
        rows = self.rows(
            "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
        )
        return sorted(int(row["pid"]) for row in rows)

    def whole_database(self) -> list[int]:
        """Return the database's first process and all its children."""
        first = self.pids("postgres").get("postgres")
        if first is None:
            return []
        try:
            return [first, *(child.pid for child in psutil.Process(first).children(recursive=True))]
        except psutil.Error:
            return []

    def rows(self, query: str, *values: object) -> list[dict[str, Any]]:
        """Read the records."""
        with self.connection() as connection:
            return connection.execute(query.encode(), values).fetchall()

    def connection(self) -> psycopg.Connection[dict[str, Any]]:
        """Open the records."""
        url = self.told["DATABASE_URL"].replace("+psycopg", "", 1)
        return psycopg.connect(url, autocommit=True, row_factory=dict_row, connect_timeout=3)

    def now(self) -> float:
        """Read the rehearsal clock, in seconds."""
        return RehearsalClock(self.places.clock)().timestamp()

    def move_clock(self, by: timedelta) -> None:
        """Move the rehearsal clock forward."""
        rehearsal_clock.move(self.places.clock, datetime.fromtimestamp(self.now(), UTC) + by)
        self.moved.append((time.time(), by.total_seconds()))

    def rehearsed(self, real: float) -> float:
        """Return what the rehearsal clock read at a real time of this run."""
        return self.now() - time.time() + real - sum(by for when, by in self.moved if when > real)

    def processes(self) -> list[psutil.Process]:
        """Return everything that runs of this system."""
        return leftovers.find(self.places, board.read(self.places.state))


def failpoints_of(folder: Path) -> Path:
    """Return where a run keeps its orders for failpoints."""
    return folder / "failpoints" / "orders.json"


@contextmanager
def ground(
    *, bots: int, rasas: int, tell: Tell, folder: Path | None = None, redis_url: str | None = None
) -> Iterator[Ground]:
    """Start a system and stop it in the end; what it wrote stays in the folder where one is named."""
    kept = folder is not None
    folder = folder or Path(tempfile.mkdtemp(prefix="hd-chaos-"))
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o755)
    failpoints_of(folder).parent.mkdir(exist_ok=True)
    failpoints_of(folder).parent.chmod(0o777)
    settings = system.beside(folder / "var", helpdesk_bots=bots, helpdesk_rasas=rasas)
    os.environ.update(_orders(folder, redis_url))
    try:
        running = system.start(settings, tell=tell)
        address = f"http://127.0.0.1:{settings.simulator_port}"
        yield Ground(
            settings, running.settings, httpx.AsyncClient(base_url=address, timeout=60, trust_env=False), folder
        )
    finally:
        system.stop(settings)
        if not kept:
            shutil.rmtree(folder, ignore_errors=True)


def _orders(folder: Path, redis_url: str | None) -> dict[str, str]:
    """Return what a system of this kind is told beside the usual: short pauses, so that a run need not wait."""
    told = {
        "HELPDESK_FAILPOINTS": str(failpoints_of(folder)),
        "HELPDESK_LONGEST_PAUSE": "PT1S",
        "LANE_LEASE": f"PT{LEASE_SECONDS}S",
        "SIMULATOR_TELEGRAM_RETRY_BASE": "PT0.1S",
        "SIMULATOR_WHATSAPP_RETRY_BASE": "PT0.25S",
        "SIMULATOR_WHATSAPP_RETRY_LONGEST": "PT8S",
    }
    return told | ({"REDIS_URL": redis_url} if redis_url else {})
