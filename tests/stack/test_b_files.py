"""A picture on the phone page is a picture at the desk, in a browser; where it was taken is nowhere."""

from playwright.sync_api import Browser, Page, expect

from tests.stack.august import until
from tests.stack.running import Stack
from tests.stack.seats import agent_at, page_of
from tests.stack.test_4_phone_to_desk import FLAGS, Anew, browser, picture, pytestmark, type_on_phone

__all__ = ["FLAGS", "browser", "pytestmark"]
WHO = "heri"
"""Nobody else here speaks as him, so no earlier report of his stands in the way."""
CASE = """
    SELECT number, t.id FROM tickets t JOIN conversations c ON c.id = conversation_id
    WHERE t.status = 'open' AND c.external_id = %s
"""
MEDIA = "SELECT status, type FROM media WHERE ticket_id = %s ORDER BY inbox_id"


def test_a_screenshot_and_a_receipt_reach_the_case_at_the_desk(stack: Stack, anew: Anew, browser: Browser) -> None:
    anew(WHO)
    phone = page_of(browser, f"http://127.0.0.1:{stack.settings.simulator_port}/")
    phone.locator(f"[data-key={WHO}]").click()
    expect(phone.locator("#starters button").first).to_be_visible()
    attach(phone, "Foto layar galat")
    expect(phone.get_by_text("kami simpan untuk petugas").last).to_be_visible()
    type_on_phone(phone, "tolong sambungkan ke petugas")
    expect(phone.get_by_text("nomor laporan T-", exact=False).last).to_be_visible()
    attach(phone, "Foto dengan GPS")
    expect(phone.get_by_text("kami tambahkan ke laporan T-").last).to_be_visible()
    phone.locator("summary", has_text="Berkas nakal").evaluate("it => it.parentElement.open = true")
    attach(phone, "Bom piksel")
    expect(phone.get_by_text("tidak jadi kami simpan").last).to_be_visible()
    case = stack.rows(CASE, str(stack.person(WHO)["telegram"]["id"]))[0]
    kept = [("kept", "image/png"), ("kept", "image/jpeg"), ("refused", None)]
    until(lambda: [(row["status"], row["type"]) for row in stack.rows(MEDIA, case["id"])] == kept)

    desk = agent_at(stack, browser)
    desk.goto(f"http://127.0.0.1:{stack.settings.desk_port}/tiket/{case['number']}")
    expect(desk.get_by_role("heading", name="Lampiran (3)")).to_be_visible()
    expect(desk.locator(".lampiran-tiket img")).to_have_count(2)
    for number in range(2):
        expect(desk.locator(".lampiran-tiket img").nth(number)).to_have_js_property("complete", value=True)
        assert desk.locator(".lampiran-tiket img").nth(number).evaluate("it => it.naturalWidth") > 0
    expect(desk.get_by_text("gambarnya berukuran berlebihan")).to_be_visible()
    picture(desk, "desk-files")
    desk.locator(".lampiran .pratinjau").nth(1).click()
    with desk.expect_download() as waiting:
        desk.get_by_role("link", name="Unduh").click()
    content = waiting.value.path().read_bytes()
    assert waiting.value.suggested_filename.startswith("lampiran-")
    assert content.startswith(b"\xff\xd8\xff")
    assert not [trace for trace in (b"Exif", b"Kamera Rekaan", b"GPS") if trace in content]


def attach(phone: Page, name: str) -> None:
    """Send something from the menu."""
    phone.locator("#attach").click()
    phone.get_by_role("button", name=name, exact=True).click()
