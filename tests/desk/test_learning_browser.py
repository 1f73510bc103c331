"""By keys alone: an agent corrects what the bot read, a reviewer accepts it; a wrong key chooses nothing."""

from datetime import timedelta

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


async def test_a_message_that_comes_in_undoes_nothing_and_takes_the_keys_along(
    visit: tuple[BrowserContext, str, list[str]], scene: Scene, database: Database, clock: Clock
) -> None:
    context, address, complaints = visit
    page = await sign_in(context, address, "sari")
    await page.goto(f"{address}/percakapan/{scene.conversations['siti'].id}")
    follows, options = page.locator("[data-ralat-ikut]"), page.locator("[data-ralat-pesan] option")

    async def writes(words: str, minutes: int) -> None:
        number = await options.count()
        async with database.write() as session:
            at = clock() + timedelta(minutes=minutes)
            await turn(
                session, scene.conversations["siti"], words, at, intent="paid_no_code", confidence=0.9, platform=None
            )
        await page.evaluate("document.body.dispatchEvent(new CustomEvent('desk-changed'))")
        await expect(options).to_have_count(number + 1)

    first = await follows.input_value()
    await writes("kok belum ada juga?", 1)
    newest = await options.filter(has_text="kok belum ada juga?").get_attribute("value")
    assert newest is not None
    assert first != newest
    await expect(follows).to_have_value(newest)
    await page.keyboard.press("n")
    wish = page.locator("[data-ralat-isi]")
    await wish.fill("tulis kapan kodenya")
    await writes("halo min", 2)
    await expect(wish).to_have_value("tulis kapan kodenya")
    await expect(wish).to_be_focused()

    await page.locator("h1").click()
    await page.keyboard.press("e")
    await page.get_by_text("Beberapa keluhan sekaligus").click()
    other = page.locator("[data-ralat-form] select[name=also]").first
    await other.select_option("class_access")
    ticket = page.locator("[data-ralat-form] input[name=ticket]")
    await ticket.uncheck()
    about = await follows.input_value()
    await writes("masih di sana?", 3)
    await expect(other).to_have_value("class_access")
    await expect(other).to_be_visible()
    await expect(ticket).not_to_be_checked()
    assert await follows.input_value() == about
    assert complaints == []
