"""The web chat without a mouse, without eyes, on a small screen, without scripts: everybody can write to the help desk.

axe-core judges the page in each of its states; where it is not installed our own assertions remain.
"""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, expect

from records.clock import Clock
from records.database import Database
from tests.bot.corridor import Corridor, says
from tests.bot.in_browser import BROWSER, Chat, picture, playing

pytestmark = BROWSER
expect.set_options(timeout=60_000)
AXE = Path(__file__).parents[1] / "judges" / "node_modules" / "axe-core" / "axe.min.js"
LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture
async def corridor(database: Database, clock: Clock, data_key: str) -> AsyncIterator[Corridor]:
    async with Corridor(database, clock, data_key) as corridor:
        corridor.rasa.answer = lambda asked: says(
            f"dengar: {asked['text']}, lihat https://www.prakerja.go.id",
            buttons=[{"title": t, "choice": {"intent": t}} for t in ("Ya", "Tidak")],
        )
        yield corridor


@pytest.fixture
async def chat(corridor: Corridor) -> AsyncIterator[Chat]:
    async with playing(corridor) as chat:
        yield chat


async def every_state(chat: Chat) -> AsyncIterator[tuple[str, Page]]:
    page = await chat.open()
    await expect(page.locator("#empty")).to_be_visible()
    yield "empty", page
    await chat.write(page, "halo")
    await expect(chat.theirs(page)).to_have_count(1)
    await chat.staff_say("Sari", "Halo, Kak.")
    await expect(chat.theirs(page)).to_have_count(2)
    yield "answered", page
    await page.route("**/webchat/messages", lambda route: route.fulfill(status=413, json={"error": "Terlalu panjang."}))
    await chat.write(page, "panjang")
    await expect(page.locator("li.failed")).to_have_count(1)
    await page.unroute("**/webchat/messages")
    await chat.context.set_offline(True)
    await chat.write(page, "menunggu")
    await expect(page.get_by_text("Tidak ada sambungan")).to_be_visible()
    yield "waiting and failed", page


@pytest.mark.skipif(not AXE.exists(), reason="axe-core is not installed (tests/judges)")
@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_axe_finds_nothing_in_any_state(chat: Chat, scheme: Any) -> None:
    script = AXE.read_text(encoding="utf-8")
    async for state, page in every_state(chat):
        await page.emulate_media(color_scheme=scheme)
        await page.evaluate(script)
        found = await page.evaluate(
            "(tags) => axe.run(document, { runOnly: { type: 'tag', values: tags } }).then((it) => it.violations"
            ".map((one) => [one.id, one.nodes.map((node) => node.html + ' ' + node.failureSummary)]))",
            LEVELS,
        )
        await picture(page, f"{scheme}-{state.split()[0]}")
        assert found == [], (scheme, state)


async def test_a_whole_conversation_needs_only_the_keyboard(corridor: Corridor, chat: Chat) -> None:
    page = await chat.open()
    text = page.get_by_label("Tulis pesan")
    for _ in range(12):
        if await text.evaluate("e => e === document.activeElement"):
            break
        await page.keyboard.press("Tab")
    await page.keyboard.type("halo")
    await page.keyboard.press("Shift+Enter")
    await page.keyboard.type("lagi")
    await page.keyboard.press("Enter")
    await expect(chat.theirs(page)).to_have_count(1)
    await expect(text).to_be_focused()
    choice = page.get_by_role("button", name="Ya")
    for _ in range(6):
        if await choice.evaluate("e => e === document.activeElement"):
            break
        await page.keyboard.press("Shift+Tab")
    await page.keyboard.press("Enter")
    await expect(text).to_be_focused()
    await expect(chat.theirs(page)).to_have_count(2)
    assert corridor.rasa.asked[0]["text"] == "halo\nlagi"
    assert corridor.rasa.asked[1]["choice"] == {"intent": "Ya"}


async def test_names_are_indonesian_and_the_log_is_polite(chat: Chat) -> None:
    page = await chat.open()
    await chat.write(page, "halo")
    await expect(chat.theirs(page)).to_have_count(1)
    await expect(chat.mine(page).first).to_contain_text("Diterima")
    await expect(page.get_by_role("group", name="Pilihan jawaban")).to_be_visible()
    seen = await page.locator("body").aria_snapshot()
    for name in ('log "Percakapan"', 'textbox "Tulis pesan"', 'button "Kirim"', 'group "Pilihan jawaban"', "Diterima"):
        assert name in seen, seen
    await page.wait_for_timeout(700)
    assert await page.locator("#log").get_attribute("aria-live") == "polite"
    assert await page.locator("html").get_attribute("lang") == "id"


@pytest.mark.parametrize("width", [320, 195])
async def test_everything_that_is_pressed_is_big_enough_and_nothing_sticks_out(chat: Chat, width: int) -> None:
    async for state, page in every_state(chat):
        await page.set_viewport_size({"width": width, "height": 480})
        sizes = await page.locator("button:visible, textarea:visible").evaluate_all(
            "all => all.map((e) => [e.id, e.getBoundingClientRect()]).map(([id, at]) => [id, at.width, at.height])"
        )
        assert [size for size in sizes if min(size[1:]) < 43.9] == [], state
        assert await page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), (
            state
        )
        await picture(page, f"small-{width}-{state.split()[0]}")


async def test_without_scripts_the_page_says_what_to_do(chat: Chat) -> None:
    context = await chat.context.browser.new_context(java_script_enabled=False)  # type: ignore[union-attr]
    page = await context.new_page()
    await page.goto(chat.served.address + "/chat")
    await expect(page.get_by_text("Obrolan belum terbuka")).to_be_visible()
    await expect(page.locator("form")).to_be_hidden()
    await context.close()
