"""Who is looking and who is typing: known to colleagues at once, gone after 45 seconds, and cheap to know."""

import asyncio
from contextlib import aclosing
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from fastapi import FastAPI
from sqlalchemy import select, text

from desk.looking import glance_token
from desk.office import Office
from desk.presence import GONE, KEPT, TYPING, at_desk, forget, is_online, left, looking, online, present
from desk.sessions import Person
from records.bell import DESK, Bell
from records.database import Database
from records.models import Staff
from tests.conftest import OPENING
from tests.desk.conftest import Browse
from tests.desk.making import Scene

LISTENS = text(
    "SELECT EXISTS (SELECT FROM pg_stat_activity"
    " WHERE datname = current_database() AND query LIKE 'LISTEN%' AND state = 'idle')"
)


class Watch:
    """Real time, as far as this desk knows."""

    def __init__(self) -> None:
        self.now = OPENING

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def office(app: FastAPI, watch: Watch) -> Office:
    office: Office = app.state.office
    object.__setattr__(office, "real_clock", watch)
    return office


async def who(office: Office, database: Database, chat: UUID, but: UUID) -> list[tuple[str, bool]]:
    async with database.read() as session:
        return [(one.name, one.typing) for one in await present(session, chat, but, office.real_clock())]


async def test_colleagues_see_who_looks_and_who_types(office: Office, database: Database, scene: Scene) -> None:
    chat, sari, joko = scene.conversations["siti"].id, scene.staff["sari"].id, scene.staff["joko"].id
    await looking(office, sari, chat, typing=False)
    await looking(office, joko, chat, typing=True)
    assert await who(office, database, chat, but=scene.staff["lela"].id) == [
        ("Joko Prasetyo", True),
        ("Sari Dewanti", False),
    ]
    assert await who(office, database, chat, but=joko) == [("Sari Dewanti", False)], "not oneself"
    await left(office, sari, chat)
    assert await who(office, database, chat, but=joko) == []


async def test_typing_ends_and_who_says_nothing_is_gone(
    office: Office, watch: Watch, database: Database, scene: Scene
) -> None:
    chat, sari, joko = scene.conversations["siti"].id, scene.staff["sari"].id, scene.staff["joko"].id
    await looking(office, sari, chat, typing=True)
    watch.now += TYPING
    assert await who(office, database, chat, but=joko) == [("Sari Dewanti", False)]
    watch.now = OPENING + GONE
    assert await who(office, database, chat, but=joko) == []


async def test_only_news_rings(office: Office, watch: Watch, bell: Bell, scene: Scene, database: Database) -> None:
    chat, sari = scene.conversations["siti"].id, scene.staff["sari"].id
    heard: list[str] = []

    async def hear() -> None:
        async with aclosing(bell.listen(DESK)) as rings:  # type: ignore[type-var]
            async for _, word in rings:
                heard.append(word)

    ears = asyncio.create_task(hear())
    async with asyncio.timeout(60):
        while not await listens(database):  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    for typing in (False, False, True, True, False):
        await looking(office, sari, chat, typing=typing)
        watch.now += timedelta(seconds=3)
    watch.now += GONE
    await looking(office, sari, chat, typing=False)
    await left(office, sari, chat)
    await left(office, sari, chat)
    for _ in range(600):
        if len(heard) >= 5:
            break
        await asyncio.sleep(0.05)
    ears.cancel()
    assert heard == [f"hadir {chat}"] * 5, "came, types, stopped, came again, left"


async def listens(database: Database) -> bool:
    """Whether somebody's LISTEN is in place: asked, and done."""
    async with database.read() as session:
        return bool(await session.scalar(LISTENS))


async def test_who_has_any_page_open_is_online(office: Office, watch: Watch, database: Database, scene: Scene) -> None:
    sari, joko = scene.staff["sari"].id, scene.staff["joko"].id
    await at_desk(office, sari)
    await at_desk(office, sari)
    await looking(office, joko, scene.conversations["siti"].id, typing=False)
    async with database.read() as session:
        assert await online(session, watch()) == {sari, joko}
        names = select(Staff.username).where(is_online(watch())).order_by(Staff.username)
        assert list(await session.scalars(names)) == ["joko", "sari"]
        assert await online(session, watch() + GONE) == set()
    watch.now += KEPT + GONE
    assert await forget(office) == 2


async def test_an_open_page_says_it_is_there_and_is_told_who_else_is(
    office: Office, database: Database, browse: Browse, scene: Scene
) -> None:
    chat = scene.conversations["siti"].id
    sari, joko = await browse(scene, "sari"), await browse(scene, "joko")
    for browser in (sari, joko):
        assert "data-hadir" in (await browser.get(f"/percakapan/{chat}")).text
    address = f"/percakapan/{chat}/hadir"
    assert (await sari.post(address, lihat="tebakan")).status_code == 403
    token = glance_of(sari, scene, "sari", chat)
    said = await sari.post(address, lihat=token, mengetik="true")
    assert "Sari" not in said.text
    seen = await joko.get(f"{address}?lihat={glance_of(joko, scene, 'joko', chat)}")
    assert "Sari Dewanti</bdi> sedang menulis" in seen.text
    assert (await sari.post(address, lihat=token, pergi="true")).status_code == 204
    seen = await joko.get(f"{address}?lihat={glance_of(joko, scene, 'joko', chat)}")
    assert "Sari" not in seen.text


def glance_of(browser: object, scene: Scene, name: str, chat: UUID) -> str:
    staff = scene.staff[name]
    person = Person(staff.id, name, staff.name, staff.role, browser.csrf, "")  # type: ignore[attr-defined]
    return glance_token(person, chat)
