"""Hours, days off, promises and the load: set by leads, audited, counted from then on, and shown to everybody."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select, text

from desk.presence import at_desk
from records.clock import WIB, Clock, system_clock
from records.database import Database
from records.models import AuditEntry, PromiseRule, Staff, Team
from records.promises import promise, read_rules
from tests.desk.conftest import Browse
from tests.desk.counting import counted
from tests.desk.making import Scene

WEEK = {f"{side}-{day}": hour for day in range(5) for side, hour in (("opens", "09.00"), ("closes", "17.00"))}


async def team(database: Database) -> Team:
    async with database.read() as session:
        return (await session.scalars(select(Team).where(Team.is_default))).one()


async def audited(database: Database) -> list[str]:
    async with database.read() as session:
        return list(await session.scalars(select(AuditEntry.action).order_by(AuditEntry.id.desc()).limit(1)))


async def test_a_lead_sets_hours_and_the_next_promise_counts_with_them(
    browse: Browse, scene: Scene, database: Database, clock: Clock
) -> None:
    ours = await team(database)
    lela = await browse(scene, "lela")
    page = await lela.get("/jam-kerja")
    assert 'value="08.00"' in page.text
    done = await lela.post(f"/jam-kerja/tim/{ours.id}", **WEEK, silent_minutes="30", gives_cases="true")
    assert done.status_code == 303
    kept = await team(database)
    assert (kept.gives_cases, kept.silent_minutes) == (True, 30)
    assert await audited(database) == ["working_hours_set"]
    async with database.read() as session:
        made = await promise(
            session, intent="payment_failed", queue="PMO_TRANSACTION", priority="high", team=ours.id, now=clock()
        )
    assert made.answer_by == datetime(2020, 8, 25, 14, tzinfo=WIB)  # twelve hours from 10.00, eight a day


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"opens-0": "17.00", "closes-0": "09.00"}, "jam selesai harus setelah jam mulai"),
        ({"opens-0": "09:00", "closes-0": ""}, "isi jam mulai dan jam selesai"),
        ({f"{side}-{day}": "" for day in range(5) for side in ("opens", "closes")}, "paling sedikit lima jam"),
    ],
)
async def test_hours_nobody_could_work_are_refused(
    browse: Browse, scene: Scene, database: Database, change: dict[str, str], said: str
) -> None:
    lela = await browse(scene, "lela")
    refused = await lela.post(f"/jam-kerja/tim/{(await team(database)).id}", **(WEEK | change), silent_minutes="30")
    assert refused.status_code == 422
    assert said in refused.text
    assert (await team(database)).hours is None


async def test_a_day_and_a_year_are_entered_and_an_unknown_year_is_told(
    browse: Browse, scene: Scene, database: Database
) -> None:
    lela = await browse(scene, "lela")
    page = await lela.get("/jam-kerja")
    assert "Tahun Baru Islam" in page.text
    assert "SKB 728/2019" in page.text
    assert "belum diisi" not in page.text
    given = {"day": "2020-08-31", "name": "Cuti bersama daerah", "off": "true", "source": "SK Gubernur 12/2020"}
    assert (await lela.post("/jam-kerja/hari", **given)).status_code == 303
    assert (await lela.post("/jam-kerja/tahun", year="2025", source="SKB 1017/2024")).status_code == 303
    async with database.read() as session:
        calendar = (await read_rules(session)).working.calendar
    assert calendar.name(date(2020, 8, 31)) == "Cuti bersama daerah"
    assert calendar.knows(2025)
    assert not calendar.knows(2026)
    assert (await lela.post("/jam-kerja/hari", day="besok", name="x", source="y")).status_code == 422


async def test_a_kind_gets_its_own_promise_and_loses_it_again(browse: Browse, scene: Scene, database: Database) -> None:
    lela = await browse(scene, "lela")
    await lela.get("/jam-kerja")
    given = {"about": "SECURITY", "priority": "high", "answer_hours": "2", "resolve_hours": "6"}
    assert (await lela.post("/jam-kerja/janji", **given)).status_code == 303
    assert (await lela.post("/jam-kerja/janji", **(given | {"resolve_hours": "1"}))).status_code == 422
    async with database.read() as session:
        rules = await read_rules(session)
    assert rules.terms_of("report_fraud", "SECURITY", "high").answer == timedelta(hours=2)
    assert rules.terms_of("report_fraud", "SECURITY", "normal").answer == timedelta(hours=24)
    assert (await lela.post("/jam-kerja/janji/hapus", about="SECURITY", priority="high")).status_code == 303
    assert (await lela.post("/jam-kerja/janji/hapus", about="", priority="high")).status_code == 422
    async with database.read() as session:
        assert len(list(await session.scalars(select(PromiseRule)))) == 3


async def test_the_load_shows_who_holds_what_and_asks_no_more_for_more_cases(
    browse: Browse, scene: Scene, database: Database
) -> None:
    sari = await browse(scene, "sari")
    with counted(database) as asked:
        page = await sari.get("/beban")
    assert "1 dari 8" in page.text
    assert len(asked) <= 16, asked
    assert "Tidak di tempat" in page.text


async def test_going_away_and_back_is_one_press_and_is_audited(
    browse: Browse, scene: Scene, database: Database, clock: Clock
) -> None:
    sari = await browse(scene, "sari")
    assert "Tidak di tempat" in (await sari.get("/akun")).text
    gone = await sari.post("/tempat", pergi="true", kembali="/akun")
    assert gone.headers["location"] == "/akun"
    assert await audited(database) == ["away"]
    async with database.read() as session:
        assert (await session.get_one(Staff, scene.staff["sari"].id)).away_since == clock()
    back = await sari.post("/tempat", pergi="false", kembali="//jahat.example")
    assert back.headers["location"] == "/beban"
    async with database.read() as session:
        assert (await session.get_one(Staff, scene.staff["sari"].id)).away_since is None


async def test_who_is_at_the_desk_is_seen(browse: Browse, scene: Scene, database: Database, app: object) -> None:
    await at_desk(app.state.office, scene.staff["joko"].id)  # type: ignore[attr-defined]
    async with database.write() as session:
        await session.execute(text("UPDATE staff_presence SET seen_at = :now"), {"now": system_clock()})
    page = (await (await browse(scene, "lela")).get("/beban")).text
    assert '<span class="cap terikat">Ada</span>' in page
