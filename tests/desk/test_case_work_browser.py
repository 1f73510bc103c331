"""Two agents in browsers: they see each other look and type, and every act opens by its key with the cursor in it."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import BrowserContext, Page, Route, expect
from sqlalchemy import select

from desk.acts.claim import claim
from desk.acts.priority import set_priority
from records.bell import Bell
from records.clock import Clock
from records.database import Database
from records.models import Ticket
from tests.desk.making import Scene
from tests.desk.test_browser import CHROMIUM, sign_in, visit

pytestmark = [
    pytest.mark.stack,
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
]
__all__ = ["visit"]

type Visit = tuple[BrowserContext, str, list[str]]

HERE = "document.body.dispatchEvent(new CustomEvent('desk-detak'))"


async def opened(page: Page, address: str, scene: Scene, case: str) -> None:
    await page.goto(f"{address}/percakapan/{scene.conversations[case].id}")
    await expect(page.get_by_role("heading", name="Bukti")).to_be_visible()


async def writes_on(page: Page, seen: asyncio.Event) -> None:
    """Write until it is seen: who pauses for four seconds writes no more."""
    while not seen.is_set():
        await page.get_by_placeholder("Tulis balasan ke peserta").fill("Kami cek dulu")
        await asyncio.sleep(1)


@pytest.fixture
async def both(
    visit: Visit, scene: Scene, database: Database, bell: Bell, clock: Clock
) -> AsyncIterator[tuple[Page, Page]]:
    """Sari, who holds Siti's case, and in a browser of his own Joko, who has it open."""
    context, address, _ = visit
    async with database.write() as session:
        await claim(session, bell, ticket_id=scene.tickets["siti"].id, staff=scene.staff["sari"], at=clock())
    sari = await sign_in(context, address, "sari")
    assert context.browser is not None
    elsewhere = await context.browser.new_context(viewport={"width": 1366, "height": 768}, locale="id-ID")
    joko = await sign_in(elsewhere, address, "joko")
    await opened(joko, address, scene, "siti")
    yield sari, joko
    await elsewhere.close()


async def test_an_agent_works_on_a_case_by_keys_while_a_colleague_watches(
    visit: Visit, both: tuple[Page, Page], scene: Scene, database: Database, bell: Bell, clock: Clock
) -> None:
    (_, address, complaints), (sari, joko) = visit, both
    await opened(sari, address, scene, "siti")
    await expect(joko.get_by_text("Sari Dewanti sedang melihat")).to_be_visible()
    seen = asyncio.Event()
    async with asyncio.TaskGroup() as meanwhile:
        meanwhile.create_task(writes_on(sari, seen))
        await expect(joko.get_by_text("Sari Dewanti sedang menulis…")).to_be_visible()
        seen.set()

    await sari.keyboard.press("Escape")
    await sari.keyboard.press("t")
    tag = sari.get_by_placeholder("tag, bisa beberapa dengan koma")
    await expect(tag).to_be_focused()
    await sari.keyboard.type("katalog, sisnaker")
    await sari.keyboard.press("Enter")
    await expect(sari.locator("[data-urus=tag] .kini")).to_have_text("katalog, sisnaker")

    await sari.locator("body").press("Escape")
    await sari.keyboard.press("@")
    await expect(sari.get_by_role("option", name="@joko")).to_be_visible()
    await sari.keyboard.type("jo")
    await sari.keyboard.press("Enter")
    await expect(sari.locator("#teks-note")).to_have_value("@joko ")
    await sari.keyboard.press("Escape")
    await sari.keyboard.press("o")
    why = sari.get_by_label("Alasan, dibaca penerima")
    await why.fill("Joko tahu katalog Sisnaker")
    async with database.write() as session:
        lela = scene.staff["lela"]
        await set_priority(session, bell, ticket_id=scene.tickets["siti"].id, priority="urgent", staff=lela, at=clock())
    await expect(sari.locator("[data-urus=prioritas] .kini")).to_have_text("Mendesak")
    await expect(why).to_have_value("Joko tahu katalog Sisnaker")
    await sari.get_by_label("Kepada").select_option(label="Joko Prasetyo")
    await sari.get_by_role("button", name="Oper tiket").click()
    await expect(joko.locator("nav .jumlah.gawat")).to_have_count(1)
    await joko.keyboard.press("g")
    await joko.keyboard.press("n")
    await expect(joko.get_by_text("Joko tahu katalog Sisnaker")).to_be_visible()
    async with database.read() as session:
        ticket = await session.scalar(select(Ticket).where(Ticket.id == scene.tickets["siti"].id))
        assert ticket is not None
        assert (ticket.staff_id, ticket.tags) == (scene.staff["joko"].id, ["katalog", "sisnaker"])
    assert complaints == []


async def test_what_is_wanted_while_a_page_still_tells_that_it_is_there_is_told_once_afterwards(
    visit: Visit, both: tuple[Page, Page], scene: Scene
) -> None:
    (_, address, _), (sari, joko) = visit, both
    told: list[str] = []
    begun, passed = asyncio.Event(), asyncio.Event()

    async def held(route: Route) -> None:
        if route.request.method == "POST":
            told.append("menulis" if "mengetik=true" in (route.request.post_data or "") else "melihat")
            begun.set()
            await passed.wait()
        await route.continue_()

    await sari.route("**/hadir*", held)
    await opened(sari, address, scene, "siti")
    await begun.wait()
    await expect(sari.get_by_text("Joko Prasetyo sedang melihat")).to_be_visible()
    for words in ("Kami", "Kami cek dulu"):
        await sari.get_by_placeholder("Tulis balasan ke peserta").fill(words)
        await sari.evaluate(HERE)
    # what she sees of her colleague is drawn anew before her own words have gone
    await joko.evaluate(f"document.getElementById('mengetik').value = 'true'; {HERE}")
    await expect(sari.get_by_text("Joko Prasetyo sedang menulis…")).to_be_visible()
    # however long that took, she is still writing when her words may go
    await sari.get_by_placeholder("Tulis balasan ke peserta").fill("Kami cek dulu ke Sisnaker")
    passed.set()
    await expect(joko.get_by_text("Sari Dewanti sedang menulis…")).to_be_visible()
    assert (told[:2], told.count("menulis")) == (["melihat", "menulis"], 1)
