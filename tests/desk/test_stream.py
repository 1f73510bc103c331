"""The live stream over a real socket: a ring is heard by every open page, and the desk can still close."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import httpx
import uvicorn
from fastapi import FastAPI

from desk.app import create_app
from desk.claim import claim
from desk.door import SESSION_COOKIE
from desk.ears import PATIENCE, Ears, tell
from desk.sessions import close_all, open_session
from records.bell import Bell
from records.clock import Clock, system_clock
from records.database import Database
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
    yield f"http://127.0.0.1:{port}"
    app.state.office.ears.close()
    server.should_exit = True
    await asyncio.wait_for(serving, 10)


async def signed_in(database: Database, scene: Scene, who: str) -> dict[str, str]:
    async with database.write() as session:
        token = await open_session(session, scene.staff[who], now=system_clock(), life=timedelta(hours=1))
    return {SESSION_COOKIE: token}


async def test_a_claim_is_heard_by_every_open_page(
    app: FastAPI, database: Database, scene: Scene, bell: Bell, clock: Clock
) -> None:
    async def hear(address: str, who: str, ready: asyncio.Event) -> str:
        cookies = await signed_in(database, scene, who)
        async with (
            httpx.AsyncClient(cookies=cookies, timeout=10) as client,
            client.stream("GET", f"{address}/aliran") as stream,
        ):
            assert stream.headers["content-type"].startswith("text/event-stream")
            async for line in stream.aiter_lines():
                if line.startswith(": tersambung"):
                    ready.set()
                if line.startswith("data:"):
                    return line.removeprefix("data: ")
        return "nothing"

    async with served(app) as address:
        ready = [asyncio.Event(), asyncio.Event()]
        pages = [
            asyncio.create_task(hear(address, who, event)) for who, event in zip(("joko", "rudi"), ready, strict=True)
        ]
        await asyncio.gather(*(event.wait() for event in ready))
        for _ in range(20):  # the ears may still be connecting: a lost ring costs only the next look
            async with database.write() as session:
                await bell.ring(session, "desk", str(scene.conversations["siti"].id))
            if all(page.done() for page in pages):
                break
            await asyncio.sleep(0.1)
        heard = await asyncio.wait_for(asyncio.gather(*pages), 5)
        assert heard == [str(scene.conversations["siti"].id)] * 2
        async with database.write() as session:
            await claim(session, bell, ticket_id=scene.tickets["siti"].id, staff=scene.staff["sari"], at=clock())


async def test_a_page_whose_sign_in_ended_is_let_go(database: Database, scene: Scene, bell: Bell, clock: Clock) -> None:
    app = create_app(
        database=database, clock=clock, bell=bell, seal=A_SEAL, passwords=CHEAP, heartbeat=timedelta(seconds=0.1)
    )
    cookies = await signed_in(database, scene, "sari")
    async with (
        served(app) as address,
        httpx.AsyncClient(cookies=cookies, timeout=10) as client,
        client.stream("GET", f"{address}/aliran") as stream,
    ):
        lines = stream.aiter_lines()
        assert await anext(lines) == "retry: 2000"
        async with database.write() as session:
            await close_all(session, scene.staff["sari"].id)
        assert len([line async for line in lines]) < 100


async def test_a_slow_page_is_told_once_that_anything_may_have_changed(bell: Bell) -> None:
    ears = Ears(bell)
    async with ears.listening() as words:
        for number in range(PATIENCE + 1):
            tell(words, f"percakapan {number}")
        assert [words.get_nowait() for _ in range(words.qsize())] == ["", f"percakapan {PATIENCE}"]
