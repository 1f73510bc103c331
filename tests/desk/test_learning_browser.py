"""By keys alone: an agent corrects what the bot read, a reviewer accepts it; a wrong key chooses nothing."""

from playwright.async_api import BrowserContext, Page, expect
from sqlalchemy import select

from desk.sessions import open_session
from records.clock import Clock, system_clock
from records.database import Database
from records.models import LearningExample
from tests.desk.making import Scene, turn
from tests.desk.test_browser import fits, pytestmark, sign_in, visit

__all__ = ["open_session", "pytestmark", "system_clock", "visit"]


async def examples(database: Database) -> list[LearningExample]:
    async with database.read() as session:
        return list(await session.scalars(select(LearningExample).order_by(LearningExample.at)))


async def status(page: Page) -> str:
    return await page.locator("[data-ralat-pilihan]").inner_text()


async def test_a_correction_goes_from_the_key_to_the_reviewer(
    visit: tuple[BrowserContext, str, list[str]], scene: Scene, database: Database, clock: Clock
) -> None:
    context, address, complaints = visit
    page = await sign_in(context, address, "sari")
    await page.goto(f"{address}/percakapan/{scene.conversations['siti'].id}")
    await page.keyboard.press("e")
    search = page.locator("[data-ralat-saring]")
    await expect(search).to_be_focused()
    await page.keyboard.press("9")
    assert await status(page) == "Tidak ada tebakan nomor 9."
    await page.keyboard.type("a")
    await page.keyboard.press("Enter")
    assert "ketik lagi" in await status(page)
    await page.keyboard.type("kses kel")
    await page.keyboard.press("Enter")
    assert "Dipilih: Akses kelas" in await status(page)
    assert await examples(database) == []

    async with database.write() as session:
        chat = scene.conversations["siti"]
        await turn(session, chat, "halo?", clock(), intent="greet", confidence=0.9, platform=None)
    await page.evaluate("document.body.dispatchEvent(new CustomEvent('desk-changed'))")
    await expect(page.locator("[data-ralat-pesan] option")).to_have_count(3)
    assert "Dipilih: Akses kelas" in await status(page), "a message that comes in must not empty the form"
    await expect(search).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("Ralat disimpan")).to_be_visible()
    await expect(page.locator(".ralat-tanda")).to_contain_text("Akses kelas")
    await fits(page)

    await page.locator("h1").click()
    await page.keyboard.press("n")
    await expect(page.locator(".ralat-tanda")).to_contain_text("Tak terjawab")
    mark = page.locator(".ralat-tanda li").filter(has_text="Tak terjawab")
    await mark.get_by_role("button", name="Urungkan").click()
    await expect(page.get_by_text("Tandanya ditarik kembali")).to_be_visible()

    # what this page still asks for would be refused as somebody else
    await page.goto("about:blank")
    async with database.write() as session:
        token = await open_session(session, scene.staff["lela"], now=system_clock(), life=system_clock() - clock())
    await context.add_cookies([{"name": "meja", "value": token, "url": address}])
    await page.goto(f"{address}/belajar")
    await expect(page.locator(".contoh.waiting")).to_have_count(1)
    await page.keyboard.press("j")
    await page.keyboard.press("1")
    await page.keyboard.press("a")
    await expect(page.locator(".nasib")).to_contain_text("diterima sebagai Akses kelas; menunggu uji coba")
    await page.keyboard.press("u")
    await expect(page.locator(".contoh.waiting")).to_have_count(1)
    await page.keyboard.press("r")
    await expect(page.locator(".nasib")).to_contain_text("ditolak: Maksudnya tidak jelas")
    await fits(page)
    assert [one.status for one in await examples(database) if one.kind == "intent"] == ["rejected"]
    assert complaints == []
