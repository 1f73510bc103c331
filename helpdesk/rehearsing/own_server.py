"""A PostgreSQL for one large invented database: our own server, tuned for loading while the database is made."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from records.embedded import EmbeddedPostgres

LOADING = {"shared_buffers": "1GB", "max_wal_size": "4GB", "autovacuum": "off", "fsync": "off"}
"""Only while it is made; afterwards it is served with the settings of every rehearsal, durability on."""


def plain(url: str) -> str:
    """Return the address as psycopg takes it."""
    return url.replace("+psycopg", "")


@contextmanager
def served(home: Path, **settings: str) -> Iterator[EmbeddedPostgres]:
    """Run the server of this folder; it is made where it is not there."""
    home.mkdir(parents=True, exist_ok=True)
    postgres = EmbeddedPostgres(home / "data")
    postgres.prepare()
    process = postgres.start(home / "log", **settings)
    try:
        yield postgres
    finally:
        EmbeddedPostgres.stop(process, seconds=120)


def empty(postgres: EmbeddedPostgres, name: str, lay: Callable[[str], None]) -> str:
    """Make a database anew, let its tables be laid, and return its address."""
    with psycopg.connect(plain(postgres.url("postgres")), autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)".encode())
    postgres.ensure_database(name)
    lay(postgres.url(name))
    return postgres.url(name)
