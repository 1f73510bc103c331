"""The thread: page by page without losing any, every receipt with its time, links that show where they lead."""

import re
from datetime import timedelta
from html import unescape
from uuid import uuid4

import pytest
from sqlalchemy import select, update

from desk.links import linked
from desk.thread import LATEST
from records.clock import Clock
from records.database import Database
from records.models import AuditEntry, ChannelIdentity, Message, Outbound, Receipt, Ticket
from tests.desk.conftest import Browse, Browser
from tests.desk.counting import counted
from tests.desk.making import Scene, conversation, ticket, turn
from tests.desk.test_conversation import claimed, page_of

SAID = re.compile(r'class="teks" dir="auto">(pesan \d+)<')
EARLIER = re.compile(r'hx-get="(/percakapan/[^"]+/lebih-lama[^"]+)"')


async def talk(database: Database, scene: Scene, who: str, many: int, clock: Clock) -> None:
    async with database.write() as session:
        for number in range(many):
            at = clock() + timedelta(seconds=number)
            given = {"direction": "in", "author": "participant", "text": f"pesan {number}", "created_at": at}
            session.add(Message(conversation_id=scene.conversations[who].id, **given))
            await session.flush()


async def test_earlier_messages_come_page_by_page_each_once(
    browse: Browse, scene: Scene, database: Database, clock: Clock
) -> None:
    await talk(database, scene, "siti", 2 * LATEST + 20, clock)
    sari = await browse(scene, "sari")
    page = (await sari.get(page_of(scene, "siti"))).text
    seen = SAID.findall(page)
    assert len(seen) == LATEST
    while more := EARLIER.search(page):
        page = (await sari.get(unescape(more[1]))).text
        seen = SAID.findall(page) + seen
    assert seen == [f"pesan {number}" for number in range(2 * LATEST + 20)]
    assert "Awal percakapan." in page


async def test_without_a_script_the_earlier_page_is_a_page_of_its_own(
    browse: Browse, scene: Scene, database: Database, clock: Clock
) -> None:
    await talk(database, scene, "siti", LATEST + 5, clock)
    sari = await browse(scene, "sari")
    first = re.search(r'href="(/percakapan/[^"]+\?sebelum=\d+)"', (await sari.get(page_of(scene, "siti"))).text)
    assert first is not None
    page = (await sari.get(first[1])).text
    assert SAID.findall(page)[-1] == "pesan 4"
    assert "Kembali ke pesan terbaru" in page


async def test_a_refresh_takes_no_message_away_that_is_shown(
    browse: Browse, scene: Scene, database: Database, clock: Clock
) -> None:
    sari = await browse(scene, "sari")
    await talk(database, scene, "siti", LATEST, clock)
    page = (await sari.get(page_of(scene, "siti"))).text
    since = re.search(r'name="sejak" value="(\d+)"', page)
    token = re.search(r'data-lihat="([^"]+)"', page)
    assert since is not None
    assert token is not None
    await talk(database, scene, "siti", 7, clock)
    live = await sari.get(f"{page_of(scene, 'siti')}/langsung?lihat={token[1]}", headers={"X-Sejak": since[1]})
    assert len(SAID.findall(live.text)) == LATEST + 7
    assert live.headers["X-Sekarang"] == clock().isoformat()


async def test_earlier_messages_need_a_page_that_was_opened(browse: Browse, scene: Scene) -> None:
    sari = await browse(scene, "sari")
    assert (await sari.get(f"{page_of(scene, 'siti')}/lebih-lama?sebelum=99&lihat=x")).status_code == 403


async def test_a_long_conversation_asks_no_more_questions_than_a_short_one(
    browse: Browse, scene: Scene, database: Database, clock: Clock
) -> None:
    sari = await browse(scene, "sari")
    with counted(database) as short:
        await sari.get(page_of(scene, "siti"))
    await talk(database, scene, "siti", 150, clock)
    with counted(database) as long:
        await sari.get(page_of(scene, "siti"))
    assert len(long) == len(short) <= 24, long


async def test_every_receipt_is_shown_with_its_time(
    browse: Browse, scene: Scene, database: Database, clock: Clock
) -> None:
    async with database.write() as session:
        row = await session.scalar(select(Outbound).where(Outbound.conversation_id == scene.conversations["budi"].id))
        assert row is not None
        row.sent_at, row.status = clock(), "read"
        for minutes, status in ((2, "delivered"), (5, "read"), (1, "sent")):
            at = clock() + timedelta(minutes=minutes)
            session.add(Receipt(outbox_id=row.id, status=status, at=at, received_at=at))
    page = (await (await browse(scene, "sari")).get(page_of(scene, "budi"))).text
    assert "(terkirim 10.00, sampai 10.02, dibaca 10.05)" in re.sub(r"<[^>]+>", "", page)


async def refused(database: Database, scene: Scene, sari: Browser, status: str) -> str:
    await sari.post(f"/tiket/{scene.tickets['siti'].number}/balas", key=str(uuid4()), text="balasan yang gagal")
    async with database.write() as session:
        row = await session.scalar(select(Outbound).join(Message).where(Message.text == "balasan yang gagal"))
        assert row is not None
        row.status, row.error, row.attempts = status, "470 nomor tidak ada", 3
        return str(row.id)


async def test_the_holder_sends_again_what_the_channel_refused(
    browse: Browse, scene: Scene, database: Database
) -> None:
    sari = await claimed(browse, scene)
    outbox = await refused(database, scene, sari, "refused")
    page = (await sari.get(page_of(scene, "siti"))).text
    assert "470 nomor tidak ada" in page
    assert "Kirim ulang" in page
    address = f"{page_of(scene, 'siti')}/kirim-ulang/{outbox}"
    joko = await browse(scene, "joko")
    assert (await joko.post(address, status="refused", tries="3")).status_code == 409
    assert (await sari.post(address, status="refused", tries="3")).status_code == 303
    assert (await sari.post(address, status="refused", tries="3")).status_code == 409
    async with database.read() as session:
        assert await session.scalar(select(Outbound.status).where(Outbound.id == outbox)) == "due"
        again = select(AuditEntry).where(AuditEntry.action == "delivery_sent_again")
        assert len(list(await session.scalars(again))) == 1


async def test_what_may_have_arrived_is_repeated_only_by_who_says_they_know(
    browse: Browse, scene: Scene, database: Database
) -> None:
    sari = await claimed(browse, scene)
    address = f"{page_of(scene, 'siti')}/kirim-ulang/{await refused(database, scene, sari, 'unknown')}"
    assert (await sari.post(address, status="unknown", tries="3")).status_code == 422
    assert (await sari.post(address, status="unknown", tries="3", paham="ya")).status_code == 303


@pytest.mark.parametrize(
    ("text", "link"),
    [
        ("lihat https://prakerja.go.id/kelas?a=1&b=2.", "https://prakerja.go.id/kelas?a=1&amp;b=2"),
        ("(https://id.wikipedia.org/wiki/Kartu_(program))", "https://id.wikipedia.org/wiki/Kartu_(program)"),
        ("HTTP://CONTOH.ID", "HTTP://CONTOH.ID"),
    ],
)
def test_an_address_becomes_a_link_that_shows_where_it_leads(text: str, link: str) -> None:
    assert f'<a href="{link}" rel="noopener noreferrer nofollow" target="_blank">{link}</a>' in linked(text)


@pytest.mark.parametrize(
    "text",
    [
        "javascript:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "ftp://contoh.id",
        "www.contoh.id",
        "https://contoh.id/\u202egpj.exe",
        "https://a\u200bb.id",
    ],
)
def test_anything_else_stays_text(text: str) -> None:
    assert "<a " not in linked(text)
    assert "<script" not in linked(text)


def test_nothing_in_or_around_an_address_becomes_markup() -> None:
    made = linked('<b>https://contoh.id/"><img src=x onerror=alert(1)> & lagi</b>')
    assert made.startswith("&lt;b&gt;<a href=")
    assert "<img" not in made
    assert 'href="https://contoh.id/"' in made
    assert "&amp; lagi" in made


async def test_the_panel_shows_every_chat_of_the_same_proven_participant_and_never_by_a_name(
    browse: Browse, scene: Scene, database: Database, clock: Clock
) -> None:
    async with database.write() as session:
        for who, bound in (("siti-wa", "P-1001"), ("siti-lain", None)):
            opened = clock() - timedelta(days=3)
            chat = await conversation(session, scene, who, "Siti Rahmawati", "whatsapp", opened, bound=bound)
            first = await turn(session, chat, "kode?", opened, intent="paid_no_code", confidence=0.9, platform=None)
            told = {"intent": "paid_no_code", "queue": "PMO_TRANSACTION", "summary": "s", "reason": "r", "evidence": []}
            await ticket(session, scene, who, chat, first, opened=opened, promised=opened, **told)
        whose = Ticket.id == scene.tickets["siti-wa"].id
        done = {"status": "resolved", "resolved_at": clock(), "resolution": "Kode sudah terbit."}
        await session.execute(update(Ticket).where(whose).values(**done))
    page = (await (await browse(scene, "sari")).get(page_of(scene, "siti"))).text
    panel = page[page.index('id="bagian-peserta"') :]
    assert scene.tickets["siti-wa"].number in panel
    assert "Kode sudah terbit." in panel
    assert f"/percakapan/{scene.conversations['siti-wa'].id}" in panel
    assert scene.tickets["siti-lain"].number not in panel


async def test_of_another_teams_case_the_panel_tells_no_words(browse: Browse, scene: Scene, database: Database) -> None:
    async with database.write() as session:
        other = scene.conversations["budi"].identity_id
        await session.execute(
            update(ChannelIdentity).where(ChannelIdentity.id == other).values(participant_id="P-1001")
        )
        done = {"status": "resolved", "resolution": "rahasia tim lain"}
        await session.execute(update(Ticket).where(Ticket.id == scene.tickets["budi"].id).values(**done))
    hasan = await (await browse(scene, "hasan")).permitted(scene.conversations["siti"])
    page = (await hasan.get(page_of(scene, "siti"))).text
    assert scene.tickets["budi"].number in page
    assert "rahasia tim lain" not in page
    assert "isinya dibuka dengan izin" in page
