"""`bench import`: how long an office's import takes and what it costs, in a database of its own with durability on.

The importing process is one of its own, so that its peak memory is its own. People come first, by themselves: they are
what the promise of a million in three minutes is about.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from benchmarks.registry_data import MONEY, write_programme
from benchmarks.report import Tell
from helpdesk.settings import ROOT
from records.embedded import EmbeddedPostgres
from records.migrate import upgrade

DATA_KEY = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="
IMPORT = """
import json, resource, sys, time
from datetime import UTC, datetime
from pathlib import Path
from registry.importing import import_folder

report = import_folder(sys.argv[1], Path(sys.argv[2]), lambda: datetime.now(UTC), sys.argv[3])
loaded = [file for file in report.files if file.outcome == "loaded"]
print(json.dumps({
    "refused": [problem.sentence() for file in report.files for problem in file.problems[:3]],
    "rows": sum(file.rows for file in loaded),
    "changed_rows": sum(file.new + file.changed for file in loaded),
    "seconds": round(report.took_ms / 1000, 1),
    "processor_seconds": round(time.process_time(), 1),
    "memory_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
}))
"""


class ImportRefused(Exception):
    """The benchmark's own files were not accepted."""


def measure(bench: Path, *, participants: int, guarded: bool, tell: Tell) -> dict[str, Any]:
    """Import so many participants into a fresh database, leave it there, and return the figures.

    Args:
        guarded: whether the database, too, looks at every purchase and entry, as it does for an office.
    """
    tell(f"writing {participants:,} participants")
    people = write_programme(bench / "registry" / f"programme-{participants}", participants)
    money = _money_apart(people)
    with server(bench) as postgres:
        name = _fresh(postgres, participants)
        figures = {}
        for title, folder in (("people", people), ("purchases and ledger", money)):
            tell(f"importing {title}")
            figures[title] = _import(postgres.url(name), folder, guarded=guarded or folder is people)
        with psycopg.connect(postgres.url(name).replace("+psycopg", ""), autocommit=True) as connection:
            connection.execute("VACUUM ANALYZE")
    return figures


def database_name(participants: int) -> str:
    """Return the name of the database that holds so many participants."""
    return f"registry_{participants}"


@contextmanager
def server(bench: Path) -> Iterator[EmbeddedPostgres]:
    """Run the benchmark's own PostgreSQL, set as ours is."""
    home = bench / "registry" / "postgres"
    home.mkdir(parents=True, exist_ok=True)
    postgres = EmbeddedPostgres(home / "data")
    postgres.prepare()
    process = postgres.start(home / "log")
    try:
        yield postgres
    finally:
        EmbeddedPostgres.stop(process)


def _fresh(postgres: EmbeddedPostgres, participants: int) -> str:
    name = database_name(participants)
    with psycopg.connect(postgres.url("postgres").replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)".encode())
    postgres.ensure_database(name)
    upgrade(postgres.url(name))
    return name


def _money_apart(people: Path) -> Path:
    """Move what is not about people alone into a folder beside it."""
    money = people.with_name(people.name + "-money")
    money.mkdir(exist_ok=True)
    for name in MONEY:
        if (people / f"{name}.csv").exists():
            shutil.move(people / f"{name}.csv", money / f"{name}.csv")
    return money


def _import(url: str, folder: Path, *, guarded: bool) -> dict[str, Any]:
    command = [sys.executable, "-W", "ignore", "-c", IMPORT, url, str(folder), DATA_KEY]
    environment = os.environ | ({} if guarded else {"PGOPTIONS": "-c session_replication_role=replica"})
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True, env=environment)
    figures: dict[str, Any] = json.loads(done.stdout)
    if refused := figures.pop("refused"):
        raise ImportRefused(refused[0])
    size = sum(path.stat().st_size for path in folder.glob("*.csv"))
    rate = round(figures["rows"] / max(figures["seconds"], 0.1))
    return {**figures, "rows_per_second": rate, "size_mb": round(size / 1e6)}
