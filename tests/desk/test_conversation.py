"""The conversation page: the evidence is all there, looking is audited, words are never lost, and nothing runs."""

import re
from html import unescape
from html.parser import HTMLParser
from uuid import uuid4

from sqlalchemy import func, select, update

from desk.acts.claim import claim
from desk.acts.reply import reply
from records.bell import Bell
from records.clock import Clock
from records.database import Database
from records.models import AuditEntry, ChannelIdentity, Conversation, Message, Outbound, Staff, Ticket, Turn
from tests.desk.conftest import Browse, Browser
from tests.desk.counting import counted
from tests.desk.making import Scene

LIVE = re.compile(r'hx-get="(/percakapan/[^"]+/langsung[^"]*)"')
MARKS = re.compile(r'name="sidik" value="([^"]+)"')
KEY = re.compile(r'name="key" value="([^"]+)"')
XSS = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'-alert(1)-'",
    "javascript:alert(1)",
    "<svg/onload=alert(1)>",
    "</textarea><script>alert(1)</script>",
    '<a href="#" hx-get="/keluar" hx-trigger="load">x</a>',
    "{{ 7 * 7 }}{% raw %}",
    "\u202egnp.exe\u2066",
]


def page_of(scene: Scene, who: str) -> str:
    return f"/percakapan/{scene.conversations[who].id}"


async def audited(database: Database, action: str) -> int:
    async with database.read() as session:
        return await session.scalar(select(func.count(AuditEntry.id)).where(AuditEntry.action == action)) or 0


async def claimed(browse: Browse, scene: Scene, who: str = "sari", case: str = "siti") -> Browser:
    browser = await browse(scene, who)
    await browser.post(f"/tiket/{scene.tickets[case].number}/ambil")
    await browser.get(page_of(scene, case))
    return browser


async def test_the_page_shows_every_check_with_source_age_and_cost_before_the_thread(
    browse: Browse, scene: Scene
) -> None:
    text = unescape((await (await browse(scene, "sari")).get(page_of(scene, "siti"))).text)
    for piece in (
        "Kendala sudah lebih dari 24 jam.",
        "Sistem berjalan normal?",
        "Belum bisa ditanyakan",
        "Rp1.000.000",
        "tabel program · hari ini 08.00 WIB · 4 ms",
        "API program · 5003 ms",
        "91\u00a0%",
        "Kuota/jadwal/syarat beli",
        "Ya, sedang ada penyesuaian sistem",
        "Janji balas hari ini 10.12 WIB",
        "12 menit lagi",
        "Identitas terbukti",
    ):
        assert piece in text, piece
    assert text.index("Rp1.000.000") < text.index("Mohon penjelasanya")


async def test_what_the_records_made_likelier_is_explained(browse: Browse, scene: Scene, database: Database) -> None:
    told = [
        {
            "intent": "paid_no_code",
            "reason": "kelas Excel dibayar kemarin",
            "before": 0.41,
            "after": 0.62,
            "offered": True,
        },
        {"intent": "ticket_status", "reason": "tidak ada laporan", "before": 0.2, "after": 0.08, "offered": False},
        {
            "intent": "wave_schedule",
            "reason": "sudah menjadi penerima",
            "before": 0.011,
            "after": 0.004,
            "offered": False,
        },
    ]
    async with database.write() as session:
        await session.execute(update(Turn).values(prior=told))
    text = unescape((await (await browse(scene, "sari")).get(page_of(scene, "siti"))).text)
    page = re.sub(r"<[^>]+>", "", text)
    assert "lebih mungkin: Sudah bayar, kode belum ada, karena kelas Excel dibayar kemarin; 0,41 → 0,62" in page
    assert "kurang mungkin: Status laporan, karena tidak ada laporan; 0,20 → 0,08" in page
    assert "sudah menjadi penerima" not in page


async def test_every_fate_of_a_message_is_named_with_what_to_do(browse: Browse, scene: Scene) -> None:
    text = (await (await browse(scene, "joko")).get(page_of(scene, "yanto"))).text
    for fate in ("dibaca", "tidak pasti", "ditolak", "menunggu", "Belum tentu sampai", "403 bot was blocked"):
        assert fate in text, fate
    assert "Identitas belum terbukti" in text


async def test_every_look_is_written_down_and_a_refresh_needs_a_look(
    browse: Browse, scene: Scene, database: Database
) -> None:
    sari, joko = await browse(scene, "sari"), await browse(scene, "joko")
    page = (await sari.get(page_of(scene, "siti"))).text
    assert await audited(database, "view") == 1
    live = LIVE.search(page)
    assert live is not None
    assert (await sari.get(unescape(live[1]))).status_code == 200
    assert await audited(database, "view") == 1
    assert (await joko.get(unescape(live[1]))).status_code == 403
    await joko.get(page_of(scene, "siti"))
    assert await audited(database, "view") == 2


async def test_only_parts_that_changed_are_sent_again(
    browse: Browse, scene: Scene, database: Database, bell: Bell, clock: Clock
) -> None:
    sari = await claimed(browse, scene)
    page = (await sari.get(page_of(scene, "siti"))).text
    live = unescape(LIVE.findall(page)[0]) + "".join(f"&sidik={mark}" for mark in MARKS.findall(page))
    assert (await sari.get(live)).status_code == 204
    async with database.write() as session:
        session.add(
            Message(
                conversation_id=scene.conversations["siti"].id,
                direction="in",
                author="participant",
                text="masih belum bisa",
                created_at=clock(),
            )
        )
    changed = (await sari.get(live)).text
    assert "masih belum bisa" in changed
    assert 'id="bagian-utas"' in changed
    assert 'id="bagian-bukti"' not in changed
    assert 'id="bagian-tindakan"' not in changed


async def test_claim_reply_note_and_resolve_by_the_forms_of_the_page(
    browse: Browse, scene: Scene, database: Database
) -> None:
    sari = await claimed(browse, scene)
    number = scene.tickets["siti"].number
    for path, words, news in (
        ("balas", "Kami cek dulu ya, Kak.", "terkirim"),
        ("catat", "Sudah telepon Sisnaker.", "dicatat"),
        ("selesai", "Kelasnya muncul lagi.", "selesai"),
    ):
        key = KEY.findall((await sari.get(page_of(scene, "siti"))).text)[0]
        answer = await sari.post(f"/tiket/{number}/{path}", key=key, text=words)
        assert answer.headers["location"].endswith(f"?kabar={news}")
    text = (await sari.get(page_of(scene, "siti"))).text
    assert "Sudah telepon Sisnaker." in text
    assert f"Laporan {number} sudah selesai." in text
    async with database.read() as session:
        mine = Outbound.conversation_id == scene.conversations["siti"].id
        sent = await session.scalars(select(Outbound.author).where(mine, Outbound.author == "agent"))
        assert len(sent.all()) == 2


async def test_who_loses_the_race_reads_who_has_it(browse: Browse, scene: Scene) -> None:
    await claimed(browse, scene, "sari")
    joko = await browse(scene, "joko")
    answer = await joko.post(f"/tiket/{scene.tickets['siti'].number}/ambil")
    assert answer.status_code == 409
    assert "sudah diambil Sari Dewanti" in answer.text


async def test_refused_words_come_back_with_the_reason_and_the_same_key(
    browse: Browse, scene: Scene, database: Database
) -> None:
    sari = await claimed(browse, scene)
    key, words = str(uuid4()), "kalimat panjang " * 300
    answer = await sari.post(f"/tiket/{scene.tickets['siti'].number}/balas", key=key, text=words)
    assert answer.status_code == 422
    assert "terlalu panjang" in answer.text
    assert words in answer.text
    assert key in answer.text
    sari.client.headers["HX-Request"] = "true"
    part = await sari.post(f"/tiket/{scene.tickets['siti'].number}/balas", key=key, text=words)
    assert (part.status_code, words in part.text) == (422, True)


async def test_words_written_while_another_took_over_are_not_lost(
    browse: Browse, scene: Scene, database: Database
) -> None:
    sari = await claimed(browse, scene)
    lela = await browse(scene, "lela")
    await lela.post(f"/tiket/{scene.tickets['siti'].number}/lepas")
    answer = await sari.post(
        f"/tiket/{scene.tickets['siti'].number}/balas", key=str(uuid4()), text="jawaban panjang saya"
    )
    assert answer.status_code == 409
    assert "jawaban panjang saya" in answer.text
    assert "tidak (lagi) Anda pegang" in answer.text


async def test_the_closed_window_is_said_and_the_words_are_kept_for_when_the_person_writes(
    browse: Browse, scene: Scene, database: Database, clock: Clock
) -> None:
    sari = await claimed(browse, scene, case="budi")
    page = re.sub(r"<[^>]+>", "", (await sari.get(page_of(scene, "budi"))).text)
    assert "Jendela WhatsApp sampai hari ini 12.00 WIB, 2 jam lagi" in page
    async with database.write() as session:
        await session.execute(
            update(Conversation).where(Conversation.id == scene.conversations["budi"].id).values(window_until=clock())
        )
    assert "Jendela WhatsApp sudah tutup" in (await sari.get(page_of(scene, "budi"))).text
    answer = await sari.post(f"/tiket/{scene.tickets['budi'].number}/balas", key=str(uuid4()), text="masih sempat?")
    assert answer.status_code == 303
    assert answer.headers["location"].endswith("kabar=menunggu")
    shown = (await sari.get(page_of(scene, "budi"))).text
    assert "masih sempat?" in shown
    assert "menunggu peserta menulis" in shown


async def test_nothing_a_participant_or_a_record_says_becomes_markup(
    browse: Browse, scene: Scene, database: Database
) -> None:
    browser = await (await browse(scene, "ani")).permitted(*scene.conversations.values())
    await poison_everything(database, "aman")
    harmless = await skeletons(browser, scene, "aman")
    for poison in XSS:
        await poison_everything(database, poison)
        for address, bare in (await skeletons(browser, scene, poison)).items():
            assert bare == harmless[address], (address, poison)
    assert any(bone[0] == "script" for bone in harmless["/antrean?tab=semua"])


async def poison_everything(database: Database, poison: str) -> None:
    """Every word a stranger or a source could have a say in becomes the poison."""
    row = {"label": poison, "value": poison, "source": poison, "as_of": poison, "took_ms": poison}
    finding = {
        "check": poison,
        "verdict": poison,
        "summary": poison,
        "evidence": [row],
        "escalate": {"reason": poison},
    }
    thought = {"intent": poison, "findings": [finding], "ranking": [{"name": poison + "2", "confidence": 0.1}]}
    thought["prior"] = [{"intent": poison, "reason": poison, "before": 0.2, "after": 0.6, "offered": True}]
    case = dict.fromkeys(("summary", "reason", "course", "platform", "intent"), poison)
    async with database.write() as session:
        await session.execute(update(ChannelIdentity).values(display_name=poison))
        await session.execute(update(Message).values(text=poison, kind=poison, buttons=[{"title": poison}]))
        await session.execute(update(Outbound).values(error=poison))
        await session.execute(update(Ticket).values(**case, also=[poison], evidence=[finding]))
        await session.execute(update(Turn).values(**thought))
        await session.execute(update(Staff).where(Staff.username == "sari").values(name=poison))


type Bones = list[tuple[str, ...]]


async def skeletons(browser: Browser, scene: Scene, poison: str) -> dict[str, Bones]:
    """The tags and attribute names of every page: words must never change them."""
    plain = ["/antrean?tab=semua", page_of(scene, "siti"), page_of(scene, "yanto"), "/tren", "/tren/baris", "/petugas"]
    made = {address: bones((await browser.get(address)).text) for address in plain}
    asked = {"cari": poison, "keluhan": poison, "platform": poison}
    for address in ("/antrean", "/tren"):
        made[f"{address} asked"] = bones((await browser.get(address, params=asked)).text)
    return made


def bones(text: str) -> Bones:
    """Return all tags with their attribute names; a handler, inline style or foreign address fails."""
    reader = Reader()
    reader.feed(text)
    return sorted(reader.found)  # a poisoned name may sort elsewhere


class Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: Bones = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, *sorted(name for name, _ in attrs)))
        assert tag != "script" or "src" in dict(attrs)
        for name, value in attrs:
            assert not name.startswith(("on", "style")), (tag, name)
            if name in {"href", "src", "action", "hx-get", "hx-post"}:
                assert re.match(r"#|/(?!/)", value or ""), (tag, name, value)


async def test_a_number_in_a_display_name_stays_hidden(browse: Browse, scene: Scene, database: Database) -> None:
    async with database.write() as session:
        await session.execute(update(ChannelIdentity).values(display_name="Siti 0812-3456-7890"))
    browser = await browse(scene, "sari")
    for address in ("/antrean?tab=semua", page_of(scene, "siti"), "/tren/baris"):
        text = (await browser.get(address)).text
        assert "3456" not in text, address
        assert "Siti •••" in text, address


async def test_a_conversation_without_a_ticket_is_read_only(browse: Browse, scene: Scene) -> None:
    sari = await (await browse(scene, "sari")).permitted(scene.conversations["tamu"])
    text = (await sari.get(page_of(scene, "tamu"))).text
    assert "Belum ada tiket; bot yang menjawab." in text
    assert '/ambil"' not in text


async def test_the_pmo_reads_but_has_no_forms(browse: Browse, scene: Scene) -> None:
    rudi = await (await browse(scene, "rudi")).permitted(scene.conversations["siti"])
    text = (await rudi.get(page_of(scene, "siti"))).text
    assert "hanya petugas yang membalas" in text
    assert f'action="/tiket/{scene.tickets["siti"].number}/' not in text


async def test_the_page_asks_the_database_few_questions(
    browse: Browse, scene: Scene, database: Database, bell: Bell, clock: Clock
) -> None:
    async with database.write() as session:
        await claim(session, bell, ticket_id=scene.tickets["siti"].id, staff=scene.staff["sari"], at=clock())
    for number in range(20):
        async with database.write() as session:
            await reply(
                session,
                bell,
                ticket_id=scene.tickets["siti"].id,
                key=uuid4(),
                text=f"balasan {number}",
                staff=scene.staff["sari"],
                at=clock(),
            )
    browser = await browse(scene, "sari")
    with counted(database) as asked:
        await browser.get(page_of(scene, "siti"))
    assert len(asked) <= 24, asked
    with counted(database) as asked:
        await browser.get("/antrean?tab=semua")
    assert len(asked) <= 9, asked


async def test_a_reply_stands_below_what_it_answers_and_passed_on_words_are_marked(
    browse: Browse, scene: Scene, database: Database, clock: Clock
) -> None:
    quoted = "<script>alert(1)</script>"
    async with database.write() as session:
        conversation = scene.conversations["siti"].id
        said = {"conversation_id": conversation, "direction": "in", "author": "participant", "created_at": clock()}
        session.add(Message(**said, text="di sini", context={"reply_to": {"text": quoted, "ours": True}}))
        session.add(Message(**said, text="saldo hilang", context={"forwarded": True}))
        session.add(Message(**said, text="yang itu", context={"reply_to": {"text": "", "ours": False}}))
    page = (await (await browse(scene, "sari")).get(page_of(scene, "siti"))).text
    text = unescape(page)
    assert "membalas pesan kita:" in text
    assert quoted in text
    assert quoted not in page
    assert "(tanpa teks)" in text
    assert text.count("[diteruskan]") == 1
