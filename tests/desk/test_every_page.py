"""Every page of the desk, read from its routes: it fits, stays put, axe finds nothing, the browser does not complain.

With PAGES=FOLDER each page is also photographed at both widths, light and dark (`make pages`).
"""

import os
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal
from uuid import uuid4

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute, iter_route_contexts
from playwright.async_api import Browser, Page, async_playwright
from sqlalchemy import select

from desk.rights import may
from records.bell import PostgresBell
from records.database import Database
from records.models import BulkAct, BulkItem, Inbound, Media, Message, Outbound, Topic, TopicRun
from simulator import pictures
from tests.conftest import OPENING
from tests.desk.conftest import A_SEAL
from tests.desk.detection.one import suspected
from tests.desk.making import Scene
from tests.desk.scenes import PEOPLE, announced, outage
from tests.desk.test_browser import CHROMIUM, FLAGS
from tests.desk.test_stream import served, signed_in

AXE = Path(__file__).parents[1] / "judges" / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
WIDTHS = {"desk": (1366, 768), "phone": (390, 844)}
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
LOOKERS = ("sari", "lela", "ani", "hasan", "rudi")
"""Who looks: the first of them who may."""
pytestmark = [
    pytest.mark.stack,
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
]


JUMPS = """
window.jumped = 0;
new PerformanceObserver((seen) => { for (const jump of seen.getEntries()) window.jumped += jump.value; })
  .observe({ type: "layout-shift", buffered: true });
"""
MOST_JUMPED = 0.1
"""What counts as a page that stays put (web.dev/cls)."""


type Things = dict[str, Any]


@dataclass(frozen=True)
class Sight:
    """One page and who looks at it."""

    name: str
    address: str
    who: str | None


def page_routes(app: FastAPI) -> Iterator[tuple[str, str]]:
    """Every route that shows a page: its name and its path."""
    for context in iter_route_contexts(app.routes):
        route = context.route
        if isinstance(route, APIRoute) and "GET" in (route.methods or ()) and route.name.endswith("_page"):
            yield route.name, str(context.path)


def sights(app: FastAPI, things: Things) -> Iterator[Sight]:
    """Every page whose things the scene has."""
    for name, path in page_routes(app):
        if (address := filled(path, things)) is not None:
            yield Sight(name, address, looker(name))


def looker(route: str) -> str | None:
    """The first of the cast who may see it; None where a stranger sees it."""
    return None if may(None, route) else next(who for who in LOOKERS if may(PEOPLE[who][1], route))


LONG = "Paket kursus tidak ditemukan di hampir semua platform sejak Kamis pagi, dan sebagian pembayaran ikut gagal"
"""The title of the incident: as long as people write them."""


async def things_of(scene: Scene, database: Database) -> Things:
    """What stands in addresses, by the name of the parameter."""
    chat = scene.conversations["yanto"].id
    async with database.write() as session:
        note = Message(
            conversation_id=chat, direction="note", author="agent", text="Sudah ditelepon", created_at=OPENING
        )
        note.staff_id = scene.staff["sari"].id
        session.add(note)
        await session.flush()
        many = BulkAct(id=uuid4(), staff_id=note.staff_id, act="tag", given={"tag": "vip"}, total=1, created_at=OPENING)
        session.add(many)
        await session.flush()
        session.add(BulkItem(bulk_id=many.id, ticket_id=scene.tickets["yanto"].id, position=0))
        run = TopicRun(first=OPENING.date(), last=OPENING.date(), asked_at=OPENING, made_at=OPENING, texts=3)
        session.add(run)
        await session.flush()
        named = {"name": "magang pelatihan", "size": 3, "before": 0, "conversations": 3, "platforms": {"-": 3}}
        topic = Topic(run_id=run.id, position=0, **named)
        session.add(topic)
        await session.flush()
        inbox_id = await session.scalar(select(Inbound.id).where(Inbound.conversation_id == chat).limit(1))
        sealed = A_SEAL.close_file(pictures.receipt())
        file = Media(
            conversation_id=chat, inbox_id=inbox_id, ticket_id=scene.tickets["yanto"].id, channel="telegram",
            kind="photo", received_at=OPENING, give_up_at=OPENING, status="kept", type="image/png", size=9, width=720,
            height=1440, sealed_content=sealed, sealed_preview=sealed,
        )  # fmt: skip
        session.add(file)
        await session.flush()
        incident = await outage(session, PostgresBell(database.url), scene, OPENING)
        incident.title = LONG
        return {
            "topic_id": topic.id,
            "incident_id": incident.id,
            "broadcast_id": await announced(session, PostgresBell(database.url), scene, OPENING),
            "bulk_id": many.id,
            "suspicion_id": await suspected(session, scene, OPENING),
            "conversation_id": chat,
            "number": scene.tickets["yanto"].number,
            "staff_id": scene.staff["joko"].id,
            "message_id": note.id,
            "outbox_id": await session.scalar(select(Outbound.id).where(Outbound.conversation_id == chat).limit(1)),
            "inbox_id": inbox_id,
            "media_id": file.id,
        }


def filled(path: str, things: Things) -> str | None:
    """The address with the scene's own things in it; None for what the scene does not have."""
    try:
        return path.format(**things)
    except KeyError:
        return None


@pytest.fixture(scope="session")
def folder() -> Path | None:
    """Where pictures go, if they are wanted."""
    wanted = os.environ.get("PAGES")
    if wanted:
        Path(wanted).mkdir(parents=True, exist_ok=True)
    return Path(wanted) if wanted else None


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        await browser.close()


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("scheme", SCHEMES)
async def test_every_page_fits_and_is_accessible(
    app: FastAPI,
    scene: Scene,
    database: Database,
    browser: Browser,
    folder: Path | None,
    width: str,
    scheme: Literal["light", "dark"],
) -> None:
    faults: dict[str, list[str]] = {}
    seen = []
    things = await things_of(scene, database)
    async with served(app) as address:
        pages: dict[str | None, tuple[Page, list[str]]] = {}
        for sight in sights(app, things):
            if sight.who not in pages:
                pages[sight.who] = await opened(browser, database, scene, address, sight.who, width, scheme)
            page, complaints = pages[sight.who]
            complaints.clear()
            answer = await page.goto(address + sight.address)
            assert answer is not None
            found = [*complaints, *await misfits(page), *(await judged(page) if AXE.exists() else [])]
            if folder:
                # last, for a picture of the whole page stretches the window, and that moves things
                await page.screenshot(path=folder / f"{sight.name}-{width}-{scheme}.png", full_page=True)
            if answer.status >= 400:
                found.append(f"answered {answer.status}")
            if found:
                faults[f"{sight.name} {sight.address}"] = found
            seen.append(sight.name)
    assert faults == {}
    assert seen == [name for name, _ in page_routes(app)], "every page is seen"
    if not AXE.exists():
        pytest.skip("axe-core is not installed (tests/judges): the pages fit, and nobody judged them")


async def opened(
    browser: Browser,
    database: Database,
    scene: Scene,
    address: str,
    who: str | None,
    width: str,
    scheme: Literal["light", "dark"],
) -> tuple[Page, list[str]]:
    wide, high = WIDTHS[width]
    context = await browser.new_context(
        viewport={"width": wide, "height": high}, locale="id-ID", color_scheme=scheme, reduced_motion="reduce"
    )
    context.set_default_timeout(30_000)
    complaints: list[str] = []
    context.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    context.on("weberror", lambda problem: complaints.append(str(problem.error)))
    if who:
        cookies = await signed_in(database, scene, who)
        await context.add_cookies([{"name": name, "value": value, "url": address} for name, value in cookies.items()])
    await context.add_init_script(JUMPS)
    return await context.new_page(), complaints


async def misfits(page: Page) -> list[str]:
    """What is wider than the window, and headings or titles that are missing."""
    over = await page.evaluate(
        "(() => { const wide = document.documentElement.clientWidth;"
        " if (document.documentElement.scrollWidth <= wide) return [];"
        " return [...document.querySelectorAll('body *')].filter((it) => it.getBoundingClientRect().right > wide + 1)"
        ".slice(0, 3).map((it) => it.outerHTML.slice(0, 120)); })()"
    )
    missing = [] if await page.locator("h1").count() == 1 else ["not exactly one h1"]
    jumped = await page.evaluate("window.jumped")
    jumps = [f"jumps: {jumped:.2f}"] if jumped > MOST_JUMPED else []
    return [*(f"too wide: {it}" for it in over), *missing, *jumps]


async def judged(page: Page) -> list[str]:
    """What axe-core objects to."""
    if not await page.evaluate("Boolean(window.axe)"):
        await page.evaluate(AXE.read_text())
    violations = await page.evaluate(
        "(tags) => axe.run(document, { runOnly: { type: 'tag', values: tags } }).then((it) => it.violations"
        ".map((v) => v.id + ': ' + v.nodes.slice(0, 3).map((n) => n.target.join(' ')).join(' | ')))",
        TAGS,
    )
    return list(violations)
