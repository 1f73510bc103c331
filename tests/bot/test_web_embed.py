"""The widget on somebody else's site: one script tag, our page in a frame, and nothing of it for the site to read.

Mitra's site is listed in BOT_EMBED_ORIGINS, jahat's is not. Both have content policies as strict as one can write them.
"""

import datetime
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from playwright.async_api import FrameLocator, Page, expect
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from records.clock import Clock
from records.database import Database
from tests.bot.corridor import Corridor
from tests.bot.in_browser import BROWSER, Chat, picture, playing
from tests.bot.web import Served

pytestmark = BROWSER
expect.set_options(timeout=60_000)


@pytest.fixture
async def corridor(database: Database, clock: Clock, data_key: str) -> AsyncIterator[Corridor]:
    async with Corridor(database, clock, data_key) as corridor:
        yield corridor


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """A certificate nobody vouches for."""
    folder: Path = tmp_path_factory.mktemp("tls")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "uji")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=2))
        .sign(key, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    pem = serialization.Encoding.PEM
    (folder / "key.pem").write_bytes(key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain))
    (folder / "cert.pem").write_bytes(made.public_bytes(pem))
    return {"ssl_keyfile": str(folder / "key.pem"), "ssl_certfile": str(folder / "cert.pem")}


class Site:
    """Somebody else's site, under another host name than ours where nothing else is said."""

    def __init__(self, tls: dict[str, str], host: str) -> None:
        self.bot, self.extra = "", ""
        self.served = Served(Starlette(routes=[Route("/", self.page)]), **tls)
        self.origin = self.served.address.replace("127.0.0.1", host)

    async def page(self, request: Request) -> Response:
        policy = f"default-src 'none'; script-src {self.bot}; frame-src {self.bot}; connect-src {self.bot}"
        body = (
            '<!doctype html><html lang="id"><head><meta name="viewport" content="width=device-width">'
            f"<title>Mitra</title></head><body><h1>Mitra Prakerja</h1><p>{'Kursus kami. ' * 80}</p>"
            f'<script src="{self.bot}/static/widget.js" async {self.extra}></script></body></html>'
        )
        return HTMLResponse(body, headers={"Content-Security-Policy": policy})


@asynccontextmanager
async def visiting(
    corridor: Corridor, tls: dict[str, str] | None = None, *, listed: bool = True, host: str = "localhost"
) -> AsyncIterator[tuple[Chat, Site]]:
    site = Site(tls or {}, host)
    origins = site.origin if listed else "https://mitra.example"
    async with site.served, playing(corridor, serving=tls, bot_embed_origins=origins) as chat:
        site.bot = chat.served.address
        yield chat, site


def inside(page: Page) -> FrameLocator:
    return page.frame_locator("iframe[title='Bantuan Prakerja']")


async def write(page: Page, said: str) -> None:
    await inside(page).get_by_label("Tulis pesan").fill(said)
    await inside(page).get_by_role("button", name="Kirim", exact=True).click()


@pytest.mark.parametrize("width", [390, 1366])
async def test_a_script_tag_opens_a_chat_that_goes_on_after_a_reload(corridor: Corridor, width: int) -> None:
    # without TLS the frame keeps the visitor's name itself, where the browser lets it: under the same host name
    async with visiting(corridor, host="127.0.0.1") as (chat, site):
        page = await chat.context.new_page()
        await page.set_viewport_size({"width": width, "height": 800})
        await page.goto(site.origin)
        launcher = page.get_by_role("button", name="Bantuan Prakerja")
        await expect(launcher).to_have_attribute("aria-expanded", "false")
        await picture(page, f"widget-closed-{width}")
        await launcher.click()
        await write(page, "halo dari mitra")
        theirs = inside(page).locator("#messages li.bot .said")
        await expect(theirs).to_have_text(["dengar: halo dari mitra"])
        await picture(page, f"widget-open-{width}")
        await page.reload()
        await page.get_by_role("button", name="Bantuan Prakerja").click()
        await expect(theirs).to_have_text(["dengar: halo dari mitra"])
        assert chat.complaints == []


async def test_over_tls_the_name_is_a_cookie_of_that_site_alone_and_nothing_a_script_reads(
    corridor: Corridor, certificate: dict[str, str]
) -> None:
    async with visiting(corridor, certificate) as (chat, site):
        page = await chat.context.new_page()
        await page.goto(site.origin)
        await page.get_by_role("button", name="Bantuan Prakerja").click()
        await write(page, "lewat TLS")
        await expect(inside(page).locator("#messages li.bot .said")).to_have_text(["dengar: lewat TLS"])
        frame = next(frame for frame in page.frames if frame.url.startswith(site.bot))
        # a private window: the frame has no storage at all, and the chat goes on after a reload all the same
        assert await frame.evaluate("document.cookie") == ""
        assert (
            await frame.evaluate("(() => { try { return localStorage.length } catch (no) { return 'none' } })()")
            == "none"
        )
        await page.reload()
        await page.get_by_role("button", name="Bantuan Prakerja").click()
        await expect(inside(page).locator("#messages li.bot .said")).to_have_text(["dengar: lewat TLS"])
        cookie = next(one for one in await chat.context.cookies() if one["name"] == "helpdesk_visitor")
        assert (cookie["httpOnly"], cookie["secure"], cookie["sameSite"]) == (True, True, "None")
        # the same browser on our own page is somebody else: nothing of the one is seen in the other
        alone = await chat.open()
        await expect(alone.get_by_text("Tuliskan kendalanya seperti biasa")).to_be_visible()
        await expect(alone.locator("#messages li")).to_have_count(0)


async def test_a_site_that_is_not_listed_gets_no_frame_and_reads_nothing(corridor: Corridor) -> None:
    async with visiting(corridor, listed=False) as (chat, site):
        mine = await chat.open()
        await chat.write(mine, "rahasia saya")
        await expect(chat.theirs(mine)).to_have_count(1)
        page = await chat.context.new_page()
        await page.goto(site.origin)
        await page.get_by_role("button", name="Bantuan Prakerja").click()
        await page.wait_for_timeout(1500)
        shown = [await frame.content() for frame in page.frames if frame != page.main_frame]
        assert [content for content in shown if "Tulis pesan" in content] == []
        stolen = await page.evaluate(
            """(bot) => Promise.all(["messages", "poll", "visitor"].map((path) =>
                fetch(bot + "/webchat/" + path, { method: "POST", credentials: "include",
                                                    body: '{"id":"x","text":"y"}' })
                    .then((answer) => answer.text(), () => "tertutup")))""",
            site.bot,
        )
        assert stolen == ["tertutup"] * 3
        assert await corridor.count("inbox") == 1


async def test_the_widget_is_opened_and_closed_with_the_keyboard_and_gives_the_focus_back(corridor: Corridor) -> None:
    async with visiting(corridor) as (chat, site):
        page = await chat.context.new_page()
        await page.set_viewport_size({"width": 1366, "height": 768})
        await page.goto(site.origin)
        launcher = page.locator("a[role=button]")
        await launcher.focus()
        await page.keyboard.press("Enter")
        await expect(inside(page).get_by_label("Tulis pesan")).to_be_focused()
        await page.keyboard.press("Escape")
        await expect(launcher).to_be_focused()
        await expect(launcher).to_have_attribute("aria-expanded", "false")
        await page.keyboard.press(" ")
        await expect(launcher).to_have_attribute("aria-expanded", "true")
        await inside(page).get_by_role("button", name="Tutup obrolan").click()
        await expect(launcher).to_be_focused()


async def test_an_answer_that_comes_while_the_widget_is_closed_is_counted_on_its_button(corridor: Corridor) -> None:
    async with visiting(corridor) as (chat, site):
        page = await chat.context.new_page()
        await page.goto(site.origin)
        launcher = page.locator("a[role=button]")
        await launcher.click()
        await write(page, "tolong")
        await expect(inside(page).locator("#messages li.bot")).to_have_count(1)
        await inside(page).get_by_role("button", name="Tutup obrolan").click()
        await chat.staff_say("Sari", "Sudah beres, Kak.")
        await expect(launcher).to_have_attribute("aria-label", "Bantuan Prakerja, 1 pesan baru", timeout=90_000)
        await picture(page, "widget-unread")
        await launcher.click()
        await expect(launcher).to_have_attribute("aria-label", "Bantuan Prakerja")


async def test_colour_side_and_label_are_the_sites_and_stay_legible(corridor: Corridor) -> None:
    async with visiting(corridor) as (chat, site):
        site.extra = 'data-color="#ffdd00" data-position="left" data-label="Tanya kami"'
        page = await chat.context.new_page()
        await page.goto(site.origin)
        launcher = page.get_by_role("button", name="Tanya kami")
        look = await launcher.evaluate("e => [getComputedStyle(e).color, getComputedStyle(e).left, e.offsetHeight]")
        assert look[:2] == ["rgb(0, 0, 0)", "16px"]
        assert look[2] >= 44


async def test_without_the_frame_the_button_is_still_a_link_to_the_chat(corridor: Corridor) -> None:
    async with visiting(corridor) as (chat, site):
        page = await chat.context.new_page()
        await page.goto(site.origin)
        launcher = page.get_by_role("button", name="Bantuan Prakerja")
        assert await launcher.get_attribute("href") == f"{site.bot}/chat"
        assert await launcher.get_attribute("target") == "_blank"
