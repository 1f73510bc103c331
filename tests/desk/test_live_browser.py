"""Live pages in Chromium: many tabs share one stream, words arrive without a reload, search follows the typing."""

import asyncio
import re

from playwright.async_api import BrowserContext, Page, Route, expect

from records.bell import Bell
from records.database import Database
from tests.desk.making import Scene
from tests.desk.test_browser import fits, pytestmark, sign_in, visit
from tests.desk.test_stream import says

__all__ = ["pytestmark", "visit"]
TAKEN_BACK = ("htmx:afterRequest, [object HTMLDivElement]", "htmx:sendAbort, [object HTMLDivElement]")
"""What htmx calls an error when a newer question takes back an older one."""


async def sign_in_here(context: BrowserContext, address: str) -> Page:
    """Sari's first page; what the programme knows of people is not asked in these scenes."""
    await context.route("**/percakapan/*/peserta*", lambda route: route.fulfill(status=204))
    return await sign_in(context, address, "sari")


async def test_many_tabs_share_one_stream_and_each_hears_its_own(
    visit: tuple[BrowserContext, str, list[str]], scene: Scene, database: Database, bell: Bell
) -> None:
    context, address, complaints = visit
    streams: list[str] = []
    refused: list[str] = []
    context.on("request", lambda asked: streams.append(asked.url) if "/aliran" in asked.url else None)
    context.on("response", lambda it: refused.append(it.url) if it.status >= 400 else None)
    first = await sign_in_here(context, address)
    chats = [scene.conversations[who].id for who in ("siti", "budi", "rina", "yanto")]
    tabs: list[Page] = [first]
    # more than the six connections a browser opens to one desk: every one of them is shown
    for chat in [*chats, *chats]:
        tab = await context.new_page()
        await tab.goto(f"{address}/percakapan/{chat}")
        await expect(tab.get_by_role("heading", name="Bukti")).to_be_visible()
        tabs.append(tab)
    siti = tabs[1]
    before = await siti.evaluate("performance.timeOrigin")
    for number in range(3):
        await says(database, scene, bell, "siti", f"kabar ke-{number} <i>belum</i>")
        await expect(siti.get_by_text(f"kabar ke-{number} <i>belum</i>")).to_be_visible()
    await expect(tabs[5].get_by_text("kabar ke-2")).to_be_visible()
    assert await tabs[2].get_by_text("kabar ke-2").count() == 0
    assert await siti.evaluate("performance.timeOrigin") == before
    # whoever held the stream goes; another page takes over, and the words still come
    await first.close()
    for _ in range(40):
        await says(database, scene, bell, "budi", "sesudah ditutup")
        if await tabs[2].get_by_text("sesudah ditutup").count():
            break
        await asyncio.sleep(0.25)
    await expect(tabs[2].get_by_text("sesudah ditutup").first).to_be_visible()
    assert (refused, complaints) == ([], [])
    # one stream at a time: it is opened anew for a new wish, never one a tab
    assert max(url.count("percakapan=") for url in streams) == len(chats)


async def test_a_draft_and_its_focus_stay_while_words_arrive(
    visit: tuple[BrowserContext, str, list[str]], scene: Scene, database: Database, bell: Bell
) -> None:
    context, address, complaints = visit
    page = await sign_in_here(context, address)
    await page.goto(f"{address}/percakapan/{scene.conversations['yanto'].id}")
    box = page.get_by_placeholder("Tulis balasan ke peserta")
    await box.click()
    await box.type("Baik, Kak, kami")
    await says(database, scene, bell, "yanto", "halo kak masih di sana?")
    await expect(page.get_by_text("halo kak masih di sana?")).to_be_visible()
    await box.press_sequentially(" cek dulu")
    await expect(box).to_have_value("Baik, Kak, kami cek dulu")
    await expect(box).to_be_focused()
    assert complaints == []


async def test_search_follows_the_typing_and_an_older_answer_never_comes_after_a_newer(
    visit: tuple[BrowserContext, str, list[str]], scene: Scene
) -> None:
    context, address, complaints = visit
    page = await sign_in_here(context, address)
    await expect(page.locator("[data-tombol='g c']")).to_have_attribute("href", "/cari")
    await page.goto(f"{address}/cari")
    await expect(page.get_by_text("Apa yang bisa dicari")).to_be_visible()
    await fits(page)

    older, passed = re.compile(r"q=saldo(&|$)"), asyncio.Event()

    async def late(route: Route) -> None:
        if re.search(r"q=sa(ldo)?(&|$)", route.request.url):
            await passed.wait()
        await route.continue_()

    taken_back: list[str] = []
    page.on("requestfailed", lambda it: taken_back.append(it.url) if "/cari/hasil" in it.url else None)
    await page.route("**/cari/hasil*", late)
    box = page.get_by_role("searchbox")
    async with page.expect_request(older):
        await box.press_sequentially("saldo", delay=20)
    await box.press_sequentially(" kepot", delay=20)
    await expect(page.locator("mark").first).to_have_text("saldo")
    await expect(page.locator(".temuan a")).not_to_have_count(0)
    await expect(page.locator("mark", has_text="kepotong").first).to_be_visible()
    await expect(page).to_have_url(re.compile("kepot"))
    passed.set()
    await asyncio.sleep(1)
    assert "kepot" in page.url
    await expect(page.locator("mark", has_text="kepotong").first).to_be_visible()
    await fits(page)
    assert any(older.search(url) for url in taken_back)
    assert complaints == [*TAKEN_BACK] * len(taken_back)
    await page.locator(".temuan a").first.click()
    await expect(page).to_have_url(re.compile("/percakapan/"))


async def test_a_stream_that_was_refused_comes_back_by_itself(
    visit: tuple[BrowserContext, str, list[str]], scene: Scene, database: Database, bell: Bell
) -> None:
    context, address, _ = visit
    refused: list[str] = []

    async def away(route: Route) -> None:
        refused.append(route.request.url)
        await route.fulfill(status=503, body="Sebentar, ya")

    await context.route("**/aliran*", away)
    page = await sign_in_here(context, address)
    await page.goto(f"{address}/percakapan/{scene.conversations['siti'].id}")
    lost = page.locator("#sambungan")
    await expect(lost).to_be_visible()
    await context.unroute("**/aliran*", away)
    await expect(lost).to_be_hidden()
    await says(database, scene, bell, "siti", "sudah bisa dengar lagi")
    await expect(page.get_by_text("sudah bisa dengar lagi")).to_be_visible()
    assert refused
