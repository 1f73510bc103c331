"""The live stream over a real socket: a page hears what concerns it and it may hear, and the desk can still close."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta

import httpx
import pytest
import uvicorn
from fastapi import FastAPI
from sqlalchemy import update

from desk.acts.claim import claim
from desk.app import create_app
from desk.door import SESSION_COOKIE
from desk.ears import Listener, Wish
from desk.looking import glance_token
from desk.office import Office
from desk.pace import AT_ONCE, Pace
from desk.sessions import close_all, find_person, open_session
from records.bell import DESK, Bell
from records.clock import Clock, system_clock
from records.database import Database
from records.models import Message, Team, Ticket
from tests.conftest import OPENING
from tests.desk.conftest import A_SEAL
from tests.desk.making import Scene
from tests.desk.scenes import CHEAP


@asynccontextmanager
async def served(app: FastAPI) -> AsyncIterator[str]:
    """The app behind a real socket, as `python -m desk` serves it."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error", timeout_graceful_shutdown=2))
    serving = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 (uvicorn offers no event to wait for)
        await asyncio.sleep(0.02)
    port = server.servers[0].sockets[0].getsockname()[1]
    await hearing(app.state.office)
    yield f"http://127.0.0.1:{port}"
    app.state.office.ears.close()
    server.should_exit = True
    await asyncio.wait_for(serving, 60)


async def hearing(office: Office) -> None:
    """Return once the desk's ears hear the bell, which they begin to do while pages are served already."""
    async with asyncio.timeout(60), office.ears.listening(Listener(Wish(frozenset({"uji"})))) as listener:
        while not listener.take():
            await ring(office.database, office.bell, "hadir uji")
            await asyncio.sleep(0.02)


async def signed_in(database: Database, scene: Scene, who: str) -> dict[str, str]:
    async with database.write() as session:
        token = await open_session(session, scene.staff[who], now=system_clock(), life=timedelta(hours=1))
    return {SESSION_COOKIE: token}


@dataclass
class Page:
    """An open stream, and the events it heard."""

    heard: list[tuple[str, str]] = field(default_factory=list)
    open: asyncio.Event = field(default_factory=asyncio.Event)
    ended: bool = False

    def names(self) -> list[str]:
        return [name for name, _ in self.heard]

    async def hears(self, name: str, count: int = 1) -> str:
        """Return what the event brought, once it came."""
        async with asyncio.timeout(60):
            while self.names().count(name) < count:  # noqa: ASYNC110 (a task of its own reads the stream)
                await asyncio.sleep(0.02)
        return [said for heard, said in self.heard if heard == name][count - 1]


@asynccontextmanager
async def listening(address: str, cookies: dict[str, str], wish: str = "antrean=1") -> AsyncIterator[Page]:
    """A page with its stream open."""
    page = Page()

    async def hear() -> None:
        async with (
            httpx.AsyncClient(cookies=cookies, timeout=30) as client,
            client.stream("GET", f"{address}/aliran?{wish}") as stream,
        ):
            assert stream.headers["content-type"].startswith("text/event-stream")
            name = ""
            async for line in stream.aiter_lines():
                if line.startswith(": tersambung"):
                    page.open.set()
                if line.startswith("event:"):
                    name = line.removeprefix("event: ")
                if line.startswith("data:"):
                    page.heard.append((name, line.removeprefix("data:").strip()))
        page.ended = True

    task = asyncio.create_task(hear())
    try:
        opening = asyncio.create_task(page.open.wait())
        await asyncio.wait({task, opening}, timeout=60, return_when=asyncio.FIRST_COMPLETED)
        opening.cancel()
        assert page.open.is_set(), task
        yield page
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError, httpx.HTTPError):
            await task


async def opened(database: Database, scene: Scene, who: str, *conversations: str) -> tuple[dict[str, str], str]:
    """A sign-in, and the wish of a page that opened these conversations."""
    cookies = await signed_in(database, scene, who)
    async with database.read() as session:
        person = await find_person(session, cookies[SESSION_COOKIE], now=system_clock(), at=OPENING)
    assert person
    ids = [scene.conversations[name].id for name in conversations]
    return cookies, "&".join(f"percakapan={one}.{glance_token(person, one)}" for one in ids)


async def ring(database: Database, bell: Bell, word: str) -> None:
    async with database.write() as session:
        await bell.ring(session, DESK, word)


async def says(database: Database, scene: Scene, bell: Bell, who: str, words: str) -> None:
    async with database.write() as session:
        chat = scene.conversations[who]
        session.add(
            Message(
                conversation_id=chat.id, direction="in", author="participant", text=words, created_at=chat.opened_at
            )
        )
        await bell.ring(session, DESK, str(chat.id))


async def test_what_is_said_stands_in_the_open_conversation_and_in_no_other(
    app: FastAPI, database: Database, scene: Scene, bell: Bell
) -> None:
    sari, joko = await opened(database, scene, "sari", "siti"), await opened(database, scene, "joko", "budi")
    async with served(app) as address, listening(address, *sari) as hers, listening(address, *joko) as his:
        await hers.hears("berubah")
        await says(database, scene, bell, "siti", "masih <b>belum</b> bisa")
        said = json.loads(await hers.hears("pesan"))
        assert said["percakapan"] == str(scene.conversations["siti"].id)
        assert "masih &lt;b&gt;belum&lt;/b&gt; bisa" in said["html"]
        assert said["html"].count("<li id=") == 1
        await hers.hears("berubah", 2)
        await says(database, scene, bell, "budi", "halo")
        assert "halo" in await his.hears("pesan")
        assert his.names().count("pesan") == hers.names().count("pesan") == 1


async def test_a_queue_page_hears_that_something_changed_and_never_whose_words(
    app: FastAPI, database: Database, scene: Scene, bell: Bell, clock: Clock
) -> None:
    async with served(app) as address, listening(address, await signed_in(database, scene, "joko")) as page:
        await page.hears("berubah")
        async with database.write() as session:
            await claim(session, bell, ticket_id=scene.tickets["siti"].id, staff=scene.staff["sari"], at=clock())
        await page.hears("berubah", 2)
        assert set(page.heard) == {("berubah", "")}


async def test_presence_is_told_to_those_who_have_it_open_only(
    app: FastAPI, database: Database, scene: Scene, bell: Bell
) -> None:
    chat = scene.conversations["siti"].id
    sari, joko = await opened(database, scene, "sari", "siti"), await signed_in(database, scene, "joko")
    async with served(app) as address, listening(address, *sari) as hers, listening(address, joko) as queue:
        await queue.hears("berubah")
        await ring(database, bell, f"hadir {chat}")
        assert await hers.hears("hadir") == str(chat)
        assert queue.names() == ["berubah"]


async def test_nothing_is_told_without_the_proof_that_the_page_was_opened(
    app: FastAPI, database: Database, scene: Scene, bell: Bell
) -> None:
    cookies, _ = await opened(database, scene, "joko", "siti")
    _, hers = await opened(database, scene, "sari", "siti")
    chat = scene.conversations["siti"].id
    for wish in (f"percakapan={chat}", f"percakapan={chat}.", hers, "percakapan=x.y"):
        async with served(app) as address, listening(address, cookies, wish) as page:
            await says(database, scene, bell, "siti", "rahasia")
            await asyncio.sleep(0.3)
            assert "pesan" not in page.names(), wish


async def test_who_may_no_longer_look_is_shown_nothing_more(
    app: FastAPI, database: Database, scene: Scene, bell: Bell
) -> None:
    joko = await opened(database, scene, "joko", "siti")
    async with served(app) as address, listening(address, *joko) as page:
        await says(database, scene, bell, "siti", "yang pertama")
        await page.hears("pesan")
        async with database.write() as session:
            other = Team(name="Tim Lain")
            session.add(other)
            await session.flush()
            await session.execute(
                update(Ticket).where(Ticket.number == scene.tickets["siti"].number).values(team_id=other.id)
            )
        await says(database, scene, bell, "siti", "yang kedua")
        await page.hears("berubah", 2)
        assert page.names().count("pesan") == 1


async def test_a_sign_in_that_ended_is_let_go_at_the_next_heartbeat_however_much_is_said(
    database: Database, scene: Scene, bell: Bell, clock: Clock
) -> None:
    app = create_app(
        database=database, clock=clock, bell=bell, seal=A_SEAL, passwords=CHEAP, heartbeat=timedelta(seconds=0.5)
    )
    sari = await opened(database, scene, "sari", "siti")
    async with served(app) as address, listening(address, *sari) as page:
        await says(database, scene, bell, "siti", "sebelum")
        await page.hears("pesan")
        async with database.write() as session:
            await close_all(session, scene.staff["sari"].id)
        for number in range(100):
            await says(database, scene, bell, "siti", f"sesudah {number}")
            if page.ended:
                break
            await asyncio.sleep(0.05)
        assert page.ended
        assert page.names().count("pesan") == 1


def test_what_comes_together_is_told_once() -> None:
    listener = Listener(Wish(frozenset({"a", "b"})))
    for word in ("c", "hadir c"):
        listener.hear(word)
    assert (listener.take(), listener.stale) == ([], False)
    for word in ("a", "hadir a", "a", "hadir a", ""):
        listener.hear(word)
    assert (listener.take(), listener.stale) == ([("hadir", "a")], True)


class Told:
    """A page in the queue of those that wait for their turn."""

    closed = False

    def __init__(self) -> None:
        self.turns = 0

    def grant(self) -> None:
        self.turns += 1


async def test_pages_are_asked_to_look_again_as_fast_as_they_are_served_and_in_turn(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("desk.pace.PATIENCE", 3600)
    pace, pages = Pace(), [Told() for _ in range(AT_ONCE * 3)]
    for page in (*pages, *pages[AT_ONCE:]):
        pace.ask(page)
    assert [page.turns for page in pages] == [1] * AT_ONCE + [0] * AT_ONCE * 2
    pace.forget(pages[AT_ONCE])
    for _ in range(AT_ONCE):
        pace.served(0)
    await asyncio.sleep(0.05)
    assert [page.turns for page in pages] == [1] * AT_ONCE + [0] + [1] * AT_ONCE + [0] * (AT_ONCE - 1)
