"""The queue in a real browser: by keyboard alone, live without losing place, ticks or focus, and acts on many."""

import re
from datetime import timedelta

from fastapi import FastAPI
from playwright.async_api import BrowserContext, expect
from sqlalchemy import update

from desk.acts.claim import claim
from desk.bulk import running
from records.bell import DESK, Bell
from records.clock import Clock
from records.database import Database
from records.models import Ticket
from tests.desk.making import Scene, conversation, ticket, turn
from tests.desk.test_browser import fits, pytestmark, sign_in, visit

__all__ = ["pytestmark", "visit"]


async def one_more(database: Database, scene: Scene, clock: Clock, who: str) -> None:
    async with database.write() as session:
        chat = await conversation(session, scene, who, who.title(), "web", clock())
        opened = await turn(session, chat, "halo", clock(), intent="login_failed", confidence=0.6, platform=None)
        words = {"intent": "login_failed", "queue": "PMO_ACCOUNT", "summary": "tidak bisa masuk", "reason": "gagal"}
        late = clock() - timedelta(hours=9)
        await ticket(session, scene, who, chat, opened, opened=clock(), promised=late, **words)


async def test_lines_change_in_place_and_new_ones_wait_until_one_asks(
    visit: tuple[BrowserContext, str, list[str]], scene: Scene, database: Database, bell: Bell, clock: Clock
) -> None:
    context, address, complaints = visit
    page = await sign_in(context, address, "joko")
    numbers = {who: scene.tickets[who].number for who in ("rina", "siti", "budi")}
    await page.goto(f"{address}/antrean?tab=belum-diambil")
    await page.keyboard.press("j")
    await page.keyboard.press("j")
    await page.keyboard.press("x")
    box = page.get_by_label(f"Pilih {numbers['siti']}")
    await expect(box).to_be_checked()
    await expect(page.locator(".terpilih")).to_have_text("1 dipilih")

    await one_more(database, scene, clock, "galih")
    async with database.write() as session:
        await session.execute(update(Ticket).where(Ticket.number == numbers["siti"]).values(priority="urgent"))
        await claim(session, bell, ticket_id=scene.tickets["budi"].id, staff=scene.staff["sari"], at=clock())
        await bell.ring(session, DESK)
    await expect(page.locator(f"#b-{numbers['siti']}")).to_contain_text("Mendesak")
    await expect(page.locator(f"#b-{numbers['budi']}")).to_contain_text("sudah tidak di sini: dipegang Sari Dewanti")
    await expect(box).to_be_checked()
    await expect(page.locator(f"#baris-{numbers['siti']}")).to_be_focused()
    await expect(page.locator(".antre-padat [data-nomor]").first).to_have_id(f"b-{numbers['rina']}")
    await page.get_by_role("link", name="1 baru").click()
    await expect(page.locator(".antre-padat [data-nomor]").first).to_contain_text("Galih")
    await expect(page.get_by_text("1 baru")).to_have_count(0)
    await expect(page.get_by_label(f"Pilih {numbers['siti']}")).to_be_checked()
    await fits(page)
    await page.keyboard.press("j")
    await page.keyboard.press("a")
    await expect(page).to_have_url(re.compile("/percakapan/"))
    assert complaints == []


async def test_many_are_chosen_by_a_range_and_answered_by_keys(
    visit: tuple[BrowserContext, str, list[str]], scene: Scene, database: Database, app: FastAPI
) -> None:
    context, address, complaints = visit
    page = await sign_in(context, address, "joko")
    await page.goto(f"{address}/antrean?tab=belum-diambil")
    boxes = page.locator("input[name=pilih]")
    await boxes.nth(0).click()
    await boxes.nth(2).click(modifiers=["Shift"])
    await expect(page.locator(".terpilih")).to_have_text("3 dipilih")
    await page.locator("body").press("b")
    await page.locator("body").press("b")
    await expect(page.get_by_role("heading", name="Balas 3 tiket")).to_be_visible()
    await fits(page)
    await page.get_by_label("Balasan untuk setiap peserta").fill("Kami cek ya, Kak.")
    await page.get_by_role("button", name="Balas 3 tiket").click()
    await expect(page.get_by_text("Sedang berjalan")).to_be_visible()
    await page.reload()
    await running.run(app.state.office)
    await running.run(app.state.office)
    await expect(page.get_by_text("Selesai: 3 dikerjakan")).to_be_visible()
    await expect(page.locator(".hasil-banyak .done")).to_have_count(3)
    await fits(page)
    assert complaints == []
