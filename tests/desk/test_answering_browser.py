"""Answering in a real browser: a suggestion and prepared words by key, and a line that drops in mid-reply."""

import asyncio
import re
import shutil
from collections.abc import AsyncIterator

import pytest
from fastapi import FastAPI
from playwright.async_api import BrowserContext, Page, Route, async_playwright, expect
from sqlalchemy import func, select, update

from desk.acts.claim import claim
from records.bell import Bell
from records.clock import Clock
from records.database import Database
from records.models import CannedReply, Message, ReplySource, Ticket
from tests.desk.making import Scene
from tests.desk.test_answering import CARD, SAID
from tests.desk.test_browser import CHROMIUM, FLAGS, fits, sign_in
from tests.desk.test_stream import served

pytestmark = [
    pytest.mark.stack,
    pytest.mark.browser,
    pytest.mark.skipif(shutil.which("chromium") is None, reason="no Chromium on this machine"),
]


@pytest.fixture
async def at_work(
    app: FastAPI, scene: Scene, database: Database, bell: Bell, clock: Clock
) -> AsyncIterator[tuple[BrowserContext, Page, list[str]]]:
    """Sari at Siti's case, which she holds, with one finding and one prepared reply."""
    complaints: list[str] = []
    async with database.write() as session:
        await session.execute(update(Ticket).where(Ticket.id == scene.tickets["siti"].id).values(evidence=[CARD]))
        words = "Halo Kak {nama}, {hasil} ya."
        session.add(CannedReply(shortcut="beres", title="Sudah beres", text=words, changed_at=clock()))
        await claim(session, bell, ticket_id=scene.tickets["siti"].id, staff=scene.staff["sari"], at=clock())
    async with served(app) as address, async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        context = await browser.new_context(viewport={"width": 1366, "height": 768}, locale="id-ID")
        context.set_default_timeout(30_000)
        context.on("weberror", lambda problem: complaints.append(str(problem.error)))
        page = await sign_in(context, address, "sari")
        await page.goto(f"{address}/percakapan/{scene.conversations['siti'].id}")
        yield context, page, complaints
        await browser.close()


async def seen_at_once(page: Page, *places: str) -> None:
    for place in places:
        box = await page.locator(place).first.bounding_box()
        assert box is not None, place
        assert box["y"] >= 0, place
        assert box["y"] + min(box["height"], 60) <= 768, place


async def test_an_answer_is_made_from_the_keyboard_and_its_open_place_must_be_filled(
    at_work: tuple[BrowserContext, Page, list[str]], database: Database
) -> None:
    _, page, complaints = at_work
    await seen_at_once(
        page, ".cek-baris", ".utas > li:last-child", "#teks-reply", ".saran li", ".panel-reply button.utama"
    )
    await fits(page)
    box = page.locator("#teks-reply")
    await page.keyboard.press("1")
    await expect(box).to_have_value(re.compile(re.escape(SAID)))
    await expect(box).to_be_focused()
    await page.keyboard.press("End")
    await page.keyboard.type(" /ber")
    await expect(page.get_by_role("option", name="Sudah beres")).to_be_visible()
    await page.keyboard.press("Enter")
    await expect(box).to_have_value(re.compile(r"Halo Kak Siti, \{hasil\} ya\.$"))
    await page.keyboard.press("Control+Enter")
    await expect(page.get_by_text("Masih harus diisi: {hasil}")).to_be_visible()
    await expect(page.locator(".pesan.out.agent")).to_have_count(0)
    await page.keyboard.type("kodenya sudah terbit")
    await page.keyboard.press("Control+Enter")
    await expect(page.locator(".pesan.out.agent")).to_contain_text("Halo Kak Siti, kodenya sudah terbit ya.")
    await expect(page.locator(".sumber-balasan")).to_contain_text("cek “Kartu aktif?”")
    await expect(box).to_have_value("")
    async with database.read() as session:
        assert set(await session.scalars(select(ReplySource.kind))) == {"finding", "canned"}
        assert await session.scalar(select(CannedReply.used)) == 1
    assert complaints == []


async def test_a_line_that_drops_in_mid_reply_loses_nothing_and_sends_nothing_twice(
    at_work: tuple[BrowserContext, Page, list[str]], database: Database
) -> None:
    context, page, _ = at_work
    arrived, dropped = asyncio.Event(), asyncio.Event()

    async def afterwards(route: Route) -> None:
        await dropped.wait()
        await route.continue_()

    async def drop(route: Route) -> None:
        await route.fetch()
        arrived.set()
        await route.abort("connectionreset")

    box = page.locator("#teks-reply")
    await box.fill("Sudah kami cek ke Sisnaker.")
    await expect(page.locator("[data-draf-kabar]").first).to_have_text("Draf tersimpan")
    # what came of the reply must not be drawn before its answer is lost
    await page.route("**/langsung*", afterwards)
    await page.route("**/balas", drop, times=1)
    await page.keyboard.press("Control+Enter")
    await arrived.wait()
    await expect(page.get_by_text("belum pasti terkirim")).to_be_visible()
    dropped.set()
    await expect(box).to_have_value("Sudah kami cek ke Sisnaker.")
    await page.keyboard.press("Control+Enter")
    await expect(page.locator(".pesan.out.agent")).to_have_count(1)
    await expect(box).to_have_value("")
    async with database.read() as session:
        said = select(func.count(Message.id)).where(Message.text == "Sudah kami cek ke Sisnaker.")
        assert await session.scalar(said) == 1

    await context.set_offline(True)
    await box.fill("Ditulis tanpa sambungan")
    await expect(page.get_by_text("draf disimpan di peramban ini dulu").first).to_be_visible()
    await context.set_offline(False)
    await page.reload()
    await expect(box).to_have_value("Ditulis tanpa sambungan")
