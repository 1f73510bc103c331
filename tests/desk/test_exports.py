"""Taking lists away: what is on the screen and no more, by whom it is allowed, and nobody takes anything unseen."""

import csv
import io
import re
from datetime import timedelta
from html import unescape

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from records.clock import Clock
from records.database import Database
from records.models import AuditEntry, Incident, IncidentPerson, Ticket
from tests.desk.conftest import Browse
from tests.desk.making import Scene, conversation, ticket, turn
from trends.exporting import pouring
from trends.labels import intent_label

SHOWN = re.compile(r'<li><a href="/percakapan/([0-9a-f-]+)"')


async def a_week(database: Database, scene: Scene, clock: Clock) -> None:
    async with database.write() as session:
        for number in range(12):
            chat = await conversation(session, scene, f"w{number}", f"Peserta {number}", "web", clock())
            for hours in (number, number + 30):
                await turn(
                    session,
                    chat,
                    f"=1+1 tidak bisa bayar {number}",
                    clock() - timedelta(hours=hours),
                    intent=("payment_failed", "package_not_found", "greet")[number % 3],
                    confidence=0.5,
                    platform=("tokopedia", None)[number % 2],
                )


def lines(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


async def taken(database: Database) -> list[AuditEntry]:
    async with database.read() as session:
        return list(
            await session.scalars(
                select(AuditEntry).where(AuditEntry.action == "trends_exported").order_by(AuditEntry.id)
            )
        )


@pytest.mark.parametrize(
    "filters", ["", "?keluhan=payment_failed", "?platform=-&kanal=web", "?dari=2020-08-23&sampai=2020-08-23"]
)
async def test_a_file_holds_the_rows_of_the_screen_in_their_order(
    browse: Browse, scene: Scene, database: Database, clock: Clock, filters: str
) -> None:
    await a_week(database, scene, clock)
    rudi = await browse(scene, "rudi")
    page = (await rudi.get(f"/tren/baris{filters}")).text
    shown = SHOWN.findall(page)
    links = [unescape(link) for link in re.findall(r'href="(/tren/ekspor[^"]+)" download', page)]
    assert len(links) == 4
    files = {tuple(re.findall(r"(?:baris|bentuk)=(\w+)", link)): await rudi.get(link) for link in links}
    messages = lines(files["pesan", "csv"].text)
    assert [it["Percakapan"] for it in messages] == shown
    chats = lines(files["percakapan", "csv"].text)
    assert [it["Percakapan"] for it in chats] == list(dict.fromkeys(shown))
    assert sum(int(it["Jumlah keluhan"]) for it in chats) == len(shown)
    for name, told in (("pesan", messages), ("percakapan", chats)):
        book = load_workbook(io.BytesIO(files[name, "xlsx"].content))
        header, *rows = book["Data"].iter_rows(values_only=True)
        assert [row[header.index("Percakapan")] for row in rows] == [it["Percakapan"] for it in told]
        assert ("Oleh", "Rudi Hartono") in list(book["Tentang"].iter_rows(values_only=True))


async def test_a_conversation_of_the_tile_is_told_by_all_its_complaints(
    browse: Browse, scene: Scene, database: Database, clock: Clock
) -> None:
    await a_week(database, scene, clock)
    rudi = await browse(scene, "rudi")
    shown = SHOWN.findall((await rudi.get("/tren/baris?hitung=conversations")).text)
    chats = lines((await rudi.get("/tren/ekspor?hitung=conversations&baris=percakapan")).text)
    assert [it["Percakapan"] for it in chats] == shown
    twice = next(it for it in chats if it["Percakapan"] == str(scene.conversations["w0"].id))
    assert twice["Jumlah keluhan"] == "2"
    assert twice["Pesan pertama (WIB)"] < twice["Pesan terakhir (WIB)"]
    assert chats == lines((await rudi.get("/tren/ekspor?baris=percakapan")).text)


async def test_every_file_is_in_the_audit_with_filter_count_and_form(
    browse: Browse, scene: Scene, database: Database, clock: Clock
) -> None:
    await a_week(database, scene, clock)
    rudi = await browse(scene, "rudi")
    answer = await rudi.get("/tren/ekspor?keluhan=payment_failed&baris=percakapan&bentuk=xlsx")
    assert 'filename="tren-2020-08-18-2020-08-24-percakapan.xlsx"' in answer.headers["content-disposition"]
    (entry,) = await taken(database)
    assert (entry.actor, entry.detail["of"], entry.detail["form"]) == ("rudi", "percakapan", "xlsx")
    assert "keluhan=payment_failed" in entry.detail["filter"]
    rows = load_workbook(io.BytesIO(answer.content))["Data"].max_row - 1
    assert entry.detail["lines"] == rows == int(answer.headers["x-rows"])


async def test_who_hangs_up_before_the_end_is_in_the_audit_all_the_same(
    browse: Browse, scene: Scene, database: Database, clock: Clock
) -> None:
    await a_week(database, scene, clock)
    rudi = await browse(scene, "rudi")
    async with rudi.client.stream("GET", "/tren/ekspor?baris=pesan") as answer:
        assert answer.status_code == 200
        assert len(await taken(database)) == 1


async def test_words_leave_only_of_what_one_may_open(
    browse: Browse, scene: Scene, database: Database, clock: Clock
) -> None:
    await a_week(database, scene, clock)
    rudi = await browse(scene, "rudi")
    assert "tidak bisa bayar" not in (await rudi.get("/tren/ekspor?baris=pesan")).text
    await rudi.permitted(scene.conversations["w0"])
    text = (await rudi.get("/tren/ekspor?baris=pesan")).text
    assert "'=1+1 tidak bisa bayar 0" in text
    assert "tidak bisa bayar 1" not in text


@pytest.mark.parametrize("who", ["sari", "lela", "hasan"])
async def test_who_may_not_export_gets_nothing_and_is_offered_nothing(
    browse: Browse, scene: Scene, database: Database, who: str
) -> None:
    one = await browse(scene, who)
    assert "/tren/ekspor" not in (await one.get("/tren/baris")).text
    assert (await one.get("/tren/ekspor")).status_code == 403
    assert await taken(database) == []


async def test_what_is_too_long_is_refused_in_clear_words_and_nothing_left(
    browse: Browse, scene: Scene, database: Database, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    await a_week(database, scene, clock)
    monkeypatch.setattr(pouring, "ROW_CAP", 3)
    answer = await (await browse(scene, "rudi")).get("/tren/ekspor?baris=pesan")
    assert answer.status_code == 413
    assert "Persempit rentang tanggal atau saringannya" in answer.text
    assert await taken(database) == []


async def test_nonsense_in_the_address_is_no_file(browse: Browse, scene: Scene, database: Database) -> None:
    rudi = await browse(scene, "rudi")
    for nonsense in ("baris=semua", "bentuk=exe"):
        assert (await rudi.get(f"/tren/ekspor?{nonsense}")).status_code == 422
    assert await taken(database) == []


async def outage(database: Database, scene: Scene, clock: Clock) -> None:
    async with database.write() as session:
        told = {"components": ["otp"], "public_message": "Sedang diperbaiki.", "source": "PMO", "status": "confirmed"}
        session.add(Incident(id="otp", title="OTP tidak masuk", started_at=clock(), as_of=clock(), **told))
        await session.flush()
        for number, who in enumerate(("siti", "budi", "tamu")):
            chat = scene.conversations[who]
            at = clock() - timedelta(hours=number)
            belongs = {
                "person_key": who,
                "channel": chat.channel,
                "joined_at": at,
                "how": "scope",
                "intent": "login_otp",
            }
            session.add(IncidentPerson(incident_id="otp", conversation_id=chat.id, first_at=at, last_at=at, **belongs))


async def test_the_people_of_an_incident_leave_as_they_are_listed(
    browse: Browse, scene: Scene, database: Database, clock: Clock
) -> None:
    await outage(database, scene, clock)
    rudi = await browse(scene, "rudi")
    page = (await rudi.get("/insiden/otp/orang")).text
    links = [unescape(link) for link in re.findall(r'href="(/insiden/otp/ekspor[^"]*)" download', page)]
    assert len(links) == 2
    told = lines((await rudi.get(links[1])).text)
    assert [it["Percakapan"] for it in told] == [str(scene.conversations[who].id) for who in ("siti", "budi", "tamu")]
    assert {it["Insiden"] for it in told} == {"OTP tidak masuk"}
    only = lines((await rudi.get("/insiden/otp/ekspor?kanal=web")).text)
    assert [it["Percakapan"] for it in only] == [str(scene.conversations["tamu"].id)]
    async with database.read() as session:
        taken = list(
            await session.scalars(
                select(AuditEntry).where(AuditEntry.action == "incident_exported").order_by(AuditEntry.id)
            )
        )
    assert [(entry.object, entry.detail["lines"]) for entry in taken] == [("incident:otp", 3), ("incident:otp", 1)]
    assert (await (await browse(scene, "sari")).get("/insiden/otp/ekspor")).status_code == 403


NUMBERS = re.compile(r'data-nomor="(T-[0-9]+)"')


@pytest.mark.parametrize("filters", ["tab=semua", "tab=semua&kanal=whatsapp", "tab=belum-diambil&urut=menunggu"])
async def test_the_queue_leaves_as_it_is_listed_one_row_a_case(
    browse: Browse, scene: Scene, database: Database, filters: str
) -> None:
    async with database.write() as session:
        (await session.get_one(Ticket, scene.tickets["siti"].id)).also = ["certificate_problem"]
    ani = await browse(scene, "ani")
    page = (await ani.get(f"/antrean?{filters}")).text
    shown = NUMBERS.findall(page)
    links = [unescape(link) for link in re.findall(r'href="(/antrean/ekspor[^"]*)" download', page)]
    assert len(links) == 2
    assert len(shown) >= 2
    told = lines((await ani.get(links[1])).text)
    assert [it["Tiket"] for it in told] == shown
    header, *rows = load_workbook(io.BytesIO((await ani.get(links[0])).content))["Data"].iter_rows(values_only=True)
    assert [row[header.index("Tiket")] for row in rows] == shown
    by_number = {scene.tickets[who].number: who for who in scene.tickets}
    of = {by_number[it["Tiket"]]: it for it in told}
    assert {of[who]["Percakapan"] for who in of} == {str(scene.conversations[who].id) for who in of}
    if "yanto" in of:
        assert (of["yanto"]["Keadaan"], of["yanto"]["Petugas"]) == ("Sedang ditangani", "Sari Dewanti")
    if "siti" in of:
        assert of["siti"]["Keluhan"].endswith(f"; {intent_label('certificate_problem')}")
    assert not [it for it in told if "Siti" in "".join(it.values())]
    async with database.read() as session:
        taken = list(
            await session.scalars(
                select(AuditEntry).where(AuditEntry.action == "queue_exported").order_by(AuditEntry.id)
            )
        )
    assert [(entry.actor, entry.detail["lines"], entry.detail["form"]) for entry in taken] == [
        ("ani", len(shown), "csv"),
        ("ani", len(shown), "xlsx"),
    ]
    assert all(each in taken[0].detail["filter"] for each in filters.split("&"))


async def test_a_case_that_was_resolved_twice_in_one_chat_leaves_as_two_rows(
    browse: Browse, scene: Scene, database: Database, clock: Clock
) -> None:
    async with database.write() as session:
        chat = scene.conversations["tamu"]
        for hours in (9, 5):
            at = clock() - timedelta(hours=hours)
            opened = await turn(session, chat, "=HYPERLINK()", at, intent="login_otp", confidence=0.5, platform=None)
            words = {"intent": "login_otp", "queue": "=1+1", "summary": "otp", "reason": "otp"}
            await ticket(session, scene, f"t{hours}", chat, opened, opened=at, promised=at, **words)
            made = scene.tickets[f"t{hours}"]
            made.status, made.resolved_at = "resolved", at + timedelta(hours=1)
            await session.flush()
    ani = await browse(scene, "ani")
    told = lines((await ani.get("/antrean/ekspor?tab=selesai")).text)
    assert [it["Tiket"] for it in told] == [scene.tickets["t5"].number, scene.tickets["t9"].number]
    assert {it["Percakapan"] for it in told} == {str(chat.id)}
    assert {it["Antrean"] for it in told} == {"'=1+1"}
    assert [it["Selesai (menit)"] for it in told] == ["60.0", "60.0"]


@pytest.mark.parametrize("who", ["sari", "lela", "hasan", "rudi"])
async def test_a_queue_leaves_only_with_who_sees_it_and_may_export(
    browse: Browse, scene: Scene, database: Database, who: str
) -> None:
    one = await browse(scene, who)
    assert "/antrean/ekspor" not in (await one.get("/antrean?tab=semua")).text
    assert (await one.get("/antrean/ekspor?tab=semua")).status_code == 403
    assert (await (await browse()).get("/antrean/ekspor?tab=semua")).status_code == 303


async def test_a_queue_longer_than_one_file_is_refused_and_a_number_looked_for_is_masked_in_the_audit(
    browse: Browse, scene: Scene, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    ani = await browse(scene, "ani")
    assert (await ani.get("/antrean/ekspor?tab=semua&cari=siti 081234567890")).status_code == 200
    monkeypatch.setattr(pouring, "ROW_CAP", 3)
    answer = await ani.get("/antrean/ekspor?tab=semua")
    assert answer.status_code == 413
    async with database.read() as session:
        taken = list(
            await session.scalars(
                select(AuditEntry).where(AuditEntry.action == "queue_exported").order_by(AuditEntry.id)
            )
        )
    assert len(taken) == 1
    assert "081234567890" not in str(taken[0].detail)
