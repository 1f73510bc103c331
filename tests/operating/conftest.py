"""Several machines in one: receivers, workers, senders, Rasa and action servers as processes of their own, with a real
Redis and a PostgreSQL server over TCP that wants a password, as on servers.
"""

import asyncio
import shutil
import subprocess
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import psycopg
import pytest

from helpdesk import system
from helpdesk.chaos.checker import check
from helpdesk.chaos.findings import Verdict
from helpdesk.chaos.gathering import gather
from helpdesk.chaos.ground import Ground
from helpdesk.chaos.people import Crowd
from helpdesk.chaos.redis import redis_where_there_is_one
from helpdesk.chaos.rest import come_to_rest
from helpdesk.ports import free_port
from records.embedded import EmbeddedPostgres

ROLES = "receive,chat;receive,chat;work;work;send,keep;send,keep"
PASSWORD = "rahasia-gladi"
SEED = 20_200_824
REST_SECONDS = 240


@contextmanager
def server_over_tcp(folder: Path) -> Iterator[str]:
    """An ordinary PostgreSQL server: TCP, a role of its own, a password; yields the address of its database."""
    server = EmbeddedPostgres(folder / "data")
    server.prepare()
    port = free_port()
    rules = server.data / "pg_hba.conf"
    rules.write_text(f"host all all 127.0.0.1/32 scram-sha-256\n{rules.read_text()}")
    with (folder / "log").open("ab") as sink:
        command = server.command(listen_addresses="127.0.0.1", port=str(port))
        process = subprocess.Popen(command, stdout=sink, stderr=sink, user=server.user, cwd=server.data)
    try:
        with _connected(
            f"host={server.socket_folder.resolve()} port={port} user=postgres dbname=postgres"
        ) as connection:
            connection.execute(f"CREATE ROLE helpdesk LOGIN CREATEDB PASSWORD '{PASSWORD}'".encode())
            connection.execute("CREATE DATABASE helpdesk OWNER helpdesk")
        yield f"postgresql+psycopg://helpdesk:{PASSWORD}@127.0.0.1:{port}/helpdesk"
    finally:
        EmbeddedPostgres.stop(process)


def _connected(address: str) -> psycopg.Connection:
    until = time.monotonic() + 180
    while True:
        try:
            return psycopg.connect(address, autocommit=True)
        except psycopg.OperationalError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)


@pytest.fixture(scope="package")
def machines() -> Iterator[Ground]:
    """Six bots with roles of their own, two Rasa and two action servers."""
    folder = Path(tempfile.mkdtemp(prefix="hd-machines-"))
    folder.chmod(0o755)
    with redis_where_there_is_one() as redis, server_over_tcp(folder) as database_url:
        if redis is None:
            pytest.skip("no Redis on this machine")
        several = {"helpdesk_bots": 6, "helpdesk_bot_roles": ROLES, "helpdesk_rasas": 2, "helpdesk_actions": 2}
        settings = system.beside(folder / "var", database_url=database_url, **several)
        told = {"DATABASE_URL": database_url, "REDIS_URL": redis.url, "LANE_LEASE": "PT30S"}
        told |= {"SIMULATOR_TELEGRAM_RETRY_BASE": "PT0.25S", "SIMULATOR_WHATSAPP_RETRY_BASE": "PT0.25S"}
        try:
            with pytest.MonkeyPatch.context() as environment:
                for name, value in told.items():
                    environment.setenv(name, value)
                running = system.start(settings)
            address = f"http://127.0.0.1:{settings.simulator_port}"
            yield Ground(settings, running.settings, httpx.AsyncClient(base_url=address, timeout=60), folder)
        finally:
            left = system.stop(settings)
    shutil.rmtree(folder, ignore_errors=True)
    assert left == []


type Meanwhile = Callable[[], Awaitable[None]]


async def talked_through(ground: Ground, meanwhile: Meanwhile, *, least: int = 40) -> Verdict:
    """Let people talk while something happens, and judge what became of every message."""
    address = str(ground.simulator.base_url)
    async with httpx.AsyncClient(base_url=address, timeout=60, trust_env=False) as simulator:
        here = Ground(ground.settings, ground.told, simulator, ground.folder)
        crowd = Crowd(here, SEED, lambda line: None)
        await crowd.gather(telegram=14, whatsapp=10, web=0)
        talk = asyncio.create_task(crowd.talk())
        try:
            await asyncio.sleep(5)
            await meanwhile()
            while crowd.said < least:  # noqa: ASYNC110
                await asyncio.sleep(0.5)
            crowd.hush()
            assert await come_to_rest(here, REST_SECONDS, lambda line: None) is not None
            evidence = await gather(here, list(crowd.web.values()), [])
        finally:
            talk.cancel()
            await asyncio.gather(talk, return_exceptions=True)
            await crowd.close()
    verdict = check(evidence)
    assert verdict.counted["acknowledged"] >= least
    return verdict
