"""An incident in a real browser, wide and on a phone: seen before it is opened, live for a colleague, by keys.

With PAGES=FOLDER what is seen is also photographed.
"""

import os
import re
from pathlib import Path

import pytest
from fastapi import FastAPI
from playwright.async_api import Page, async_playwright, expect

from desk.incidents.saying import note
from tests.desk.incidents.outage import WORDS, Outage
from tests.desk.test_browser import CHROMIUM, FLAGS
from tests.desk.test_every_page import AXE, judged, misfits, opened
from tests.desk.test_stream import served

pytestmark = [
    pytest.mark.stack,
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
]


async def photographed(page: Page, name: str) -> None:
    if folder := os.environ.get("PAGES"):
        await page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


@pytest.mark.parametrize("width", ["desk", "phone"])
async def test_the_pmo_opens_an_incident_and_a_lead_sees_what_happens_without_a_reload(
    app: FastAPI, outage: Outage, width: str
) -> None:
    for number in range(4):
        await outage.writes(f"orang-{number}", "package_not_found", "sisnaker", channel="web")
    async with served(app) as address, async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page, complaints = await opened(browser, outage.database, outage.scene, address, "rudi", width, "light")
        await page.goto(f"{address}/insiden")
        await page.keyboard.press("b")
        await page.wait_for_url("**/insiden/baru")
        await page.get_by_label("Judul, untuk petugas").fill("Tidak bisa beli di Sisnaker")
        await page.get_by_label("Kata-kata untuk umum").fill(WORDS)
        for name in ("Pembelian", "Sisnaker"):
            await page.get_by_label(name, exact=True).check()
        await page.get_by_label("Sejak (WIB)").fill("2020-08-24T06:00")
        await page.get_by_role("button", name="Lihat siapa yang terdampak").click()
        await expect(page.get_by_role("status").filter(has_text="Yang masuk:")).to_contain_text("5 orang")
        assert await faults(page) == []
        await photographed(page, f"baru-{width}")
        await page.get_by_role("button", name="Buka insiden ini").click()
        await page.wait_for_url(re.compile(r"/insiden/INC-2020-08-24"))
        await expect(page.get_by_role("heading", name="Tidak bisa beli di Sisnaker")).to_be_visible()
        await expect(page.locator("#bagian-terdampak")).to_contain_text("5 orang")
        assert await faults(page) == []
        await photographed(page, f"insiden-{width}")
        await page.emulate_media(color_scheme="dark")
        assert await faults(page) == []
        await photographed(page, f"insiden-{width}-gelap")
        await page.emulate_media(color_scheme="light")
        touched, work = [await page.locator(part).bounding_box() for part in (".siapa-terdampak", ".yang-dikerjakan")]
        assert touched
        assert work
        if width == "phone":
            assert touched["y"] + touched["height"] <= work["y"]
        else:
            assert (touched["y"], touched["x"] > work["x"] + work["width"]) == (work["y"], True)
        await outage.does(note, "INC-2020-08-24", words="Sisnaker sudah dihubungi", by="lela")
        await expect(page.locator("#bagian-lini-masa")).to_contain_text("Sisnaker sudah dihubungi")
        await page.goto(f"{address}/insiden/INC-2020-08-24/orang")
        assert await faults(page) == []
        await photographed(page, f"orang-{width}")
        await page.goto(f"{address}/insiden")
        await photographed(page, f"daftar-{width}")
        assert complaints == []
        await browser.close()
    if not AXE.exists():
        pytest.skip("axe-core is not installed (tests/judges): the pages fit, and nobody judged them")


async def faults(page: Page) -> list[str]:
    """What does not fit, and what axe-core objects to where it is installed."""
    return [*await misfits(page), *(await judged(page) if AXE.exists() else [])]
