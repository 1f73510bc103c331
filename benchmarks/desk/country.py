"""The big database: made once, in a PostgreSQL of its own with our settings, and used again while it fits."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.desk.filling import fill
from benchmarks.report import Tell
from helpdesk.rehearsing.own_server import LOADING, empty, plain, served
from records.migrate import upgrade

__all__ = ["country", "plain"]


@contextmanager
def country(bench: Path, tickets: int, tell: Tell) -> Iterator[str]:
    """Run the database with so many cases and give its address; it is made where it is not there."""
    home = bench / "desk" / "postgres"
    name = f"desk_{tickets}"
    if not (home / f"{name}.whole").exists():
        with served(home, **LOADING) as postgres:
            fill(plain(empty(postgres, name, upgrade)), tickets, tell)
            os.sync()
            (home / f"{name}.whole").touch()
    with served(home) as postgres:
        upgrade(postgres.url(name))
        yield postgres.url(name)
