"""The PMO's page: every bar and every table row opens as many rows as it says; exports are for the few and audited."""

import csv
import io
import re
from datetime import date, timedelta
from html import unescape

from sqlalchemy import Date, cast, delete, func, select

from records.clock import Clock
from records.database import Database
from records.models import AuditEntry, Incident, Turn
from tests.desk.conftest import Browse
from tests.desk.counting import counted
from tests.desk.making import Scene, conversation, turn
from trends.counting import fold
from trends.within import LEFT_OUT

SPOKEN = re.compile(r'<a href="(/tren/baris[^"]*)"[^>]*><title>[^<]*?: ([\d.]+) pesan[^<]*, buka barisnya<')
COUNTED = re.compile(r'href="(/tren/baris[^"]*)" data-jumlah="([\d.]+)"')
SECTION = re.compile(r'<section class="kartu figur figur-(\w+)".*?</section>', re.DOTALL)
LINE = re.compile(r"<tr>(.*?)</tr>", re.DOTALL)
CELL = re.compile(r"<t[hd][^>]*>(?:<a [^>]*>)?([^<]*)")
FIGURES = {"day", "intent", "platform", "channel", "institution", "partner", "wave", "province", "hour"}


def number(said: str) -> int:
    return int(said.replace(".", ""))


def table_of(section: str) -> list[list[str]]:
    return [CELL.findall(line) for line in LINE.findall(section)]


async def a_fortnight(database: Database, scene: Scene, clock: Clock, messages: int = 48, who: str = "w") -> None:
    """Two weeks up to now, the second with more trouble than the first; then everything is counted."""
    async with database.write() as session:
        for at in range(messages):
            back = timedelta(hours=7 * at)
            chat = await conversation(
                session, scene, f"{who}{at}", f"Peserta {at}", ("web", "telegram")[at % 2], clock() - back
            )
            trouble = "payment_failed" if at < messages // 2 else "class_access"
            await turn(
                session,
                chat,
                "=1+1 tidak bisa bayar",
                clock() - back,
                intent=(trouble, trouble, "greet", None)[at % 4],
                confidence=0.5,
                platform=("tokopedia", None)[at % 2],
                outcome="handed_over" if at % 8 == 0 else "answered",
            )
    await fold(database, clock)


async def test_every_number_of_the_page_opens_as_many_rows_as_it_says(
    browse: Browse, scene: Scene, database: Database, clock: Clock
) -> None:
    await a_fortnight(database, scene, clock, messages=32)
    rudi = await browse(scene, "rudi")
    opened: dict[str, int] = {}
    for filters in (
        "",
        "?platform=-&provinsi=-",
        "?kanal=web&keluhan=payment_failed",
    ):
        text = (await rudi.get(f"/tren{filters}")).text
        links = [(unescape(href), number(said)) for href, said in (*COUNTED.findall(text), *SPOKEN.findall(text))]
        assert len(links) > 20, filters
        for href, count in links:
            if href not in opened:
                rows = (await rudi.get(href)).text
                opened[href] = rows.count('<li><a href="/percakapan/')
                assert re.search(rf"<h1>{count} ", rows), href
            assert opened[href] == count, (filters, href)
    assert any("hitung=not_read" in href for href in opened)
    assert any("hitung=conversations" in href for href in opened)
    assert any("hari=" in href for href in opened)


async def test_the_parts_of_every_figure_add_up_to_the_whole(
    browse: Browse, scene: Scene, database: Database, clock: Clock
) -> None:
    await a_fortnight(database, scene, clock)
    rudi = await browse(scene, "rudi")
    for filters in ("", "?platform=-", "?kanal=web&keluhan=payment_failed", "?dari=2019-08-24"):
        text = (await rudi.get(f"/tren{filters}")).text
        total = number(re.findall(r'data-jumlah="\d+"><strong>([\d.]+)</strong> <span class="kata">keluhan<', text)[0])
        sections = {section[1]: table_of(section[0]) for section in SECTION.finditer(text)}
        assert set(sections) == FIGURES
        for by, (headings, *lines, foot) in sections.items():
            columns = range(1, 8) if by == "hour" else (1,)
            assert sum(number(line[column]) for line in lines for column in columns) == total, (filters, by)
            assert sum(number(foot[column]) for column in columns) == total
            if "Sebelumnya" in headings:
                before = headings.index("Sebelumnya")
                assert sum(number(line[before]) for line in lines) == number(foot[before]), (filters, by)


async def test_a_picture_tells_itself_in_words(browse: Browse, scene: Scene, database: Database, clock: Clock) -> None:
    await a_fortnight(database, scene, clock, messages=96)
    text = (await (await browse(scene, "rudi")).get("/tren?dari=2020-08-11&sampai=2020-08-24")).text
    for by in FIGURES:
        assert f'aria-labelledby="gambar-{by}-judul gambar-{by}-cerita"' in text
        assert f'<title id="gambar-{by}-judul">' in text
    assert '<p class="berita">Gagal bayar naik jelas: 25, 14 hari sebelumnya 0.</p>' in text
    assert "Tidak diketahui: tidak ada keluhan yang provinsi pesertanya diketahui." in text


async def test_what_rises_most_stands_first_with_both_numbers(
    browse: Browse, scene: Scene, database: Database, clock: Clock
) -> None:
    await a_fortnight(database, scene, clock, messages=96)
    text = (await (await browse(scene, "rudi")).get("/tren?dari=2020-08-11&sampai=2020-08-24")).text
    rising, falling = (
        re.findall(rf'aria-labelledby="gerak-{way}".*?</section>', text, re.DOTALL)[0] for way in ("naik", "turun")
    )
    assert re.findall(r"<strong>([^<]*)</strong>", rising)[0] == "Gagal bayar"
    assert re.findall(r"<strong>([^<]*)</strong>", falling)[0] == "Akses kelas"
    assert "▼ turun jelas" in falling


async def test_what_the_records_do_not_reach_is_said_to_be_unknown(
    browse: Browse, scene: Scene, database: Database, clock: Clock
) -> None:
    await fold(database, clock)
    text = (await (await browse(scene, "rudi")).get("/tren")).text
    assert "Perbandingan tidak diketahui: catatan baru mulai 23 Agu 2020." in text
    assert "Paling naik" not in text
    assert "Sebelumnya</th>" not in text


async def test_a_page_asks_as_often_of_a_few_messages_as_of_many(
    browse: Browse, scene: Scene, database: Database, clock: Clock
) -> None:
    await a_fortnight(database, scene, clock, messages=8)
    rudi = await browse(scene, "rudi")
    with counted(database) as few:
        await rudi.get("/tren?dari=2020-08-23&sampai=2020-08-24")
    await a_fortnight(database, scene, clock, messages=60, who="x")
    with counted(database) as many:
        await rudi.get("/tren?dari=2020-08-11&sampai=2020-08-24")
    assert len(many) <= len(few) <= 45, many


async def test_what_happened_stands_on_its_day_and_below_the_picture(
    browse: Browse, scene: Scene, database: Database, clock: Clock
) -> None:
    await a_fortnight(database, scene, clock)
    async with database.write() as session:
        session.add(
            Incident(
                id="I-9",
                title="Pembelian tertunda",
                components=["purchase"],
                started_at=clock() - timedelta(days=2),
                status="confirmed",
                public_message="Sedang diperbaiki.",
                source="status",
                as_of=clock(),
            )
        )
    text = (await (await browse(scene, "rudi")).get("/tren")).text
    assert "22–24 Agu 2020 · Gangguan<" in text
    assert '<a href="/insiden/I-9">Pembelian tertunda</a>' in text
    assert text.count('class="tanda incident"') == 1


async def test_of_what_is_deleted_the_count_stays_and_the_page_says_so(
    browse: Browse, scene: Scene, database: Database, clock: Clock
) -> None:
    await a_fortnight(database, scene, clock)
    address = "/tren/baris?dari=2020-08-11&sampai=2020-08-17"
    rudi = await browse(scene, "rudi")
    before = (await rudi.get(address)).text
    total = re.findall(r"<h1>(\d+) keluhan</h1>", before)[0]
    async with database.write() as session:
        old = select(Turn.id).where(Turn.created_at < clock() - timedelta(days=7), Turn.intent.is_not(None))
        await session.execute(delete(Turn).where(Turn.id.in_(old)))
    after = (await rudi.get(address)).text
    assert f"<h1>{total} keluhan</h1>" in after
    assert "sudah dihapus menurut aturan penyimpanan" in after


async def test_the_default_is_the_last_seven_days_and_nonsense_says_so(browse: Browse, scene: Scene) -> None:
    rudi = await browse(scene, "rudi")
    assert "18–24 Agu 2020" in (await rudi.get("/tren")).text
    for nonsense in ("dari=kemarin", "dari=2020-08-24&sampai=2020-08-01", "dari=2015-01-01", "dari=0001-01-01"):
        text = (await rudi.get(f"/tren?{nonsense}")).text
        assert "ditampilkan tujuh hari terakhir" in text, nonsense
        assert "18–24 Agu 2020" in text


async def test_an_agent_sees_the_figures_but_takes_none_away(browse: Browse, scene: Scene) -> None:
    sari = await browse(scene, "sari")
    page = await sari.get("/tren")
    assert (page.status_code, "Unduh CSV" in page.text) == (200, False)
    assert (await sari.get("/tren/unduh?by=intent")).status_code == 403


async def test_a_download_is_what_the_table_shows_harmless_and_audited(
    browse: Browse, scene: Scene, database: Database, clock: Clock
) -> None:
    await a_fortnight(database, scene, clock)
    rudi = await browse(scene, "rudi")
    text = (await rudi.get("/tren?kanal=web")).text
    sections = {section[1]: table_of(section[0]) for section in SECTION.finditer(text)}
    for by in sorted(FIGURES):
        answer = await rudi.get(f"/tren/unduh?kanal=web&by={by}")
        headings, *records = csv.reader(io.StringIO(answer.text, newline=""))
        shown, *lines = sections[by][:-1]
        assert [headings[0], *headings[2:]] == shown
        assert [record[2] for record in records] == [str(number(line[1])) for line in lines]
        assert [record[0].lstrip("'") for record in records] == [unescape(line[0]) for line in lines]
        assert "attachment" in answer.headers["content-disposition"]
    async with database.read() as session:
        entries = (
            await session.scalars(
                select(AuditEntry).where(AuditEntry.action == "trends_exported").order_by(AuditEntry.id)
            )
        ).all()
    assert [(entry.actor, entry.detail["by"]) for entry in entries] == [("rudi", by) for by in sorted(FIGURES)]
    assert entries[-1].detail["lines"] == len(sections["wave"]) - 2


async def test_rows_tell_words_only_of_what_one_may_open(
    browse: Browse, scene: Scene, database: Database, clock: Clock
) -> None:
    await a_fortnight(database, scene, clock)
    rudi = await browse(scene, "rudi")
    assert "tidak bisa bayar" not in (await rudi.get("/tren/baris?kanal=web")).text
    await rudi.permitted(scene.conversations["w0"])
    rows = (await rudi.get("/tren/baris?kanal=web")).text
    assert rows.count("=1+1 tidak bisa bayar") == 1
    async with database.read() as session:
        seen = (await session.scalars(select(AuditEntry.detail).where(AuditEntry.action == "trends_rows_viewed"))).all()
    assert {entry["of"] for entry in seen} == {"complaints"}


CHATS_TILE = re.compile(r"<strong>([\d.]+)</strong> <span class=\"kata\">percakapan yang menulisnya.*?</li>", re.DOTALL)
SPOKEN_LINE = re.compile(r'aria-label="percakapan dengan keluhan per hari, dari (\d+) ke (\d+)"')
PLACES = re.compile(r'<polyline class="kilat-garis" points="([^"]+)"')


async def test_the_line_of_the_conversations_is_each_days_own_count_and_missing_where_one_day_is_not_known(
    browse: Browse, scene: Scene, database: Database, clock: Clock
) -> None:
    await a_fortnight(database, scene, clock)
    async with database.write() as session:
        for hours in (1, 2, 26):
            # one of them goes on today and yesterday: once on each day
            at = clock() - timedelta(hours=hours)
            chat = scene.conversations["w0"]
            await turn(session, chat, "masih", at, intent="payment_failed", confidence=0.5, platform=None)
    await fold(database, clock)
    async with database.read() as session:
        per_day = select(func.count(Turn.conversation_id.distinct())).where(
            Turn.intent.is_not(None), Turn.intent.not_in(LEFT_OUT)
        )
        day = cast(func.timezone("Asia/Jakarta", Turn.created_at), Date)
        asked = per_day.add_columns(day).group_by(day).order_by(day)
        counted_anew = [count for count, on in await session.execute(asked) if on >= date(2020, 8, 18)]
    rudi = await browse(scene, "rudi")
    tile = CHATS_TILE.search((await rudi.get("/tren")).text)
    assert tile
    ends = SPOKEN_LINE.search(tile[0])
    assert ends
    assert (int(ends[1]), int(ends[2])) == (counted_anew[0], counted_anew[-1])
    places = PLACES.search(tile[0])
    assert places
    heights = [27 - float(place.split(",")[1]) for place in places[1].split()]
    drawn = [round(height / 24 * max(counted_anew)) for height in heights]
    assert drawn == counted_anew
    assert sum(counted_anew) > number(tile[1])  # who goes on the next day is one conversation all the same
    async with database.write() as session:
        gone = (await session.scalars(select(Turn.id).order_by(Turn.created_at.desc()).limit(1))).one()
        await session.execute(delete(Turn).where(Turn.id == gone))
    await fold(database, clock)
    without = (await rudi.get("/tren")).text
    assert "percakapan yang menulisnya" in without
    assert not SPOKEN_LINE.search(without)
