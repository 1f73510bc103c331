"""A registry filled with the small programme, and lines to a programme API that lives in the test."""

import shutil
from collections.abc import AsyncIterator, Callable, Coroutine
from datetime import timedelta
from pathlib import Path

import httpx
import psycopg
import pytest
from cryptography.fernet import Fernet
from psycopg import sql

from records.clock import Clock
from records.database import Database
from records.embedded import EmbeddedPostgres
from registry.breaker import Breaker
from registry.identifiers import Keyed
from registry.importing import ImportReport, import_folder
from registry.own_tables import OwnTables
from registry.partner_line import Partner, PartnerLine
from registry.programme_api import ProgrammeApi
from registry.remembered import Remembered
from tests.conftest import OPENING
from tests.registry.handed_over import Rows, small_programme, write_folder
from tests.registry.programme_server import CLIENT_CODE, SIGN_KEY

type OpenApi = Callable[..., ProgrammeApi]
type Server = (
    Callable[[httpx.Request], httpx.Response] | Callable[[httpx.Request], Coroutine[None, None, httpx.Response]]
)
type Import = Callable[[dict[str, Rows]], ImportReport]
type Ask = Callable[[str], list[tuple[object, ...]]]

PATIENT = timedelta(minutes=1)
"""A second, as in use, may be one pause of a busy machine."""


@pytest.fixture(scope="session")
def data_key() -> str:
    """One data key for all scenes of the registry: they share what was handed over."""
    return Fernet.generate_key().decode()


@pytest.fixture(scope="session")
def programme_url(
    postgres: EmbeddedPostgres, tmp_path_factory: pytest.TempPathFactory, worker_id: str, data_key: str
) -> str:
    """A database with the small programme; scenes look at it and leave its rows as they are."""
    name = f"programme_{worker_id}"
    with psycopg.connect(postgres.url("postgres").replace("+psycopg", ""), autocommit=True) as connection:
        create = sql.SQL("CREATE DATABASE {} TEMPLATE template STRATEGY file_copy")
        connection.execute(create.format(sql.Identifier(name)))
    folder = write_folder(tmp_path_factory.mktemp("programme") / "csv", small_programme())
    assert import_folder(postgres.url(name), folder, lambda: OPENING, data_key).clean
    return postgres.url(name)


@pytest.fixture
async def programme(programme_url: str) -> AsyncIterator[Database]:
    """The database with the small programme, opened."""
    database = Database(programme_url, pool_size=5)
    yield database
    await database.close()


@pytest.fixture
def filled(programme: Database, clock: Clock, data_key: str) -> OwnTables:
    """Own tables with the small programme."""
    return OwnTables(programme, clock, Keyed(data_key), PATIENT)


@pytest.fixture
def tables(database: Database, clock: Clock, data_key: str) -> OwnTables:
    """Own tables into which nothing was imported yet."""
    return OwnTables(database, clock, Keyed(data_key), PATIENT)


@pytest.fixture
async def open_api(clock: Clock) -> AsyncIterator[OpenApi]:
    """Opens the programme's API over a server in the test."""
    clients: list[httpx.AsyncClient] = []

    def open_api(
        server: Server,
        *,
        sign_key: str = SIGN_KEY,
        breaker: Breaker | None = None,
        seconds: float = 0.2,
        clock: Clock = clock,
        remembered: Remembered | None = None,
    ) -> ProgrammeApi:
        clients.append(httpx.AsyncClient(transport=httpx.MockTransport(server)))
        limit = timedelta(seconds=seconds)
        partner = Partner("http://127.0.0.1:1/programme", CLIENT_CODE, sign_key, limit, limit / 2)
        return ProgrammeApi(PartnerLine(partner, clients[-1], breaker or Breaker()), clock, remembered)

    yield open_api
    for client in clients:
        await client.aclose()


@pytest.fixture
def load(database_url: str, clock: Clock, data_key: str, tmp_path: Path) -> Import:
    """Import these files as a folder of its own."""

    def load(files: dict[str, Rows]) -> ImportReport:
        shutil.rmtree(tmp_path / "folder", ignore_errors=True)
        return import_folder(database_url, write_folder(tmp_path / "folder", files), clock, data_key)

    return load


@pytest.fixture
def load_again(programme_url: str, clock: Clock, data_key: str, tmp_path: Path) -> Import:
    """Import these files where the small programme was loaded before; for files that are refused."""
    return lambda files: import_folder(programme_url, write_folder(tmp_path / "folder", files), clock, data_key)


@pytest.fixture
def ask(database_url: str) -> Ask:
    """Ask the database itself."""

    def ask(query: str) -> list[tuple[object, ...]]:
        with psycopg.connect(database_url.replace("postgresql+psycopg://", "postgresql://")) as connection:
            return connection.execute(query.encode()).fetchall()

    return ask


@pytest.fixture
def rows_of(database_url: str) -> Ask:
    """Return every row of a table of the programme."""

    def rows_of(table: str) -> list[tuple[object, ...]]:
        query = sql.SQL("SELECT * FROM {} ORDER BY 1").format(sql.Identifier("programme", table))
        with psycopg.connect(database_url.replace("postgresql+psycopg://", "postgresql://")) as connection:
            return connection.execute(query).fetchall()

    return rows_of
