"""The page about the sources: their state in words, and numbers that open as many failures as they say."""

import re
from datetime import timedelta
from html import unescape

import pytest

from records.clock import Clock
from records.database import Database
from records.models import SourceFailure
from tests.desk.conftest import Browse
from tests.desk.making import Scene

NUMBERED = re.compile(r'<a href="(/sumber/baris[^"]*)"[^>]*>(?:<strong>)?(\d+)(?:</strong> kegagalan)?</a>')
SPOKEN = re.compile(r'<a href="(/sumber/baris[^"]+)"[^>]*><title>[^<]*: (\d+) kegagalan, buka barisnya<')
COUNTED = re.compile(r'<span class="kali"><strong>(\d+)</strong> kali</span>')


@pytest.fixture
async def an_hour_of_trouble(database: Database, clock: Clock) -> None:
    async with database.write() as session:
        for ago, count, reason in ((5, 7, "API program tidak menjawab"), (65, 3, "HTTP <500>"), (6, 2, "HTTP <500>")):
            at = clock() - timedelta(minutes=ago)
            row = {"source": "API program", "question": "payment/status", "reason": reason}
            session.add(SourceFailure(minute=at, count=count, last_at=at, **row))


@pytest.mark.usefixtures("an_hour_of_trouble")
@pytest.mark.parametrize("who", ["sari", "rudi", "ani"])
async def test_every_number_opens_as_many_failures_as_it_says(browse: Browse, scene: Scene, who: str) -> None:
    browser = await browse(scene, who)
    text = (await browser.get("/sumber")).text
    numbers = [*NUMBERED.findall(text), *SPOKEN.findall(text)]
    assert [int(count) for _, count in NUMBERED.findall(text)] == [12, 7, 5]
    assert sum(int(count) for _, count in SPOKEN.findall(text)) == 12
    assert len(SPOKEN.findall(text)) == 24
    for address, count in numbers:
        rows = (await browser.get(unescape(address))).text
        assert f"<h1>{count} kegagalan</h1>" in rows
        assert sum(map(int, COUNTED.findall(rows))) == int(count)


@pytest.mark.usefixtures("an_hour_of_trouble")
async def test_the_state_is_told_in_words_and_a_reason_is_only_text(browse: Browse, scene: Scene) -> None:
    text = (await (await browse(scene, "rudi")).get("/sumber")).text
    assert "gagal sejak hari ini 08.55 WIB" in text
    assert "Terakhir gagal hari ini 09.55 WIB." in text
    assert text.index("API program</h2>") < text.index("Tabel program</h2>")
    assert "HTTP &lt;500&gt;" in text
    assert "<td>tidak menjawab</td>" in text
    assert "Status pembayaran" in text
    assert "<500>" not in text


async def test_quiet_sources_are_calm(browse: Browse, scene: Scene) -> None:
    text = (await (await browse(scene, "sari")).get("/sumber")).text
    assert text.count("Tidak ada kegagalan.") == 3
    assert "gagal sejak" not in text


async def test_nonsense_in_the_address_shows_nothing_wrong(browse: Browse, scene: Scene) -> None:
    sari = await browse(scene, "sari")
    for nonsense in ("jam=kemarin", "jam=2020-08-24T10:00", "sumber=x&halaman=9999", "sebab=" + "a" * 200):
        answer = await sari.get(f"/sumber/baris?{nonsense}")
        assert answer.status_code == 200
        assert "<h1>0 kegagalan</h1>" in answer.text


async def test_the_page_is_in_the_navigation(browse: Browse, scene: Scene) -> None:
    text = (await (await browse(scene, "rudi")).get("/sumber")).text
    assert '<a href="/sumber" data-tombol="g s" aria-current="page">Sumber</a>' in text
