"""The desk as its users reach it: the app in this process, and a browser of every role."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import timedelta

import httpx
import pytest
from cryptography.fernet import Fernet
from fastapi import FastAPI

from desk.app import create_app
from desk.door import SESSION_COOKIE
from desk.sessions import open_session
from records.bell import Bell, PostgresBell
from records.clock import Clock, system_clock
from records.database import Database
from records.models import Conversation
from records.sealed import Seal
from tests.desk.making import Scene
from tests.desk.scenes import CHEAP, seed

SETUP_CODE = "kode-penyiapan"
A_SEAL = Seal(Fernet.generate_key().decode())
TOKEN = re.compile(r'name="csrf" value="([^"]+)"')


class Browser:
    """A browser with cookies; it sends a form with the token of the page it last saw."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client
        self.csrf = ""

    async def get(self, address: str, **more: object) -> httpx.Response:
        response = await self.client.get(address, **more)  # type: ignore[arg-type]
        if found := TOKEN.search(response.text):
            self.csrf = found[1]
        return response

    async def post(self, address: str, **fields: str) -> httpx.Response:
        return await self.client.post(address, data={"csrf": self.csrf, **fields})

    async def permitted(self, *conversations: Conversation) -> "Browser":
        """Say why, and so get into conversations that are not one's own."""
        for each in conversations:
            answer = await self.post(f"/percakapan/{each.id}/izin", reason="memeriksa keluhan yang berulang")
            assert answer.status_code == 303, answer.text
        return self


@pytest.fixture
def bell(database: Database) -> Bell:
    return PostgresBell(database.url)


@pytest.fixture
async def scene(database: Database, clock: Clock) -> Scene:
    return await seed(database, clock())


@pytest.fixture
def app(database: Database, clock: Clock, bell: Bell) -> FastAPI:
    return create_app(database=database, clock=clock, bell=bell, seal=A_SEAL, setup_code=SETUP_CODE, passwords=CHEAP)


type Browse = Callable[..., Awaitable[Browser]]


@pytest.fixture
async def browse(app: FastAPI, database: Database) -> AsyncIterator[Browse]:
    """Open a browser, signed in as one of the cast or as nobody."""
    async with AsyncExitStack() as stack:

        async def browse(scene: Scene | None = None, who: str | None = None) -> Browser:
            transport = httpx.ASGITransport(app=app, raise_app_exceptions=True)
            client = await stack.enter_async_context(httpx.AsyncClient(transport=transport, base_url="http://meja"))
            browser = Browser(client)
            if who and scene:
                async with database.write() as session:
                    token = await open_session(session, scene.staff[who], now=system_clock(), life=timedelta(hours=1))
                client.cookies.set(SESSION_COOKIE, token)
                await browser.get("/sandi")
            return browser

        yield browse
