"""The operators' pages in a real browser: they fit both widths, live parts come by themselves, acts work by hand.

Whose message is stuck is not told before a reason is given.
"""

from fastapi import FastAPI
from playwright.async_api import BrowserContext, expect
from sqlalchemy import select

from records.bell import DESK, Bell
from records.clock import Clock
from records.database import Database
from records.models import Alarm, Conversation, Outbound
from tests.desk.making import Scene
from tests.desk.test_browser import fits, pytestmark, sign_in, visit  # noqa: F401

__all__ = ["pytestmark"]


async def test_what_is_stuck_comes_by_itself_and_is_sent_again_by_hand(
    visit: tuple[BrowserContext, str, list[str]],  # noqa: F811
    scene: Scene,
    database: Database,
    bell: Bell,
    clock: Clock,
    app: FastAPI,
) -> None:
    context, address, complaints = visit
    page = await sign_in(context, address, "ani")
    async with database.write() as session:
        session.add(Alarm(name="outbox_waiting", scope="whatsapp", severity="severe", at=clock()))
    await page.goto(f"{address}/pengiriman?tab=tidak-pasti")
    await expect(page.get_by_role("alert")).to_contain_text("Balasan tidak terkirim (WhatsApp)")
    await expect(page.locator(".kirim-kirim li")).to_have_count(1)
    async with database.write() as session:
        chat = await session.get_one(Conversation, scene.conversations["rina"].id)
        sent = (await session.scalars(select(Outbound).where(Outbound.conversation_id == chat.id))).one()
        sent.status, sent.error = "unknown", "ReadTimeout"
        await bell.ring(session, DESK, "")
    await expect(page.locator(".kirim-kirim li")).to_have_count(2)
    await fits(page)
    await expect(page.get_by_text("Rina Marlina")).to_have_count(0)
    await page.locator(".kirim-kirim").get_by_role("link").filter(has_text="WhatsApp").click()
    await expect(page.get_by_role("heading", name="Buka percakapan ini?")).to_be_visible()
    await fits(page)
    await page.get_by_label("Alasan membuka").fill("memeriksa balasan yang macet")
    await page.get_by_role("button", name="Buka 30 menit").click()
    await expect(page.get_by_role("heading", name="Perjalanan pesan")).to_be_visible()
    await expect(page.get_by_text("Rina Marlina")).to_be_visible()
    await fits(page)
    await page.get_by_label("Saya paham").check()
    await page.get_by_role("button", name="Kirim ulang").click()
    await expect(page.locator("#kabar")).to_contain_text("masuk antrean kirim lagi")
    await expect(page.get_by_text("Dikirim ulang")).to_be_visible()
    for path in ("/pengiriman?tab=semua", "/pengiriman/banyak?tab=ditolak&act=buang", "/peringatan"):
        await page.goto(address + path)
        await fits(page)
    assert complaints == []
