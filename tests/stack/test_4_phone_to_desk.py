"""A whole case in a browser: complained of on the phone page, claimed, answered and resolved at the desk, counted."""

import io
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.stack.running import Stack
from tests.stack.seats import agent_at, page_of

expect.set_options(timeout=20_000)

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = [
    pytest.mark.stack,
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
]
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
PICTURES = os.environ.get("PICTURES")
"""Folder for screenshots (`make pictures`); none are taken without it."""

type Anew = Callable[[str], str]


@pytest.fixture
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


def picture(page: Page, name: str) -> None:
    if PICTURES:
        page.wait_for_timeout(400)
        # a palette says as much of a page in a third of the bytes
        taken = Image.open(io.BytesIO(page.screenshot())).convert("RGB").quantize(256, dither=Image.Dither.NONE)
        taken.save(Path(PICTURES) / f"{name}.png", optimize=True)


def type_on_phone(phone: Page, said: str) -> None:
    phone.get_by_role("textbox", name="Tulis pesan").fill(said)
    phone.get_by_role("button", name="Kirim", exact=True).click()


def test_a_complaint_on_the_phone_page_is_answered_by_a_person_and_counted(
    stack: Stack, anew: Anew, browser: Browser
) -> None:
    anew("siti")
    phone = page_of(browser, f"http://127.0.0.1:{stack.settings.simulator_port}/")
    phone.locator("[data-key=siti]").click()
    asked = phone.get_by_text("Kakak mengalaminya di platform mana?")
    expect(phone.locator("#starters button").first).to_be_visible()
    said = stack.control.get("/control/chats/telegram/siti").json()["items"]
    expect(phone.locator("#thread > :not(.day)")).to_have_count(min(len(said), 300))
    reported = phone.get_by_text("laporan T-", exact=False)
    earlier, reports = asked.count(), reported.count()
    type_on_phone(phone, "min udah 3 hari paket kursus tidak ditemukan terus, gimana sih")
    expect(asked).to_have_count(earlier + 1)
    phone.locator("#thread").get_by_role("button", name="Sisnaker").last.click()
    expect(phone.get_by_text("Tulis judulnya").last).to_be_visible()
    type_on_phone(phone, "desain grafis dasar")
    expect(reported).to_have_count(reports + 1)
    picture(phone, "phone")
    number = stack.rows(
        "SELECT number FROM tickets JOIN conversations c ON c.id = conversation_id "
        "WHERE tickets.status = 'open' AND c.external_id = %s",
        str(stack.person("siti")["telegram"]["id"]),
    )[0]["number"]

    desk = agent_at(stack, browser)
    desk.locator(f"#baris-{number}").click()
    expect(desk.get_by_role("heading", name="Bukti")).to_be_visible()
    desk.get_by_role("button", name="Ambil tiket ini").click()
    desk.get_by_placeholder("Tulis balasan ke peserta").fill("Kak Siti, kelasnya sedang kami cek ke Sisnaker, ya.")
    desk.get_by_role("button", name="Kirim").click()
    expect(phone.get_by_text("sedang kami cek ke Sisnaker").last).to_be_visible()
    type_on_phone(phone, "baik kak saya tunggu")
    expect(desk.locator(".utas").get_by_text("baik kak saya tunggu")).to_be_visible()
    picture(desk, "desk-conversation")
    desk.get_by_role("radiogroup").get_by_text("Selesaikan", exact=True).click()
    desk.get_by_placeholder("Apa yang sudah dibereskan").fill("Kelasnya sudah muncul lagi di Sisnaker.")
    desk.get_by_role("button", name="Selesaikan tiket").click()
    expect(phone.get_by_text("Kelasnya sudah muncul lagi").last).to_be_visible()
    ticket = stack.rows("SELECT status, resolution FROM tickets WHERE number = %s", number)[0]
    assert ticket["status"] == "resolved"

    desk.get_by_role("link", name="Tren").click()
    bar = desk.locator(".figur-intent svg a").filter(has_text="Paket kursus tidak ditemukan")
    expect(bar).to_be_visible()
    picture(desk, "trends")
    counted = stack.rows("SELECT count(*) AS n FROM turns WHERE intent = 'package_not_found'")[0]["n"]
    bar.click()
    expect(desk.get_by_role("heading", name=f"{counted} keluhan")).to_be_visible()


def test_the_web_chat_answers_on_a_phone(stack: Stack, browser: Browser) -> None:
    chat = page_of(browser, f"http://127.0.0.1:{stack.settings.bot_port}/chat", (390, 780))
    chat.get_by_label("Tulis pesan").fill("platform buat beli pelatihan apa aja ya min")
    chat.get_by_role("button", name="Kirim", exact=True).click()
    expect(chat.locator("#messages li").nth(1)).to_contain_text("Tokopedia")
    picture(chat, "web-chat")
