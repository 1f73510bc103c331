"""A working day in a real browser: sign in, queue, claim, reply, resolve, live without a reload."""

import re
import shutil
from collections.abc import AsyncIterator
from uuid import uuid4

import pytest
from fastapi import FastAPI
from playwright.async_api import BrowserContext, Page, async_playwright, expect
from sqlalchemy import select

from desk.acts.claim import claim
from records.bell import DESK, Bell
from records.clock import Clock
from records.database import Database
from records.models import Message, Outbound, Ticket
from tests.desk.making import Scene
from tests.desk.scenes import PASSWORD
from tests.desk.test_stream import served

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = [
    pytest.mark.stack,
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
]
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
# a page asks more seldom where the desk takes long to answer, as on a busy machine: every ten seconds at worst
expect.set_options(timeout=30_000)


@pytest.fixture(params=[(1366, 768), (390, 844)], ids=["desk", "phone"])
async def visit(app: FastAPI, request: pytest.FixtureRequest) -> AsyncIterator[tuple[BrowserContext, str, list[str]]]:
    """A browser of each width, the desk's address, and what the browser complained about."""
    width, height = request.param
    complaints: list[str] = []
    async with served(app) as address, async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        context = await browser.new_context(viewport={"width": width, "height": height}, locale="id-ID")
        context.set_default_timeout(30_000)
        context.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        context.on("weberror", lambda problem: complaints.append(str(problem.error)))
        yield context, address, complaints
        await browser.close()


async def sign_in(context: BrowserContext, address: str, who: str) -> Page:
    page = await context.new_page()
    await page.goto(f"{address}/masuk")
    await page.get_by_label("Nama pengguna").fill(who)
    await page.get_by_label("Kata sandi").fill(PASSWORD)
    await page.get_by_role("button", name="Masuk").click()
    await expect(page.get_by_role("link", name="Belum diambil")).to_be_visible()
    return page


async def fits(page: Page) -> None:
    overflow = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert overflow <= 0, page.url


async def test_a_case_is_claimed_answered_and_resolved(
    visit: tuple[BrowserContext, str, list[str]], scene: Scene, database: Database, bell: Bell, clock: Clock
) -> None:
    context, address, complaints = visit
    number = scene.tickets["siti"].number
    page = await sign_in(context, address, "sari")
    await fits(page)
    await page.locator(f"#baris-{number}").click()
    await expect(page.get_by_role("heading", name="Bukti")).to_be_visible()
    await fits(page)
    await page.get_by_role("button", name="Ambil tiket ini").click()
    await expect(page.get_by_text("Tiket ini sekarang Anda pegang")).to_be_visible()

    box = page.get_by_placeholder("Tulis balasan ke peserta")
    await box.fill("Kami cek dulu ke Sisnaker")
    await page.reload()
    await expect(box).to_have_value("Kami cek dulu ke Sisnaker")
    # a draft that was still being kept when its words are sent would be refused
    await expect(page.locator("[data-draf-kabar]").first).to_have_text(re.compile("Draf (tersimpan|dari)"))
    await page.get_by_role("button", name="Kirim").dblclick()
    sent = page.locator(".pesan.out.agent")
    await expect(sent).to_have_count(1)
    await expect(sent).to_contain_text("menunggu")
    await expect(box).to_have_value("")

    async with database.write() as session:
        hers = Outbound.conversation_id == scene.conversations["siti"].id, Outbound.author == "agent"
        row = (await session.scalars(select(Outbound).where(*hers))).one()
        row.status = "read"
        session.add(
            Message(
                conversation_id=scene.conversations["siti"].id,
                direction="in",
                author="participant",
                text="baik kak, saya tunggu",
                created_at=clock(),
            )
        )
        await bell.ring(session, DESK, str(scene.conversations["siti"].id))
    await expect(page.get_by_text("baik kak, saya tunggu")).to_be_visible()
    await expect(sent).to_contain_text("dibaca")

    await page.get_by_role("radiogroup").get_by_text("Selesaikan", exact=True).click()
    await page.get_by_placeholder("Apa yang sudah dibereskan").fill("Kelasnya sudah muncul lagi.")
    await page.get_by_role("button", name="Selesaikan tiket").click()
    await expect(page.get_by_text("Tiket selesai. Peserta dikabari")).to_be_visible()
    await fits(page)
    async with database.read() as session:
        ticket = await session.get_one(Ticket, scene.tickets["siti"].id)
        assert (ticket.status, ticket.resolution) == ("resolved", "Kelasnya sudah muncul lagi.")
    assert complaints == []


async def test_the_queue_changes_before_ones_eyes_without_moving_them(
    visit: tuple[BrowserContext, str, list[str]], scene: Scene, database: Database, bell: Bell, clock: Clock
) -> None:
    context, address, complaints = visit
    page = await sign_in(context, address, "joko")
    gone = page.locator(f"#baris-{scene.tickets['siti'].number}")
    await expect(gone).to_be_visible()
    await page.evaluate("document.body.insertAdjacentHTML('beforeend', '<p id=panjang></p>')")
    await page.evaluate("document.getElementById('panjang').setAttribute('class', 'redup')")
    await page.evaluate(
        "for (let i = 0; i < 90; i++) document.getElementById('panjang').append('baris ', document.createElement('br'))"
    )
    await page.evaluate("window.scrollTo(0, 400)")
    async with database.write() as session:
        await claim(session, bell, ticket_id=scene.tickets["siti"].id, staff=scene.staff["sari"], at=clock())
    await expect(gone).to_have_count(0)
    assert await page.evaluate("window.scrollY") == 400
    assert complaints == []


async def test_a_draft_survives_a_line_that_drops_in_mid_reply(
    visit: tuple[BrowserContext, str, list[str]], scene: Scene, database: Database
) -> None:
    context, address, _ = visit
    page = await sign_in(context, address, "sari")
    await page.goto(f"{address}/percakapan/{scene.conversations['yanto'].id}")
    words = f"jawaban penting {uuid4()}"
    box = page.get_by_placeholder("Tulis balasan ke peserta")
    await box.fill(words)
    await context.set_offline(True)
    await page.get_by_role("button", name="Kirim").click()
    await expect(page.get_by_text("Tulisan Anda masih ada")).to_be_visible()
    await expect(box).to_have_value(words)
    await context.set_offline(False)
    await page.get_by_role("button", name="Kirim").click()
    await expect(page.locator(".pesan.out.agent").filter(has_text=words)).to_have_count(1)
    async with database.read() as session:
        assert len((await session.scalars(select(Message.id).where(Message.text == words))).all()) == 1


async def test_the_pictures_open_their_rows(
    visit: tuple[BrowserContext, str, list[str]], scene: Scene, database: Database
) -> None:
    context, address, complaints = visit
    page = await sign_in(context, address, "sari")
    await page.goto(f"{address}/tren")
    await fits(page)
    bar = page.locator(".figur-intent svg a").first
    count = (await bar.locator("title").text_content() or "").split(": ")[1].split()[0]
    await bar.click()
    await expect(page.get_by_role("heading", name=f"{count} keluhan")).to_be_visible()
    await fits(page)
    assert complaints == []
