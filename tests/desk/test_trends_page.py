"""The PMO's page: every bar and every table row opens as many rows as it says; exports are for the few and audited."""

import csv
import io
import re
from datetime import timedelta
from html import unescape

from sqlalchemy import select

from records.clock import Clock
from records.database import Database
from records.models import AuditEntry
from tests.desk.conftest import Browse
from tests.desk.making import Scene, conversation, turn

SPOKEN = re.compile(r'<a href="(/tren/baris[^"]+)" aria-label="[^"]*: (\d+) pesan, buka barisnya"')
TABLED = re.compile(r'<th scope="row"><a href="(/tren/baris[^"]+)">[^<]*</a></th><td class="angka">(\d+)</td>')
SECTION = re.compile(r'<section class="kartu gambar-(\w+)".*?</section>', re.DOTALL)


async def a_week(database: Database, scene: Scene, clock: Clock) -> None:
    async with database.write() as session:
        for number in range(24):
            chat = await conversation(
                session, scene, f"w{number}", f"Peserta {number}", ("web", "telegram")[number % 2], clock()
            )
            await turn(
                session,
                chat,
                "=1+1 tidak bisa bayar",
                clock() - timedelta(hours=7 * number),
                intent=("payment_failed", "package_not_found", "greet")[number % 3],
                confidence=0.5,
                platform=("tokopedia", None)[number % 2],
            )


async def test_every_bar_and_table_row_opens_as_many_rows_as_it_says(
    browse: Browse, scene: Scene, database: Database, clock: Clock
) -> None:
    await a_week(database, scene, clock)
    rudi = await browse(scene, "rudi")
    for filters in ("", "?platform=-", "?kanal=web&keluhan=payment_failed"):
        text = (await rudi.get(f"/tren{filters}")).text
        total = int(re.findall(r"<strong>(\d+)</strong> keluhan", text)[0])
        sections = {section[1]: section[0] for section in SECTION.finditer(text)}
        assert set(sections) == {"intent", "day", "platform", "channel"}
        for by, section in sections.items():
            tabled = TABLED.findall(section)
            assert sum(int(count) for _, count in tabled) == total, (filters, by)
            assert SPOKEN.findall(section) == tabled, (filters, by)
            for address, count in tabled:
                rows = (await rudi.get(unescape(address))).text
                assert f"<h1>{count} keluhan</h1>" in rows
                assert rows.count('<li><a href="/percakapan/') == int(count)


async def test_a_picture_tells_itself_in_words(browse: Browse, scene: Scene) -> None:
    text = (await (await browse(scene, "rudi")).get("/tren")).text
    for by in ("intent", "day", "platform", "channel"):
        assert f'aria-labelledby="gambar-{by}-judul gambar-{by}-cerita"' in text
        assert f'<title id="gambar-{by}-judul">' in text
    assert "terbanyak" in text


async def test_the_default_is_the_last_seven_days_and_nonsense_says_so(browse: Browse, scene: Scene) -> None:
    rudi = await browse(scene, "rudi")
    assert "18 Agu 2020 – 24 Agu 2020" in (await rudi.get("/tren")).text
    for nonsense in ("dari=kemarin", "dari=2020-08-24&sampai=2020-08-01", "dari=2019-01-01", "dari=0001-01-01"):
        text = (await rudi.get(f"/tren?{nonsense}")).text
        assert "ditampilkan tujuh hari terakhir" in text, nonsense
        assert "18 Agu 2020 – 24 Agu 2020" in text


async def test_an_agent_sees_the_figures_but_takes_none_away(browse: Browse, scene: Scene) -> None:
    sari = await browse(scene, "sari")
    page = await sari.get("/tren")
    assert (page.status_code, "Unduh CSV" in page.text) == (200, False)
    assert (await sari.get("/tren/unduh?by=intent")).status_code == 403


async def test_a_download_is_what_the_table_shows_harmless_and_audited(
    browse: Browse, scene: Scene, database: Database, clock: Clock
) -> None:
    await a_week(database, scene, clock)
    rudi = await browse(scene, "rudi")
    text = (await rudi.get("/tren?kanal=web")).text
    section = next(section[0] for section in SECTION.finditer(text) if section[1] == "intent")
    answer = await rudi.get("/tren/unduh?kanal=web&by=intent")
    records = list(csv.DictReader(io.StringIO(answer.text, newline="")))
    assert [int(record["Pesan"]) for record in records] == [int(count) for _, count in TABLED.findall(section)]
    assert "attachment" in answer.headers["content-disposition"]
    rows = (await rudi.get("/tren/unduh?by=rows")).text
    assert "'=1+1 tidak bisa bayar" in rows
    assert not re.search(r'(^|,|")=1', rows, re.MULTILINE)
    async with database.read() as session:
        entries = (await session.scalars(select(AuditEntry).where(AuditEntry.action == "trends_exported"))).all()
    assert [(entry.actor, entry.detail["by"]) for entry in entries] == [("rudi", "intent"), ("rudi", "rows")]
    assert entries[0].detail["lines"] == len(records)
