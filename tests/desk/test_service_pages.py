"""The pages of the service: every number opens its rows, what cannot be known says so, topics are made."""

import csv
import io
import re
from datetime import timedelta
from html import unescape
from uuid import uuid4

import pytest
from sqlalchemy import select, text

from desk.acts.claim import claim
from desk.acts.reply import reply
from desk.acts.resolve import resolve
from desk.pages.trends.helping.figures import FIGURES
from desk.topics.gathering import ask, gather_next
from records.bell import PostgresBell
from records.clock import Clock
from records.database import Database
from records.models import AuditEntry, Incident, LearningExample, Topic
from tests.desk.conftest import Browse
from tests.desk.counting import counted
from tests.desk.making import Scene, conversation, turn
from trends.helping.counting import fold
from trends.helping.load import loads
from trends.within import Within

LINK = re.compile(r'<a href="(/tren/layanan/(?:jawaban|kasus|tindakan)[^"]*)"(?: data-jumlah="\d+")?>([\d.]+)<')
TILE = re.compile(r'<a href="(/tren/layanan/[^"]*)" data-jumlah="(\d+)"')
SPOKEN = re.compile(r"<h1>([\d.]+) ")


async def a_week(database: Database, scene: Scene, clock: Clock) -> None:
    """Answers of the bot, and Joko taking, answering and resolving a case; then all is counted."""
    now, bell = clock(), PostgresBell(database.url)
    async with database.write() as session:
        for number in range(8):
            chat = await conversation(session, scene, f"p{number}", None, "web", now - timedelta(days=6))
            for at in (now - timedelta(days=6), now - timedelta(days=6 if number % 2 else 1, hours=-2)):
                said = {"intent": "payment_failed", "confidence": 0.9, "platform": "tokopedia"}
                await turn(session, chat, "ga bisa bayar", at, **said)  # type: ignore[arg-type]
    joko, case = scene.staff["joko"], scene.tickets["siti"].id
    async with database.write() as session:
        await claim(session, bell, ticket_id=case, staff=joko, at=now)
        words = "Sudah kami cek, Kak."
        await reply(session, bell, ticket_id=case, key=uuid4(), text=words, staff=joko, at=now + timedelta(minutes=2))
        done = now + timedelta(minutes=30)
        await resolve(session, bell, ticket_id=case, resolution="Paketnya sudah muncul.", staff=joko, at=done)
    while await fold(database, lambda: now + timedelta(hours=1)):
        pass


async def test_every_number_opens_as_many_rows_as_it_says(
    browse: Browse, scene: Scene, database: Database, clock: Clock
) -> None:
    await a_week(database, scene, clock)
    rudi = await browse(scene, "rudi")
    seen: dict[str, str] = {}
    for way in ("", "?menurut=prioritas", "?kanal=web&menurut=jenis"):
        page = unescape((await rudi.get(f"/tren/layanan{way}")).text)
        links = [(href, number.replace(".", "")) for href, number in (*LINK.findall(page), *TILE.findall(page))]
        assert len(links) > 8, way
        seen |= dict(links)
    for href, number in seen.items():
        rows = (await rudi.get(href)).text
        found = SPOKEN.search(rows)
        assert found, href
        assert found[1] == number, href
        assert rows.count('<li><a href="/percakapan/') == int(number), href


async def test_agents_load_counts_what_they_did(scene: Scene, database: Database, clock: Clock) -> None:
    await a_week(database, scene, clock)
    async with database.read() as session:
        found = {one.name: one for one in await loads(session, Within.last_days(clock))}
    joko, sari = found["Joko Prasetyo"], found["Sari Dewanti"]
    assert (joko.taken, joko.replied, joko.resolved, joko.open_now) == (1, 1, 1, 0)
    assert (sari.taken, sari.replied, sari.resolved, sari.open_now) == (1, 1, 0, 1)


async def test_a_filter_that_is_not_counted_by_is_said_and_no_number_is_made_up(
    browse: Browse, scene: Scene, database: Database, clock: Clock
) -> None:
    await a_week(database, scene, clock)
    page = (await (await browse(scene, "rudi")).get("/tren/layanan?provinsi=32")).text
    assert "tidak diketahui: angka ini tidak dihitung menurut provinsi" in page
    assert "figur-beban" in page
    assert "figur-jawaban" not in page


async def test_the_page_asks_no_more_for_a_year_than_for_a_day(
    browse: Browse, scene: Scene, database: Database, clock: Clock
) -> None:
    await a_week(database, scene, clock)
    rudi = await browse(scene, "rudi")
    asked = []
    for days in ("dari=2020-08-24&sampai=2020-08-24", "dari=2019-09-01&sampai=2020-08-24"):
        with counted(database) as statements:
            assert (await rudi.get(f"/tren/layanan?{days}")).status_code == 200
        asked.append(len(statements))
    assert max(asked) < 40


async def test_words_of_cases_of_others_need_a_permit(
    browse: Browse, scene: Scene, database: Database, clock: Clock
) -> None:
    await a_week(database, scene, clock)
    page = (await (await browse(scene, "rudi")).get("/tren/layanan/jawaban")).text
    assert "isinya dibuka dengan izin" in page
    assert "ga bisa bayar" not in page
    async with database.read() as session:
        looked = await session.scalar(select(AuditEntry).where(AuditEntry.action == "trends_rows_viewed"))
    assert looked


async def test_a_table_is_taken_as_it_stands(browse: Browse, scene: Scene, database: Database, clock: Clock) -> None:
    await a_week(database, scene, clock)
    rudi = await browse(scene, "rudi")
    told = (await rudi.get("/tren/layanan/unduh?bagian=jawaban")).text.splitlines()
    assert told[0].startswith("Keluhan,Kode,Dijawab bot,Selesai,Kembali,Belum dapat diketahui")
    assert any(line.startswith("Gagal bayar,") for line in told)
    assert (await (await browse(scene, "lela")).get("/tren/layanan/unduh")).status_code == 403


@pytest.mark.parametrize(
    "address",
    ["/tren?platform=%00", "/tren/layanan/jawaban?keluhan=a%00b", "/tren/ekspor?kanal=%00"]
    + [
        f"/tren/layanan/kasus?menurut={by}&kunci={key}" for by, key in (("jenis", "%00"), ("tim", "a%00"), ("%00", "a"))
    ],
)
async def test_what_no_database_keeps_is_no_part_of_a_filter(browse: Browse, scene: Scene, address: str) -> None:
    assert (await (await browse(scene, "rudi")).get(address)).status_code == 200


@pytest.mark.parametrize("name", FIGURES)
async def test_every_table_offered_is_taken_line_by_line_each_with_its_code(
    browse: Browse, scene: Scene, database: Database, clock: Clock, name: str
) -> None:
    await a_week(database, scene, clock)
    async with database.write() as session:
        told = {"status": "confirmed", "public_message": "Sabar ya.", "source": "PMO", "components": ["site"]}
        session.add(Incident(id="otp", title="OTP tidak masuk", started_at=clock(), as_of=clock(), **told))
    rudi = await browse(scene, "rudi")
    page = unescape((await rudi.get("/tren/layanan")).text)
    (link,) = re.findall(rf'href="(/tren/layanan/unduh[^"]*bagian={name}[^"]*)"', page)
    answer = await rudi.get(link)
    assert answer.status_code == 200
    lines = list(csv.DictReader(io.StringIO(answer.text, newline="")))
    codes = [line["Kode"] for line in lines]
    assert codes
    assert all(codes)
    assert len(codes) == len(set(codes))
    if name == "beban":
        joko = next(line for line in lines if line["Petugas"] == "Joko Prasetyo")
        assert joko["Kode"].split("/")[0] == str(scene.staff["joko"].id)
        assert joko["Diselesaikan"] == "1"
    if name == "dampak":
        assert [(line["Gangguan"], line["Kode"]) for line in lines] == [("OTP tidak masuk", "otp")]


async def unanswered(database: Database, scene: Scene, clock: Clock) -> None:
    """Five people ask about an internship, each in their own words; four did the week before."""
    asked = (
        *(
            "habis pelatihan ada magang gak?",
            "apakah ada program magang setelah pelatihan",
            "min abis kelas bisa magang ga",
        ),
        *("magangnya dimana min sesudah pelatihan", "info magang dong min, hubungi 081234567890"),
    )
    async with database.write() as session:
        for number, (words, days) in enumerate([(it, 1) for it in asked] + [(it, 9) for it in asked[:4]]):
            at = clock() - timedelta(days=days)
            chat = await conversation(session, scene, f"m{number}", "Magda", "web", at)
            said = {"intent": "nlu_fallback", "confidence": 0.2, "platform": None, "outcome": "asked"}
            await turn(session, chat, words.replace("081234567890", "[TELEPON]"), at, **said)  # type: ignore[arg-type]


async def a_topic(database: Database, scene: Scene, clock: Clock) -> None:
    """What the bot could not answer, gathered."""
    await unanswered(database, scene, clock)
    async with database.write() as session:
        await ask(session, Within.last_days(clock), clock())
    assert await gather_next(database, clock)


async def test_unanswered_questions_become_a_topic_and_the_topic_an_article_to_write(
    browse: Browse, scene: Scene, database: Database, clock: Clock
) -> None:
    await unanswered(database, scene, clock)
    rudi = await browse(scene, "rudi")
    week = "/tren/topik?dari=2020-08-18&sampai=2020-08-24"
    assert (await rudi.post(week)).status_code == 303
    assert await gather_next(database, clock)
    page = (await rudi.get(week)).text
    assert "magang" in page
    assert "<strong>5</strong> pertanyaan dari 5 percakapan" in page
    assert "sebelumnya 4 (+1)" in page
    async with database.read() as session:
        topic = (await session.scalars(select(Topic))).one()
    shown = (await rudi.get(f"/tren/topik/{topic.id}")).text
    assert shown.count('class="kutip"') == 5
    async with database.read() as session:
        looked = (await session.scalars(select(AuditEntry).where(AuditEntry.action == "topic_viewed"))).one()
    assert (looked.actor, looked.detail["topic"], looked.detail["rows"]) == ("rudi", str(topic.id), 5)
    assert looked.detail["filter"] == "?dari=2020-08-18&sampai=2020-08-24"
    done = await rudi.post(f"/tren/topik/{topic.id}", title="Magang setelah pelatihan")
    assert done.status_code == 303, re.findall(r'role="alert">([^<]*)', done.text)
    assert "Magang setelah pelatihan" in (await rudi.get(done.headers["location"])).text
    async with database.read() as session:
        kept = list(await session.scalars(select(LearningExample).where(LearningExample.status == "drafted")))
    assert len(kept) >= 4
    assert {one.kind for one in kept} == {"question"}


async def test_a_topic_needs_a_title_and_says_so(
    browse: Browse, scene: Scene, database: Database, clock: Clock
) -> None:
    await a_topic(database, scene, clock)
    async with database.read() as session:
        topic = await session.scalar(select(Topic.id))
    rudi = await browse(scene, "rudi")
    refused = await rudi.post(f"/tren/topik/{topic}", title="x")
    assert (refused.status_code, "Beri judul artikel" in refused.text) == (422, True)
    async with database.read() as session:
        assert await session.scalar(text("SELECT count(*) FROM learning_examples WHERE kind = 'question'")) == 0


async def test_an_erased_question_is_shown_nowhere(
    browse: Browse, scene: Scene, database: Database, clock: Clock
) -> None:
    await a_topic(database, scene, clock)
    async with database.write() as session:
        await session.execute(text("UPDATE messages SET text = '[dihapus]' WHERE text LIKE '%magang%'"))
    page = (await (await browse(scene, "rudi")).get("/tren/topik")).text
    assert "Contohnya sudah dihapus." in page
    assert "<strong>5</strong> pertanyaan" in page
