"""The web chat in a real browser, on lines that are poor in every way a line can be.

Rina writes from an old phone on a bus. Whatever the line does, every message of hers arrives once and in order, and she
sees what became of it.
"""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import pytest
from PIL import Image
from playwright.async_api import Request, Route, expect
from sqlalchemy import text

from records.clock import Clock
from records.database import Database
from tests.bot.corridor import Corridor, ScriptedRasa, says
from tests.bot.in_browser import BROWSER, Chat, picture, playing

pytestmark = BROWSER
expect.set_options(timeout=60_000)


@pytest.fixture
async def corridor(database: Database, clock: Clock, data_key: str) -> AsyncIterator[Corridor]:
    async with Corridor(database, clock, data_key, rasa=ScriptedRasa()) as corridor:
        yield corridor


@pytest.fixture
async def chat(corridor: Corridor) -> AsyncIterator[Chat]:
    async with playing(corridor) as chat:
        yield chat


async def heard(corridor: Corridor) -> list[str]:
    """What reached the bot, in the order it was answered."""
    return [str(turn["text"]) for turn in corridor.rasa.asked]


async def written_down(profile: Path, said: str) -> None:
    """Wait until a browser has put this into its storage on the disk; Chromium does so some seconds later."""

    def there() -> bool:
        for path in profile.rglob("Local Storage/leveldb/*"):
            with suppress(OSError):
                if said.encode() in (kept := path.read_bytes()) or said.encode("utf-16-le") in kept:
                    return True
        return False

    async with asyncio.timeout(60):
        while not there():  # noqa: ASYNC110
            await asyncio.sleep(0.2)


async def test_a_chat_shows_what_became_of_every_message(corridor: Corridor, chat: Chat) -> None:
    page = await chat.open()
    await expect(page.get_by_text("Tuliskan kendalanya seperti biasa")).to_be_visible()
    await picture(page, "empty")
    await chat.write(page, "paket kursus tidak ditemukan")
    await expect(chat.mine(page).first).to_contain_text("Diterima")
    await expect(chat.theirs(page)).to_have_text(["dengar: paket kursus tidak ditemukan"])
    assert chat.complaints == []
    await picture(page, "answered")


async def test_messages_written_without_a_line_wait_and_arrive_in_order(corridor: Corridor, chat: Chat) -> None:
    page = await chat.open()
    await chat.write(page, "pertama")
    await expect(chat.theirs(page)).to_have_count(1)
    await chat.context.set_offline(True)
    for said in ("kedua", "ketiga", "keempat"):
        await chat.write(page, said)
    await expect(page.get_by_text("Tidak ada sambungan")).to_be_visible()
    await expect(page.locator("li.waiting")).to_have_count(3)
    await picture(page, "offline")
    await chat.context.set_offline(False)
    await expect(chat.theirs(page)).to_have_count(4)
    assert await heard(corridor) == ["pertama", "kedua", "ketiga", "keempat"]
    await expect(page.get_by_text("Tidak ada sambungan")).to_have_count(0)


async def test_a_message_whose_answer_was_lost_after_the_commit_is_sent_again_with_its_id_and_answered_once(
    corridor: Corridor, chat: Chat
) -> None:
    page = await chat.open()
    posted: list[str] = []

    async def lose_the_first_two_answers(route: Route, request: Request) -> None:
        posted.append((request.post_data_json or {})["id"])
        if len(posted) <= 2:
            assert (await route.fetch()).status == 202
            await route.abort()
        else:
            await route.continue_()

    await page.route("**/webchat/messages", lose_the_first_two_answers)
    await page.route("**/webchat/poll", lambda route: route.abort() if 0 < len(posted) < 3 else route.continue_())
    await chat.write(page, "saldo saya")
    await expect(chat.theirs(page)).to_have_text(["dengar: saldo saya"])
    assert len(posted) >= 3
    assert len(set(posted)) == 1
    assert await corridor.count("inbox") == 1
    assert await heard(corridor) == ["saldo saya"]


async def test_errors_of_the_server_and_of_whoever_stands_between_cost_time_only(
    corridor: Corridor, chat: Chat
) -> None:
    page = await chat.open()
    bad = iter([(500, "{}"), (502, "<html>Bad gateway"), (503, "{"), (429, '{"error": "pelan"}')])

    async def misbehave(route: Route) -> None:
        if answer := next(bad, None):
            await route.fulfill(status=answer[0], body=answer[1], headers={"Retry-After": "0"})
        else:
            await route.continue_()

    await page.route("**/webchat/messages", misbehave)
    await chat.write(page, "satu")
    await chat.write(page, "dua")
    await expect(chat.theirs(page)).to_have_count(2, timeout=90_000)
    assert await heard(corridor) == ["satu", "dua"]


async def test_a_restart_in_the_middle_and_a_reload_without_a_server_lose_nothing(
    corridor: Corridor, chat: Chat
) -> None:
    page = await chat.open()
    await chat.write(page, "sebelum")
    await expect(chat.theirs(page)).to_have_count(1)
    await page.wait_for_function("navigator.serviceWorker.controller !== null || navigator.serviceWorker.ready")
    await page.reload()
    await expect(chat.theirs(page)).to_have_count(1)
    await chat.served.stop()
    await chat.write(page, "selama mati")
    await expect(page.locator("li.waiting")).to_have_count(1)
    await page.reload()
    await expect(page.locator("li.waiting")).to_contain_text("selama mati")
    await chat.write(page, "masih mati")
    await chat.served.start()
    await expect(chat.theirs(page)).to_have_text(
        ["dengar: sebelum", "dengar: selama mati", "dengar: masih mati"], timeout=120_000
    )
    assert await heard(corridor) == ["sebelum", "selama mati", "masih mati"]
    await expect(chat.mine(page)).to_have_count(3)


async def test_a_browser_that_is_killed_sends_on_when_it_is_opened_again(corridor: Corridor, tmp_path: Path) -> None:
    async with playing(corridor, profile=tmp_path) as chat:
        page = await chat.open()
        await chat.write(page, "sebelum")
        await expect(chat.theirs(page)).to_have_count(1)
        await chat.context.close()
        await chat.begin_again()
        page = await chat.open()
        await expect(chat.theirs(page)).to_have_count(1)
        await chat.context.set_offline(True)
        await chat.write(page, "baterai habis")
        await expect(page.locator("li.waiting")).to_have_count(1)
        await written_down(tmp_path, "baterai habis")
        chat.kill()
        await chat.begin_again()
        page = await chat.open()
        await expect(chat.theirs(page)).to_have_text(["dengar: sebelum", "dengar: baterai habis"])
    assert await heard(corridor) == ["sebelum", "baterai habis"]


async def test_two_tabs_write_at_once_and_both_show_everything_once(corridor: Corridor, chat: Chat) -> None:
    left = await chat.open()
    await chat.write(left, "nol")
    await expect(chat.theirs(left)).to_have_count(1)
    right = await chat.open()
    await expect(chat.theirs(right)).to_have_count(1)
    await chat.context.set_offline(True)
    for number in range(3):
        await chat.write(left, f"kiri {number}")
        await chat.write(right, f"kanan {number}")
    await chat.context.set_offline(False)
    for tab in (left, right):
        await tab.bring_to_front()
        await expect(chat.mine(tab)).to_have_count(7, timeout=120_000)
        await expect(chat.theirs(tab)).to_have_count(7)
        await expect(tab.locator("li.waiting, li.stored")).to_have_count(0)
    assert await heard(corridor) == [
        "nol", "kiri 0", "kanan 0", "kiri 1", "kanan 1", "kiri 2", "kanan 2"
    ]  # fmt: skip
    assert await corridor.count("inbox") == 7


async def test_a_line_of_two_seconds_keeps_the_order_of_a_burst(corridor: Corridor, chat: Chat) -> None:
    page = await chat.open()

    async def slowly(route: Route) -> None:
        await asyncio.sleep(1.0)
        await route.continue_()

    await page.route("**/webchat/**", slowly)
    words = [f"pesan {number}" for number in range(6)]
    for said in words:
        await chat.write(page, said)
    await expect(chat.theirs(page)).to_have_count(6, timeout=120_000)
    assert await heard(corridor) == words
    assert await chat.mine(page).locator(".said").all_inner_texts() == words


async def test_a_server_that_is_down_is_not_hammered(corridor: Corridor, chat: Chat) -> None:
    page = await chat.open()
    await chat.write(page, "halo")
    await expect(chat.theirs(page)).to_have_count(1)
    asked: list[str] = []
    began = time.monotonic()

    async def down(route: Route) -> None:
        asked.append(route.request.url)
        await route.fulfill(status=503, headers={"Retry-After": "5"}, body="{}")

    await page.route("**/webchat/**", down)
    await chat.write(page, "ada orang?")
    await expect(page.get_by_text("Sedang ada gangguan di sisi kami")).to_be_visible()
    await asyncio.sleep(6)
    assert len(asked) <= time.monotonic() - began
    await page.unroute("**/webchat/**")
    await expect(chat.theirs(page)).to_have_count(2, timeout=90_000)


async def test_nothing_new_costs_next_to_nothing(corridor: Corridor, chat: Chat) -> None:
    page = await chat.open()
    await chat.write(page, "halo")
    await expect(chat.theirs(page)).to_have_count(1)
    await chat.until("SELECT count(*) FROM outbox WHERE status <> 'read'", 0)
    await asyncio.sleep(2)
    asked: list[Request] = []
    page.on("request", lambda request: asked.append(request))
    await asyncio.sleep(6)
    assert len(asked) <= 1, [(request.method, request.url, request.post_data) for request in asked]


async def test_what_was_refused_is_shown_with_its_reason_and_can_be_sent_again_or_dropped(
    corridor: Corridor, chat: Chat
) -> None:
    page = await chat.open()
    refusals = iter([1, 2])

    async def refuse(route: Route) -> None:
        if next(refusals, None):
            await route.fulfill(status=413, json={"error": "Pesan terlalu panjang."})
        else:
            await route.continue_()

    await page.route("**/webchat/messages", refuse)
    await chat.write(page, "kepanjangan")
    await chat.write(page, "ini juga")
    failed = page.locator("li.failed")
    await expect(failed).to_have_count(2)
    await expect(failed.first).to_contain_text("Gagal: Pesan terlalu panjang.")
    await picture(page, "failed")
    await failed.last.get_by_role("button", name="Hapus").click()
    await failed.first.get_by_role("button", name="Kirim ulang").click()
    await expect(page.get_by_label("Tulis pesan")).to_be_focused()
    await expect(chat.theirs(page)).to_have_text(["dengar: kepanjangan"])
    await expect(failed).to_have_count(0)


async def test_a_choice_is_pressed_once_and_an_old_one_goes_away(corridor: Corridor, chat: Chat) -> None:
    buttons = [{"title": name, "choice": {"intent": name.lower()}} for name in ("Tokopedia", "Bukalapak")]
    corridor.rasa.answer = lambda asked: says(
        f"dengar: {asked['text']}", buttons=buttons if asked["text"] == "di mana" else []
    )
    page = await chat.open()
    await chat.write(page, "di mana")
    choice = page.get_by_role("group", name="Pilihan jawaban")
    await expect(choice.get_by_role("button")).to_have_text(["Tokopedia", "Bukalapak"])
    await picture(page, "choices")
    await choice.get_by_role("button", name="Tokopedia").click()
    await expect(chat.theirs(page)).to_have_text(["dengar: di mana", "dengar: Tokopedia"])
    await expect(choice).to_have_count(0)
    await chat.write(page, "di mana")
    await expect(choice.get_by_role("button")).to_have_count(2)
    await chat.write(page, "bukalapak")
    await expect(chat.theirs(page)).to_have_count(4)
    await expect(choice.get_by_role("button")).to_have_count(0)
    assert [asked.get("choice") for asked in corridor.rasa.asked if asked.get("choice")] == [
        {"intent": "tokopedia"},
        {"intent": "bukalapak"},
    ]


async def test_the_words_of_staff_carry_their_name_and_are_seen_to_be_read(corridor: Corridor, chat: Chat) -> None:
    page = await chat.open()
    await chat.write(page, "mau bicara orang")
    await expect(chat.theirs(page)).to_have_count(1)
    await chat.staff_say("Sari Wulandari", "Kak, sudah kami cek ya: https://www.prakerja.go.id, laporan T-100001.")
    theirs = page.locator("li.agent")
    await expect(theirs.locator(".who")).to_have_text("Petugas Sari")
    await expect(theirs.get_by_role("link")).to_have_attribute("href", "https://www.prakerja.go.id")
    await expect(theirs.locator("strong")).to_have_text("T-100001")
    await picture(page, "agent")
    await asyncio.sleep(0.5)
    await chat.until("SELECT count(*) FROM outbox WHERE status <> 'read'", 0)
    assert await corridor.count("receipts WHERE status = 'read'") == 2
    await chat.hide(page)
    await chat.staff_say("Sari Wulandari", "Kak?")
    await chat.until("SELECT count(*) FROM outbox WHERE status = 'delivered'", 1)
    await asyncio.sleep(0.5)
    assert await corridor.count("outbox WHERE status = 'delivered'") == 1
    await chat.show(page)
    await expect(chat.theirs(page)).to_have_count(3)
    await chat.until("SELECT count(*) FROM outbox WHERE status <> 'read'", 0)


async def test_a_chat_that_ended_is_cleared_and_begun_anew(corridor: Corridor, chat: Chat) -> None:
    page = await chat.open()
    await chat.write(page, "saldo saya")
    await expect(chat.theirs(page)).to_have_count(1)
    posted = asyncio.Event()

    async def after_the_words(route: Route) -> None:
        """A poll that found the chat ended before the words are sent would take the field away."""
        await posted.wait()
        await route.continue_()

    await page.route("**/webchat/poll", after_the_words)
    async with corridor.database.write() as session:
        await session.execute(text("UPDATE identities SET session_hash = 'tutup' WHERE channel = 'web'"))
    async with page.expect_request("**/webchat/messages"):
        await chat.write(page, "ada?")
    posted.set()
    await expect(page.get_by_role("button", name="Mulai obrolan baru")).to_be_focused()
    await expect(page.locator("#messages li")).to_have_count(0)
    assert await page.evaluate("Object.keys(localStorage).filter((key) => key.includes('.out.')).length") == 0
    await picture(page, "ended")
    await page.unroute("**/webchat/poll")
    await page.get_by_role("button", name="Mulai obrolan baru").click()
    await expect(page.get_by_text("Tuliskan kendalanya seperti biasa")).to_be_visible()
    await chat.write(page, "halo lagi")
    await expect(chat.theirs(page)).to_have_text(["dengar: halo lagi"])


async def test_a_long_chat_opens_with_its_end_and_is_read_back(corridor: Corridor, chat: Chat) -> None:
    page = await chat.open()
    await chat.write(page, "pesan 0")
    await expect(chat.theirs(page)).to_have_count(1)
    await chat.fill(60)
    await page.reload()
    await expect(page.locator("#messages li")).to_have_count(30)
    await page.get_by_role("button", name="Pesan sebelumnya").click()
    await expect(page.locator("#messages li")).to_have_count(60)
    await page.get_by_role("button", name="Pesan sebelumnya").click()
    await expect(page.locator("#messages li")).to_have_count(62)
    await expect(page.get_by_role("button", name="Pesan sebelumnya")).to_be_hidden()
    assert (await page.locator("#messages .said").first.inner_text()) == "pesan 0"


XSS = [
    "<script>window.hit = 1</script>",
    "<img src=x onerror='window.hit = 1'>",
    "<svg onload=window.hit=1>",
    'https://x.example/"onmouseover="window.hit=1',
    "javascript:window.hit=1",
    "https://x.example/<img src=x onerror=window.hit=1>",
    "</p></li><iframe srcdoc='<script>parent.hit=1</script>'>",
    "${window.hit=1} {{constructor.constructor('window.hit=1')()}}",
    "T-100001<b onclick=window.hit=1>",
]


async def test_markup_in_words_names_and_buttons_stays_words(corridor: Corridor, chat: Chat) -> None:
    corridor.rasa.answer = lambda asked: says(
        asked["text"], buttons=[{"title": "<img src=x onerror='window.hit=1'>", "choice": {"intent": "x"}}]
    )
    page = await chat.open()
    for said in XSS:
        await chat.write(page, said)
    await expect(chat.theirs(page)).to_have_count(len(XSS), timeout=120_000)
    await chat.staff_say("<img/src=x/onerror=window.hit=1> Sari", XSS[1])
    await expect(page.locator("li.agent")).to_have_count(1)
    await page.wait_for_timeout(300)
    assert await page.evaluate("window.hit") is None
    assert await page.locator("#messages :is(img, svg, script, iframe, b)").count() == 0
    links = await page.locator("#messages a").evaluate_all("all => all.map((a) => a.protocol)")
    assert set(links) == {"https:"}
    assert chat.complaints == []


async def test_the_page_looks_well_at_every_width(corridor: Corridor, chat: Chat) -> None:
    corridor.rasa.answer = lambda asked: says(
        "Maaf Kak, paketnya belum muncul di katalog Sisnaker per 24 Agustus 2020, 10.00 WIB. Laporan Kakak kami catat "
        "dengan nomor T-100001; petugas melihatnya paling lambat 25 Agustus 2020, 10.00 WIB. " + "x" * 200,
        buttons=[{"title": t, "choice": {"intent": t}} for t in ("Tokopedia", "Bukalapak", "Sisnaker", "Lainnya")],
    )
    page = await chat.open()
    await chat.write(page, "min kok paket kursus tidak ditemukan terus")
    await expect(chat.theirs(page)).to_have_count(1)
    for width, height in ((320, 480), (390, 844), (1366, 768), (195, 422)):
        await page.set_viewport_size({"width": width, "height": height})
        await picture(page, f"width-{width}")
        overflow = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert overflow <= 0, width
        await expect(page.get_by_role("button", name="Kirim", exact=True)).to_be_in_viewport()


async def test_a_photo_taken_without_a_line_is_made_small_kept_and_sent_with_its_words(
    corridor: Corridor, chat: Chat, tmp_path: Path
) -> None:
    Image.effect_noise((3000, 2000), 40).convert("RGB").save(tmp_path / "layar.png")
    page = await chat.open()
    await chat.write(page, "halo")
    await expect(chat.theirs(page)).to_have_count(1)
    await chat.context.set_offline(True)
    await page.get_by_label("Tulis pesan").fill("ini layarnya")
    await page.locator("#file").set_input_files(tmp_path / "layar.png")
    await expect(page.locator("li.waiting")).to_contain_text("Foto")
    await picture(page, "photo")
    await chat.context.set_offline(False)
    await expect(page.locator("li.me").last).to_contain_text("Diterima", timeout=90_000)
    assert await corridor.count("media") == 1
    sizes = await corridor.row("SELECT length(sealed_content) AS size FROM media")
    assert sizes["size"] < (tmp_path / "layar.png").stat().st_size / 2
