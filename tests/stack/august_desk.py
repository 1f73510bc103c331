"""What the PMO and a team lead press at the desk in August 2020, each finding what a newcomer would read."""

import re

from playwright.sync_api import Browser, Page, expect

from helpdesk.rehearsing.august import ENDED
from tests.stack.august import until
from tests.stack.running import Stack
from tests.stack.seats import page_of, seated
from tests.stack.test_4_phone_to_desk import picture

TITLE = "Paket kursus tidak ditemukan di semua platform"
TOLD = "Sedang ada penyesuaian sistem pembelian, jadi sebagian paket kursus belum muncul"
CLOSING = "Pembelian pelatihan sudah berjalan lagi di semua platform."
ALSO = ("payment_failed", "paid_no_code")
"""Complaints the PMO ticks beside the one that was suspected: whoever buys meets them too."""
DESK, PHONE = (1366, 768), (390, 844)


def desk(stack: Stack, path: str) -> str:
    """An address of the desk."""
    return f"http://127.0.0.1:{stack.settings.desk_port}{path}"


def pictures(page: Page, name: str, *, tall: tuple[int, int] = (DESK[1], PHONE[1])) -> None:
    """Take the page from its top at both widths, so high."""
    for (width, _), height, ending in ((DESK, tall[0], ""), (PHONE, tall[1], "-phone")):
        page.set_viewport_size({"width": width, "height": height})
        page.evaluate("scrollTo(0, 0)")
        picture(page, name + ending)
    page.set_viewport_size({"width": DESK[0], "height": DESK[1]})


def opened(stack: Stack, page: Page) -> str:
    """The PMO opens an incident from the suspicion; its name."""
    page.goto(desk(stack, "/insiden"))
    page.get_by_role("link", name=re.compile("^Buka insiden dari")).first.click()
    page.get_by_label("Judul, untuk petugas").fill(TITLE)
    page.locator("select[name=status]").select_option("confirmed")
    page.get_by_label("Kata-kata untuk umum").fill(f"{TOLD}.")
    page.get_by_label("Perkiraan pulih (WIB)").fill(f"{ENDED:%Y-%m-%dT%H:%M}")
    for intent in ALSO:
        page.locator(f"input[name=intents][value={intent}]").check()
    for channel in page.locator("input[name=channels]").all():
        # it was on Telegram that complaints rose first, but nobody can buy from any channel
        channel.uncheck()
    page.get_by_role("button", name="Lihat siapa yang terdampak").click()
    expect(page.get_by_role("button", name="Buka insiden ini")).to_be_visible()
    pictures(page, "incident-preview")
    page.get_by_role("button", name="Buka insiden ini").click()
    page.wait_for_url(re.compile(r"/insiden/INC-"))
    return page.url.split("/insiden/")[1].split("?")[0]


def ended(page: Page) -> None:
    """The PMO says that it is over and goes on to telling everybody."""
    page.get_by_text("Ubah status").click()
    form = page.locator("form", has=page.locator("input[name=to][value=resolved]"))
    form.get_by_label("Kabar penutup untuk umum").fill(CLOSING)
    form.get_by_role("button").click()
    page.get_by_role("link", name="Kabari yang terdampak").click()


def recovery(page: Page, people: int) -> str:
    """The PMO prepares what is told; the address of it."""
    page.get_by_role("button", name="Lihat jumlah dan teksnya").click()
    expect(page.locator(".jumlahnya")).to_contain_text(str(people))
    expect(page.get_by_text("Cek ulang masih berjalan")).to_have_count(0, timeout=300_000)
    pictures(page, "broadcast-preview")
    return page.url


def approved(stack: Stack, browser: Browser, address: str) -> None:
    """A lead reads it and lets it go."""
    lela = seated(stack, browser, "lela")
    lela.goto(address)
    lela.get_by_label("Saya sudah membaca teksnya dan jumlah penerimanya").check()
    lela.get_by_role("button", name="Setujui dan mulai").click()
    # a window that is shut takes with it what it was sending
    expect(lela.get_by_role("button", name="Setujui dan mulai")).to_have_count(0)
    lela.context.close()


def public_page(stack: Stack, browser: Browser, name: str, *says: str) -> None:
    """Anybody opens the status page of the bot and reads this there."""
    page = page_of(browser, f"http://127.0.0.1:{stack.settings.bot_port}/status")
    until(lambda: all(words in _read_again(page) for words in says))
    expect(page.get_by_role("main")).not_to_contain_text(TITLE)
    pictures(page, name)
    page.context.close()


def _read_again(page: Page) -> str:
    page.reload()
    return page.get_by_role("main").text_content() or ""
