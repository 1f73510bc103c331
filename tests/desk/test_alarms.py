"""Security alarms at the desk: seen by those who supervise, once, and without anybody's data."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from desk.wording import ALARM_ADVICE, ALARMS
from records.clock import Clock, system_clock
from records.database import Database
from records.models import Alarm, AuditEntry
from tests.desk.conftest import Browse
from tests.desk.making import Scene


@pytest.fixture
async def alarm(database: Database, clock: Clock) -> int:
    async with database.write() as session:
        made = Alarm(kind="ticket", channel="telegram", subject_kind="identity", subject="a" * 64, count=6, at=clock())
        session.add(made)
        await session.flush()
        return made.id


async def test_an_administrator_reads_of_it_on_the_queue(browse: Browse, scene: Scene, alarm: int) -> None:
    admin, agent = await browse(scene, "ani"), await browse(scene, "sari")
    assert "1 peringatan keamanan belum dilihat" in (await admin.get("/antrean")).text
    assert "peringatan keamanan" not in (await agent.get("/antrean")).text


async def test_the_page_says_when_what_where_and_how_often(browse: Browse, scene: Scene, alarm: int) -> None:
    page = (await (await browse(scene, "rudi")).get("/peringatan")).text
    for said in ("hari ini 10.00 WIB", "Nomor laporan orang lain diketik", "Telegram", "Dari satu obrolan, 6 kali"):
        assert said in page


async def test_what_was_seen_says_by_whom_and_the_first_one_stays(
    browse: Browse, scene: Scene, alarm: int, database: Database
) -> None:
    for who in ("rudi", "ani"):
        browser = await browse(scene, who)
        await browser.get("/peringatan")
        assert (await browser.post(f"/peringatan/{alarm}/dilihat")).status_code == 303
    page = (await browser.get("/peringatan")).text
    assert "dilihat <bdi>Rudi Hartono</bdi>" in page
    assert "Sudah dilihat<" not in page
    assert "peringatan keamanan" not in (await browser.get("/antrean")).text
    async with database.read() as session:
        seen = (await session.scalars(select(AuditEntry.actor).where(AuditEntry.action == "alarm_seen"))).all()
    assert seen == ["rudi"]


async def test_an_alarm_that_is_not_there_is_not_found(browse: Browse, scene: Scene) -> None:
    browser = await browse(scene, "ani")
    await browser.get("/peringatan")
    assert (await browser.post("/peringatan/99/dilihat")).status_code == 404


async def opened(database: Database, clock: Clock, name: str, *, severity: str = "warning", **more: object) -> int:
    async with database.write() as session:
        made = Alarm(name=name, severity=severity, at=clock(), **more)
        session.add(made)
        await session.flush()
        return made.id


async def test_what_is_wrong_now_stands_on_every_page_and_says_what_to_do(
    browse: Browse, scene: Scene, database: Database, clock: Clock
) -> None:
    rudi, sari = await browse(scene, "rudi"), await browse(scene, "sari")
    assert 'class="pita"' not in (await rudi.get("/tren")).text
    await opened(database, clock, "channel_stopped", scope="whatsapp", severity="severe", detail="token ditolak")
    await opened(database, clock, "events_parked", value=2)
    page = (await rudi.get("/tren")).text
    assert '<p class="pita" role="alert">Kanal menolak kita sama sekali (WhatsApp).' in page
    assert '<span class="jumlah gawat" title="terbuka sekarang">2</span>' in page
    agents = (await sari.get("/antrean")).text
    assert "Kanal menolak kita sama sekali (WhatsApp). Pesan tetap disimpan" in agents
    assert "/peringatan" not in agents
    assert 'class="pita"' not in (await (await browse()).get("/masuk")).text
    alarms = (await rudi.get("/peringatan")).text
    for said in ("token ditolak", "Periksa token kanal itu", "Ada kiriman yang diparkir", "Gawat", "Perhatikan"):
        assert said in alarms
    assert alarms.index("Kanal menolak") < alarms.index("Ada kiriman yang diparkir")


async def test_what_is_over_is_told_apart_with_how_long_it_lasted(
    browse: Browse, scene: Scene, database: Database, clock: Clock
) -> None:
    now = system_clock()
    times = {"opened_at": now - timedelta(minutes=40), "closed_at": now - timedelta(minutes=10)}
    await opened(database, clock, "inbox_waiting", severity="severe", **times)
    browser = await browse(scene, "ani")
    page = (await browser.get("/peringatan")).text
    assert "Semua beres." in page
    assert "selama 30 menit" in page
    assert 'class="pita"' not in page


async def test_an_open_alarm_is_seen_by_name_and_stays_open(
    browse: Browse, scene: Scene, database: Database, clock: Clock
) -> None:
    number = await opened(database, clock, "rasa_away", scope="rasa", severity="severe")
    browser = await browse(scene, "ani")
    await browser.get("/peringatan")
    assert (await browser.post(f"/peringatan/{number}/dilihat")).status_code == 303
    page = (await browser.get("/peringatan")).text
    assert "dilihat <bdi>Ani Kusumo</bdi>" in page
    assert "Model bahasa tidak bisa ditanya" in page
    assert 'class="pita"' in page


def test_every_rule_has_a_name_and_something_to_do_in_words() -> None:
    rules = (Path(__file__).resolve().parents[2] / "bot" / "watch" / "rules.py").read_text()
    named = set(re.findall(r'(?:Found|_ends)\((?:seen, )?"([a-z_]+)"', rules)) | {"database_away"}
    named |= {
        name
        for name in ("webhook_forged", "webhook_not_stored", "channel_stopped", "rasa_away", "desk_round_failed")
        if name in rules
    }
    assert len(named) > 15
    assert named == set(ALARMS) == set(ALARM_ADVICE)
    told = (Path(__file__).resolve().parents[2] / "docs" / "operating.md").read_text()
    assert [name for name in sorted(named) if f"`{name}`" not in told] == []
