"""Ten people complain; an agent who knows only what the screen says takes, answers and closes all ten cases.

Nothing is pressed here that is not found by the words a newcomer reads: no address, no identifier, no key.
"""

from typing import Any

from playwright.sync_api import Browser, Page, expect

from tests.stack.running import Stack
from tests.stack.seats import agent_at
from tests.stack.test_4_phone_to_desk import FLAGS, Anew, browser, picture, pytestmark

__all__ = ["FLAGS", "browser", "pytestmark"]

CASES = (
    ("rina", "telegram", ("saldo prakerja udah berkurang 300 ribu, kode kelasnya ga dikirim-kirim",)),
    ("siti", "telegram", ("udah 3 hari paket kursus tidak ditemukan terus", "sisnaker", "desain grafis dasar")),
    ("dewi", "telegram", ("mau ngomong sama petugas",)),
    ("agus", "whatsapp", ("tolong sambungkan ke petugas",)),
    ("budi", "telegram", ("bicara dengan petugas manusia dong",)),
    ("maya", "telegram", ("bisa bicara dengan admin?",)),
    ("lina", "whatsapp", ("minta tolong disambungkan ke petugas",)),
    ("joko", "telegram", ("saya mau bicara sama orang, bukan bot",)),
    ("yanto", "telegram", ("hubungkan saya ke customer service",)),
    ("tamu", "telegram", ("mau komplain langsung ke petugas",)),
)
ANSWER = "Sudah kami cek, Kak. Kami bereskan sekarang juga."
DONE = "Sudah beres, silakan dicoba lagi ya, Kak."
"""Words of these ten cases alone: other tests, too, have told Siti that hers is "beres"."""
OPEN = """
    SELECT count(*) AS n FROM tickets t JOIN conversations c ON c.id = t.conversation_id
    WHERE t.status = 'open' AND c.external_id = %s
"""


def chat_of(stack: Stack, who: str, channel: str) -> str:
    known: dict[str, Any] = stack.person(who)
    return str(known["telegram"]["id"] if channel == "telegram" else known["whatsapp"]["user_id"])


def test_a_newcomer_handles_ten_cases_by_what_the_screen_says(stack: Stack, anew: Anew, browser: Browser) -> None:
    stack.clear_desk()
    for who, channel, said in CASES:
        anew(who)
        heard = [answer.replies for answer in stack.say(*said, who=who, channel=channel)]
        assert stack.rows(OPEN, chat_of(stack, who, channel))[0]["n"] == 1, (who, heard)
    desk = agent_at(stack, browser)
    picture(desk, "desk-queue")
    on_the_way = agent_at(stack, browser, (390, 844))
    on_the_way.get_by_role("link").filter(has_text="Sudah bayar, kode belum ada").first.click()
    expect(on_the_way.get_by_role("heading", name="Bukti")).to_be_visible()
    picture(on_the_way, "desk-phone")
    on_the_way.context.close()
    for _ in CASES:
        handle_one(desk)
    desk.get_by_role("link", name="Beban").click()
    expect(desk.get_by_role("heading", name="Beban", exact=True)).to_be_visible()
    picture(desk, "desk-load")
    stack.until_sent(*(chat_of(stack, who, channel) for who, channel, _ in CASES))
    for who, channel, _ in CASES:
        case = stack.rows(
            "SELECT t.status, t.resolution, t.first_reply_at IS NOT NULL AS answered FROM tickets t"
            " JOIN conversations c ON c.id = t.conversation_id WHERE c.external_id = %s"
            " ORDER BY t.opened_at DESC LIMIT 1",
            chat_of(stack, who, channel),
        )[0]
        assert (case["status"], case["answered"]) == ("resolved", True), who
        texts = [item["text"] for item in stack.control.get(f"/control/chats/{channel}/{who}").json()["items"]]
        assert sum(ANSWER in text for text in texts) == 1, who
        assert sum(DONE in text for text in texts) == 1, who


def handle_one(desk: Page) -> None:
    """Take the case that stands first, read, answer, close, go back."""
    desk.get_by_role("link", name="Belum diambil").click()
    desk.get_by_role("button", name="Ambil T-").first.click()
    expect(desk.get_by_role("heading", name="Bukti")).to_be_visible()
    desk.get_by_placeholder("Tulis balasan ke peserta").fill(ANSWER)
    desk.get_by_role("button", name="Kirim", exact=True).click()
    expect(desk.get_by_text("Balasan masuk antrean kirim").or_(desk.get_by_text("Balasan disimpan"))).to_be_visible()
    desk.get_by_role("radiogroup").get_by_text("Selesaikan", exact=True).click()
    desk.get_by_placeholder("Apa yang sudah dibereskan").fill(DONE)
    desk.get_by_role("button", name="Selesaikan tiket").click()
    expect(desk.get_by_text("Tiket selesai.").first).to_be_visible()
    desk.get_by_role("link", name="Antrean").click()
