"""What every test may use: a real PostgreSQL of its own, a clock that stands still, and a clean environment."""

import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
from cryptography.fernet import Fernet
from hypothesis import HealthCheck, settings
from xdist.scheduler import LoadScopeScheduling

from records.clock import Clock
from records.database import Database
from records.embedded import EmbeddedPostgres
from records.migrate import upgrade

OPENING = datetime(2020, 8, 24, 3, 0, tzinfo=UTC)
"""24 August 2020, 10:00 WIB: when the rehearsal opens."""

UNSAFE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
"""A test database need not survive a power cut."""

# how long an example takes says how busy the machine is, and nothing of what is right; every run tries the same
# examples but for the long one (HYPOTHESIS_PROFILE=long), which is there to find new ones
settings.register_profile(
    "here",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    derandomize=os.environ.get("HYPOTHESIS_PROFILE") != "long",
)
settings.load_profile("here")


class ByModule(LoadScopeScheduling):
    """Each module goes wherever there is room, but the scenes of the running system share it and stay together."""

    def _split_scope(self, nodeid: str) -> str:
        return "tests/stack" if nodeid.startswith("tests/stack/") else super()._split_scope(nodeid)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadScopeScheduling:
    """How tests are shared out where several processes run them."""
    return ByModule(config, log)


@pytest.fixture(scope="session", autouse=True)
def clean_environment() -> Iterator[None]:
    """No setting of the machine leaks into a test."""
    prefixes = ("DATABASE_", "REDIS_", "HELPDESK_", "BOT_", "TELEGRAM_", "WHATSAPP_", "RASA_", "ACTIONS_", "DESK_")
    kept = {name: os.environ.pop(name) for name in list(os.environ) if name.startswith((*prefixes, "PROGRAMME_"))}
    yield
    os.environ.update(kept)


def _quick_folder() -> str | None:
    """Memory, where the machine lets a folder of it grow: a scene's database is nine hundred small files."""
    memory = Path("/dev/shm")  # noqa: S108 (a folder with a random name is made in it)
    return str(memory) if memory.is_dir() and shutil.disk_usage(memory).free > 4 * 2**30 else None


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[EmbeddedPostgres]:
    """A PostgreSQL server of this test process alone, with a migrated template database."""
    folder = Path(tempfile.mkdtemp(prefix=f"hd-{worker_id}-", dir=_quick_folder()))
    folder.chmod(0o755)
    server = EmbeddedPostgres(folder / "data")
    server.prepare()
    process = server.start(folder / "log", shared_buffers="128MB", **UNSAFE)
    server.ensure_database("template")
    upgrade(server.url("template"))
    yield server
    EmbeddedPostgres.stop(process)
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def worker_id(request: pytest.FixtureRequest) -> str:
    """The xdist worker, or `alone`."""
    return str(getattr(request.config, "workerinput", {}).get("workerid", "alone"))


@pytest.fixture
def database_url(postgres: EmbeddedPostgres, request: pytest.FixtureRequest) -> Iterator[str]:
    """A fresh, migrated database for one test."""
    name = f"scene_{abs(hash(request.node.nodeid)) % 10**12}"
    admin = f"host={postgres.socket_folder.resolve()} user=postgres dbname=postgres"
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE template STRATEGY file_copy')
    yield postgres.url(name)
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """The database of this test, opened."""
    database = Database(database_url, pool_size=5)
    yield database
    await database.close()


@pytest.fixture
def clock() -> Clock:
    """The rehearsal's opening, standing still."""
    return lambda: OPENING


@pytest.fixture
def data_key() -> str:
    """A data key of this test alone."""
    return Fernet.generate_key().decode()
