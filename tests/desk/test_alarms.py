"""Security alarms at the desk: seen by those who supervise, once, and without anybody's data."""

import pytest
from sqlalchemy import select

from records.clock import Clock
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
