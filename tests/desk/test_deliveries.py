"""The deliveries page: everything that is stuck, one message's way, and acts that are done once, by the right role."""

import asyncio
import re
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select, text

from records.clock import Clock
from records.database import Database
from records.models import AuditEntry, Flood, Inbound, Lane, Message, Outbound, Receipt, Turn
from tests.desk.conftest import Browse, Browser
from tests.desk.making import Scene

HIDDEN = re.compile(r'name="(status|tries|repeats|jumlah)" value="([^"]*)"')


@pytest.fixture
def browse(browse: Browse, scene: Scene) -> Browse:
    """Whoever supervises has said why they look, of every conversation."""

    async def supervise(there: Scene, who: str) -> Browser:
        browser = await browse(there, who)
        return browser if who == "sari" else await browser.permitted(*scene.conversations.values())

    return supervise


@pytest.fixture
async def parked(database: Database, scene: Scene, clock: Clock) -> int:
    """A message of Siti's that the bot could not answer."""
    async with database.write() as session:
        chat = scene.conversations["siti"]
        event = Inbound(
            channel="telegram",
            external_id="update:4711",
            conversation_id=chat.id,
            kind="text",
            sealed_event=b"sealed",
            order_key=int(clock().timestamp() - 2) * 1_000_000,
            received_at=clock(),
            status="parked",
            attempts=3,
            error="jawaban Rasa kosong",
            done_at=clock(),
        )
        session.add(event)
        await session.flush()
        said = Message(
            conversation_id=chat.id,
            direction="in",
            author="participant",
            text="kelasnya kok hilang",
            inbox_id=event.id,
            created_at=clock(),
        )
        session.add_all([said, Lane(conversation_id=chat.id, falls=2)])
        await session.flush()
        return event.id


async def outbound(database: Database, scene: Scene, who: str, status: str) -> Outbound:
    async with database.read() as session:
        found = await session.scalars(
            select(Outbound)
            .where(Outbound.conversation_id == scene.conversations[who].id, Outbound.status == status)
            .order_by(Outbound.position)
        )
        return found.one()


async def row(database: Database, table: Any, key: Any) -> Any:
    async with database.read() as session:
        return await session.get(table, key)


async def entries(database: Database, action: str) -> list[AuditEntry]:
    async with database.read() as session:
        return list(
            await session.scalars(select(AuditEntry).where(AuditEntry.action == action).order_by(AuditEntry.id))
        )


async def hidden(browser: Browser, address: str) -> dict[str, str]:
    """What the forms of a page carry of how things stand."""
    return dict(HIDDEN.findall((await browser.get(address)).text))


async def test_every_list_holds_what_it_names_and_says_how_much(
    browse: Browse, scene: Scene, parked: int, database: Database, clock: Clock
) -> None:
    async with database.write() as session:
        session.add(Flood(conversation_id=scene.conversations["tamu"].id, hour=clock(), count=77, last_at=clock()))
    browser = await browse(scene, "rudi")
    page = (await browser.get("/pengiriman")).text
    for said in ("kelasnya kok hilang", "jawaban Rasa kosong", "diparkir", "3 percobaan", "Siti Rahmawati"):
        assert said in page
    numbers = dict(re.findall(r'id="tab-([a-z-]+)"[^>]*>[^<]+ <span class="jumlah">(\d+)</span>', page))
    assert numbers == {"diparkir": "1", "tidak-pasti": "1", "ditolak": "1", "ditahan": "0", "lama": "0", "banjir": "1"}
    assert "Kami paham ini melelahkan, Kak. (2)" in (await browser.get("/pengiriman?tab=tidak-pasti")).text
    assert "403 bot was blocked" in (await browser.get("/pengiriman?tab=ditolak")).text
    assert "77 pesan dalam satu jam" in (await browser.get("/pengiriman?tab=banjir")).text


async def test_what_waits_long_is_told_by_real_time(
    browse: Browse, scene: Scene, parked: int, database: Database
) -> None:
    async with database.write() as session:
        await session.execute(
            text("UPDATE inbox SET status = 'pending', stored_at = now() - interval '3 minutes' WHERE id = :id"),
            {"id": parked},
        )
        await session.execute(
            text("UPDATE outbox SET status = 'due', created_at = now() - interval '2 hours' WHERE status = 'unknown'")
        )
    page = (await (await browse(scene, "ani")).get("/pengiriman?tab=lama")).text
    assert "3 menit lalu" in page
    assert "2 jam lalu" in page
    assert page.count('class="kirim-kirim"') == 1


@pytest.mark.parametrize("by", ["ticket", "conversation", "outbox", "provider", "event", "name"])
async def test_a_message_is_found_by_whatever_is_in_hand(
    browse: Browse, scene: Scene, parked: int, database: Database, by: str
) -> None:
    sent = await outbound(database, scene, "siti", "read")
    async with database.write() as session:
        await session.execute(
            text("UPDATE outbox SET provider_message_id = 'wamid.HBgLNjI4' WHERE id = :id"), {"id": sent.id}
        )
    words = {
        "ticket": scene.tickets["siti"].number,
        "conversation": str(scene.conversations["siti"].id),
        "outbox": str(sent.id),
        "provider": "wamid.HBgLNjI4",
        "event": "4711",
        "name": "rahmawati",
    }[by]
    page = (await (await browse(scene, "ani")).get("/pengiriman", params={"tab": "semua", "cari": words})).text
    wanted = "kelasnya kok hilang" if by == "event" else "laporan Kakak kami teruskan"
    assert wanted in page
    assert "Budi Santoso" not in page


async def test_nothing_found_says_so(browse: Browse, scene: Scene) -> None:
    for words in ("T-999999", "wamid.ada%_", "00000000-0000-0000-0000-000000000000", "\x00"):
        answer = await (await browse(scene, "ani")).get("/pengiriman", params={"tab": "semua", "cari": words})
        assert answer.status_code == 200
        assert ("Tidak ada yang cocok" in answer.text) == (words != "\x00")


async def test_one_page_tells_the_whole_way_from_door_to_receipt(
    browse: Browse, scene: Scene, database: Database, clock: Clock
) -> None:
    async with database.write() as session:
        chat = scene.conversations["rina"]
        turn = (await session.scalars(select(Turn).where(Turn.conversation_id == chat.id))).one()
        sent = (await session.scalars(select(Outbound).where(Outbound.conversation_id == chat.id))).one()
        said = await session.get_one(Message, sent.message_id)
        said.turn_id = turn.id
        sent.status, sent.claimed_at, sent.held_by = "refused", clock(), "mesin:42:1700"
        sent.sent_at, sent.attempts, sent.repeats = clock(), 2, 1
        sent.provider_message_id = "wamid.HBgNNjI4MTIzNDU2Nzg5MBUCABEYEjk"
        for status, code in (("sent", None), ("refused", 131026)):
            at = clock() + timedelta(seconds=len(status))
            session.add(Receipt(outbox_id=sent.id, status=status, at=at, code=code, received_at=at))
        inbox_id = turn.inbox_id
    browser = await browse(scene, "rudi")
    for address in (f"/pengiriman/masuk/{inbox_id}", f"/pengiriman/keluar/{sent.id}"):
        page = (await browser.get(address)).text
        steps = re.findall(r'class="langkah"><strong>([^<]+)</strong>', page)
        assert steps == [
            *("Diterima di pintu", "Tersimpan", "Dijawab", "Jawaban tersimpan", "Diambil pengirim", "Dikirim ulang"),
            *("Terkirim", "Kanal: terkirim", "Kanal: gagal"),
        ]
        for told in (
            "mesin:42:1700",
            "percobaan ke-2",
            "131026",
            "21 ms",
            "model model-scene",
            "id penyedia …CABEYEjk",
        ):
            assert told in page
        assert "NjI4MTIz" not in page
    assert [entry.object for entry in await entries(database, "view")] == [f"inbox:{inbox_id}"] * 2


async def test_a_parked_event_is_answered_after_all_once_however_often_it_is_asked_for(
    browse: Browse, scene: Scene, parked: int, database: Database
) -> None:
    ani, rudi = await browse(scene, "ani"), await browse(scene, "rudi")
    address = f"/pengiriman/masuk/{parked}"
    carried = [await hidden(browser, address) for browser in (ani, rudi)]
    first, second = await asyncio.gather(
        ani.post(f"{address}/ulang", **carried[0]), rudi.post(f"{address}/ulang", **carried[1])
    )
    assert sorted([first.status_code, second.status_code]) == [303, 409]
    async with database.read() as session:
        again = (await session.scalars(select(Inbound).where(Inbound.external_id == "update:4711/ulang"))).one()
        lane = await session.get_one(Lane, scene.conversations["siti"].id)
    assert (again.status, again.attempts, again.sealed_event, again.error) == ("pending", 0, b"sealed", None)
    assert (lane.due_at is not None, lane.falls) == (True, 0)
    old = await row(database, Inbound, parked)
    assert old.status == "ignored"
    assert re.fullmatch(r"dicoba lagi oleh (ani|rudi) · jawaban Rasa kosong", old.error)
    (entry,) = await entries(database, "delivery_heard_again")
    assert entry.object == f"inbox:{parked}"


async def test_a_parked_event_may_be_left_as_it_is(
    browse: Browse, scene: Scene, parked: int, database: Database
) -> None:
    browser = await browse(scene, "rudi")
    carried = await hidden(browser, f"/pengiriman/masuk/{parked}")
    answer = await browser.post(f"/pengiriman/masuk/{parked}/buang", **carried)
    assert answer.status_code == 303
    assert "Kiriman itu dibiarkan" in (await browser.get(answer.headers["location"])).text
    assert (await row(database, Inbound, parked)).status == "ignored"
    assert len(await entries(database, "delivery_discarded")) == 1


async def test_an_event_whose_words_are_no_longer_kept_cannot_be_answered_again(
    browse: Browse, scene: Scene, parked: int, database: Database
) -> None:
    async with database.write() as session:
        await session.execute(text("UPDATE inbox SET sealed_event = NULL WHERE id = :id"), {"id": parked})
    browser = await browse(scene, "ani")
    carried = await hidden(browser, f"/pengiriman/masuk/{parked}")
    answer = await browser.post(f"/pengiriman/masuk/{parked}/ulang", **carried)
    assert (answer.status_code, "sudah tidak disimpan" in answer.text) == (409, True)
    assert (await row(database, Inbound, parked)).status == "parked"


async def test_an_unknown_message_is_sent_again_only_by_somebody_who_knows_it_may_come_twice(
    browse: Browse, scene: Scene, database: Database
) -> None:
    sent = await outbound(database, scene, "yanto", "unknown")
    async with database.write() as session:
        at = sent.created_at
        session.add(Receipt(outbox_id=sent.id, status="sent", at=at, received_at=at))
        chat = await session.get_one(type(scene.conversations["yanto"]), sent.conversation_id)
        (await session.get_one(Outbound, sent.id)).owner_version = chat.owner_version
    browser = await browse(scene, "ani")
    address = f"/pengiriman/keluar/{sent.id}"
    carried = await hidden(browser, address)
    assert "mungkin sampai dua kali" in (await browser.get(address)).text
    unaware = await browser.post(f"{address}/ulang", **carried)
    assert (unaware.status_code, (await row(database, Outbound, sent.id)).status) == (422, "unknown")
    assert (await browser.post(f"{address}/ulang", **carried, paham="1")).status_code == 303
    again = await row(database, Outbound, sent.id)
    assert (again.status, again.repeats, again.attempts, again.error) == ("due", 1, 0, None)
    async with database.read() as session:
        assert (await session.scalars(select(Receipt.superseded))).all() == [True]
    late = await browser.post(f"{address}/ulang", **carried, paham="1")
    assert (late.status_code, "baru saja berubah" in late.text) == (409, True)
    async with database.write() as session:
        # it went out and is unknown once more: the page of before says nothing about that
        await session.execute(
            text("UPDATE outbox SET status = 'unknown', attempts = :tries WHERE id = :id"),
            {"tries": sent.attempts, "id": sent.id},
        )
    assert (await browser.post(f"{address}/ulang", **carried, paham="1")).status_code == 409
    assert (await browser.post(f"{address}/buang", **carried)).status_code == 409
    (entry,) = await entries(database, "delivery_sent_again")
    assert (entry.actor, entry.detail) == ("ani", {"was": "unknown", "repeats": 0})


async def test_a_bots_words_from_before_a_take_over_are_not_sent_again(
    browse: Browse, scene: Scene, database: Database
) -> None:
    sent = await outbound(database, scene, "yanto", "refused")
    browser = await browse(scene, "ani")
    carried = await hidden(browser, f"/pengiriman/keluar/{sent.id}")
    answer = await browser.post(f"/pengiriman/keluar/{sent.id}/ulang", **{**carried, "status": "refused"})
    assert (answer.status_code, "sudah berpindah tangan" in answer.text) == (409, True)
    assert (await row(database, Outbound, sent.id)).status == "refused"


async def test_what_is_settled_leaves_the_lists_and_says_by_whom(
    browse: Browse, scene: Scene, database: Database
) -> None:
    sent = await outbound(database, scene, "yanto", "unknown")
    browser = await browse(scene, "rudi")
    carried = await hidden(browser, f"/pengiriman/keluar/{sent.id}")
    assert (await browser.post(f"/pengiriman/keluar/{sent.id}/buang", **carried)).status_code == 303
    kept = await row(database, Outbound, sent.id)
    assert (kept.status, kept.settled_at is not None) == ("unknown", True)
    assert "(2)" not in (await browser.get("/pengiriman?tab=tidak-pasti")).text
    page = (await browser.get(f"/pengiriman/keluar/{sent.id}")).text
    assert "Diperiksa petugas" in page
    assert "Rudi Hartono" in page
    assert (await browser.post(f"/pengiriman/keluar/{sent.id}/buang", **carried)).status_code == 409


async def test_a_whole_list_is_tried_again_after_its_number_was_shown(
    browse: Browse, scene: Scene, database: Database
) -> None:
    async with database.write() as session:
        await session.execute(
            text("UPDATE outbox SET status = 'refused' WHERE author = 'bot' AND channel = 'whatsapp'")
        )
    browser = await browse(scene, "ani")
    listed = "/pengiriman/banyak?tab=ditolak&act=ulang"
    page = (await browser.get(listed)).text
    assert "Coba lagi: 2 kiriman" in page
    assert "<strong>1 dari 3</strong> tidak ikut" in page
    told = {"act": "ulang", "jumlah": "2", "paham": "1"}
    wrong = await browser.post("/pengiriman/banyak?tab=ditolak", **{**told, "jumlah": "3"})
    assert (wrong.status_code, "baru saja berubah" in wrong.text) == (409, True)
    assert (await browser.post("/pengiriman/banyak?tab=ditolak", act="ulang", jumlah="2")).status_code == 422
    done = await browser.post("/pengiriman/banyak?tab=ditolak", **told)
    assert done.status_code == 303
    assert "2 kiriman dikerjakan" in (await browser.get(done.headers["location"])).text
    async with database.read() as session:
        due = await session.scalar(select(func.count()).where(Outbound.status == "due", Outbound.channel == "whatsapp"))
    assert due == 2
    (entry,) = await entries(database, "deliveries_again")
    assert (entry.detail["count"], len(entry.detail["ids"])) == (2, 2)
    assert (await browser.post("/pengiriman/banyak?tab=ditolak", **told)).status_code == 409


@pytest.mark.parametrize("tab", ["diparkir", "tidak-pasti", "ditolak"])
async def test_a_whole_list_may_be_settled(
    browse: Browse, scene: Scene, parked: int, database: Database, tab: str
) -> None:
    browser = await browse(scene, "rudi")
    carried = await hidden(browser, f"/pengiriman/banyak?tab={tab}&act=buang")
    assert carried["jumlah"] == "1"
    assert (await browser.post(f"/pengiriman/banyak?tab={tab}", act="buang", **carried)).status_code == 303
    assert 'class="kirim-kirim"' not in (await browser.get(f"/pengiriman?tab={tab}")).text
    assert len(await entries(database, "deliveries_settled")) == 1


@pytest.mark.parametrize(
    ("tab", "act"), [("ditahan", "ulang"), ("lama", "buang"), ("semua", "buang"), ("ditolak", "x")]
)
async def test_there_is_no_act_for_a_list_it_does_not_fit(
    browse: Browse, scene: Scene, tab: str, act: str, database: Database
) -> None:
    browser = await browse(scene, "ani")
    await browser.get("/pengiriman")
    assert (await browser.get(f"/pengiriman/banyak?tab={tab}&act={act}")).status_code == 422
    assert (await browser.post(f"/pengiriman/banyak?tab={tab}", act=act, jumlah="1", paham="1")).status_code == 422
    assert await entries(database, "deliveries_again") + await entries(database, "deliveries_settled") == []


async def test_an_agent_has_no_way_to_it(browse: Browse, scene: Scene, parked: int, database: Database) -> None:
    agent = await browse(scene, "sari")
    assert "Pengiriman" not in (await agent.get("/antrean")).text
    for path in ("", "/daftar", f"/masuk/{parked}", "/banyak?tab=diparkir&act=buang"):
        assert (await agent.get(f"/pengiriman{path}")).status_code == 403
    assert (await agent.post(f"/pengiriman/masuk/{parked}/ulang", tries="3")).status_code == 403
    assert (await row(database, Inbound, parked)).status == "parked"


async def test_words_in_a_message_stay_words(browse: Browse, scene: Scene, parked: int, database: Database) -> None:
    nasty = '<script>alert(1)</script>" onload=x {{ 7*7 }}'
    async with database.write() as session:
        await session.execute(text("UPDATE messages SET text = :t WHERE inbox_id = :i"), {"t": nasty, "i": parked})
        await session.execute(text("UPDATE inbox SET error = :t WHERE id = :i"), {"t": nasty, "i": parked})
    browser = await browse(scene, "ani")
    for address in ("/pengiriman", f"/pengiriman/masuk/{parked}"):
        page = (await browser.get(address)).text
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert(1)" in page


async def test_what_is_not_there_is_not_found(browse: Browse, scene: Scene) -> None:
    browser = await browse(scene, "ani")
    await browser.get("/pengiriman")
    nobody = UUID(int=0)
    for address in ("/pengiriman/masuk/999999", f"/pengiriman/keluar/{nobody}"):
        assert (await browser.get(address)).status_code == 404
        for act in ("ulang", "buang"):
            answer = await browser.post(f"{address}/{act}", status="unknown", tries="0", paham="1")
            assert answer.status_code == 404, (address, act)
