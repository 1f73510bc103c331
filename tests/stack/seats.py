"""Somebody sits down at the desk of the running system: the first makes the desk, then adds a colleague."""

from playwright.sync_api import Browser, Page, expect

from tests.stack.running import Stack

ADMINISTRATOR = ("ani", "Ani Kusumo")
STAFF = {"sari": ("Sari Wulandari", "agent"), "lela": ("Lela Puspita", "lead"), "rudi": ("Rudi Hartono", "pmo")}
PASSWORD = "kalimat sandi yang panjang"


def page_of(browser: Browser, address: str, size: tuple[int, int] = (1366, 768)) -> Page:
    """A browser of its own at an address."""
    page = browser.new_context(viewport={"width": size[0], "height": size[1]}, locale="id-ID").new_page()
    page.set_default_timeout(20_000)
    page.goto(address)
    return page


def agent_at(stack: Stack, browser: Browser, size: tuple[int, int] = (1366, 768)) -> Page:
    """The queue as an agent sees it."""
    page = seated(stack, browser, "sari", size)
    expect(page.get_by_role("link", name="Belum diambil")).to_be_visible()
    return page


def seated(stack: Stack, browser: Browser, username: str, size: tuple[int, int] = (1366, 768)) -> Page:
    """Where somebody begins; desk, administrator and they themselves are made if nobody has made them yet."""
    desk = f"http://127.0.0.1:{stack.settings.desk_port}"
    if not stack.rows("SELECT id FROM staff WHERE username = %s", username):
        _hire(stack, browser, desk, username)
    page = page_of(browser, f"{desk}/masuk", size)
    _sign_in(page, username)
    expect(page.get_by_role("button", name="Keluar").first).to_be_attached()
    return page


def _hire(stack: Stack, browser: Browser, desk: str, username: str) -> None:
    name, role = STAFF[username]
    page = _administrator(stack, browser, desk)
    page.goto(f"{desk}/petugas")
    page.get_by_label("Nama lengkap").fill(name)
    page.get_by_label("Nama pengguna").fill(username)
    page.locator(f"input[name=role][value={role}]").check()
    page.get_by_label("Kata sandi awal").fill(PASSWORD)
    page.get_by_role("button", name="Tambah", exact=True).click()
    expect(page.get_by_text(name).first).to_be_visible()
    page.context.close()


def _administrator(stack: Stack, browser: Browser, desk: str) -> Page:
    if stack.rows("SELECT id FROM staff WHERE username = %s", ADMINISTRATOR[0]):
        page = page_of(browser, f"{desk}/masuk")
        _sign_in(page, ADMINISTRATOR[0])
    else:
        page = page_of(browser, f"{desk}/mulai?kode={stack.told['DESK_SETUP_CODE']}")
        page.locator("input[name=name]").fill(ADMINISTRATOR[1])
        page.locator("input[name=username]").fill(ADMINISTRATOR[0])
        page.locator("input[name=password]").fill(PASSWORD)
        page.get_by_role("button", name="Buat administrator").click()
    expect(page.get_by_role("button", name="Keluar")).to_be_visible()
    return page


def _sign_in(page: Page, username: str) -> None:
    page.get_by_label("Nama pengguna").fill(username)
    page.get_by_label("Kata sandi").fill(PASSWORD)
    page.get_by_role("button", name="Masuk", exact=True).click()
