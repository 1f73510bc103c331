"""The desk notices by itself: an outage within minutes, a busy day not at all, and each rise once."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from fastapi import FastAPI
from sqlalchemy import select, text

from desk.detection.keeping import dismiss
from desk.office import Office
from desk.rounds.detecting import Detection
from desk.wording_people import action_label
from records.bell import Bell
from records.database import Database
from records.models import AuditEntry, Staff, StaffNotice, Suspicion
from tests.desk.conftest import Browse
from tests.desk.detection.days import House
from tests.desk.making import Scene

OUTAGE = ("payment_failed", "tokopedia", "telegram", 4.0)


@pytest.fixture
async def house(database: Database, scene: Scene) -> House:
    house = House(database)
    await house.past()
    return house


type Look = Callable[[], Awaitable[list[Suspicion]]]


@pytest.fixture
def look(app: FastAPI, house: House) -> Look:
    """Have the desk look, and return what it suspects or suspected."""
    office: Office = replace(app.state.office, clock=house.clock, real_clock=house.clock)
    detection = Detection()

    async def look() -> list[Suspicion]:
        await detection.run(office)
        async with house.database.read() as session:
            return list(await session.scalars(select(Suspicion).order_by(Suspicion.found_at)))

    return look


async def pass_by(house: House, look: Look, minutes: int, *more: tuple[str, str | None, str, float]) -> list[Suspicion]:
    """Let minutes pass with the desk looking after each."""
    found: list[Suspicion] = []
    for _ in range(minutes):
        await house.minutes(1, *more)
        found = await look()
    return found


async def test_an_outage_is_suspected_within_five_minutes_told_to_those_who_decide_and_over_by_itself(
    house: House, look: Look, scene: Scene, database: Database
) -> None:
    assert await pass_by(house, look, 5) == []
    began = house.now
    (suspicion,) = await pass_by(house, look, 5, OUTAGE)
    assert (suspicion.kind, suspicion.status) == ("complaints", "open")
    assert suspicion.intent == "payment_failed" or suspicion.platform == "tokopedia"
    assert abs(suspicion.began_at - began) <= timedelta(minutes=6)
    assert suspicion.observed > 3 * suspicion.expected
    async with database.read() as session:
        told = await session.execute(
            select(Staff.username, StaffNotice.path).join(Staff, Staff.id == StaffNotice.staff_id)
        )
        assert {tuple(row) for row in told} == {(name, f"/dugaan/{suspicion.id}") for name in ("ani", "lela", "rudi")}
    (goes_on,) = await pass_by(house, look, 10, OUTAGE)
    assert (goes_on.id, goes_on.over_at) == (suspicion.id, None)
    (over,) = await pass_by(house, look, 40)
    assert over.status == "over"
    assert over.over_at is not None


async def test_the_evidence_says_who_stands_out_and_who_does_not(house: House, look: Look) -> None:
    await pass_by(house, look, 5)
    (suspicion,) = await pass_by(house, look, 12, OUTAGE)
    by = {line["key"]: line["out"] for line in suspicion.evidence["by"]["intent"]}
    assert by["payment_failed"] is True
    places = {line["key"]: line["out"] for line in suspicion.evidence["by"]["platform"]}
    assert places["tokopedia"] is True
    assert not places.get("bukalapak", False)
    counts = suspicion.evidence["counts"]
    assert counts[-1]["seen"] > counts[-1]["high"] > counts[-1]["usual"]
    assert counts[0]["seen"] <= 5
    assert len(suspicion.evidence["examples"]) == 5


async def test_a_dismissed_rise_does_not_come_back_until_it_was_over(
    house: House, look: Look, scene: Scene, bell: Bell
) -> None:
    await pass_by(house, look, 3)
    (suspicion,) = await pass_by(house, look, 8, OUTAGE)
    async with house.database.write() as session:
        rudi = await session.get(Staff, scene.staff["rudi"].id)
        assert rudi
        assert await dismiss(session, bell, suspicion_id=suspicion.id, reason="promo besar", by=rudi, at=house.clock())
    found = await pass_by(house, look, 15, OUTAGE)
    assert [it.status for it in found] == ["dismissed"]
    found = await pass_by(house, look, 40)
    assert [(it.status, it.over_at is not None) for it in found] == [("dismissed", True)]
    found = await pass_by(house, look, 8, OUTAGE)
    assert [it.status for it in found] == ["dismissed", "open"]


async def test_everything_a_little_busier_is_no_outage(house: House, look: Look) -> None:
    busier: list[tuple[str, str | None, str, float]] = [
        ("payment_failed", "tokopedia", "telegram", 0.1),
        ("redeem_failed", "pintaria", "telegram", 0.07),
    ]
    busier += [("login_failed", None, "whatsapp", 0.12), ("incentive_not_received", None, "whatsapp", 0.08)]
    busier += [("wave_schedule", None, "telegram", 0.08), ("class_access", "sekolahmu", "web", 0.05)]
    for _ in range(6):
        await house.minutes(10, *busier)
        assert await look() == []


async def test_a_backlog_after_the_bot_was_down_is_no_outage(house: House, look: Look) -> None:
    await pass_by(house, look, 5)
    for _ in range(35):
        await house.minutes(1, usual=False)
        assert await look() == []
    await house.at_once(
        ("payment_failed", "tokopedia", "telegram", 4),
        ("payment_failed", "bukalapak", "whatsapp", 2),
        ("login_failed", None, "whatsapp", 4),
        ("wave_schedule", None, "telegram", 3),
        ("redeem_failed", "pintaria", "telegram", 2),
    )
    assert await pass_by(house, look, 10) == []


async def test_one_person_who_says_it_again_and_again_is_one_person(house: House, look: Look) -> None:
    await pass_by(house, look, 3)
    for _ in range(10):
        house._who = 5  # the same one each time
        await house.at_once(("class_access", "sekolahmu", "web", 1))
        await house.minutes(1, usual=False)
    assert await look() == []


async def test_a_rehearsal_that_jumps_ahead_begins_anew_and_still_notices(house: House, look: Look) -> None:
    await look()
    house.now += timedelta(days=2, hours=1)
    await pass_by(house, look, 5)
    (suspicion,) = await pass_by(house, look, 6, OUTAGE)
    assert suspicion.status == "open"


async def test_a_source_that_fails_beyond_its_habit_is_suspected(house: House, look: Look, database: Database) -> None:
    await pass_by(house, look, 5)
    for _ in range(5):
        async with database.write() as session:
            await session.execute(
                text("""
                    INSERT INTO source_failures (minute, source, question, reason, count, last_at)
                    VALUES (date_trunc('minute', CAST(:at AS timestamptz)), 'API mitra', 'Pembelian', 'timeout', 3, :at)
                """),
                {"at": house.now},
            )
        await house.minutes(1)
        found = await look()
    assert [(it.kind, it.source) for it in found] == [("checks", "API mitra")]


async def test_who_takes_the_counts_away_is_written_down(
    house: House, look: Look, scene: Scene, browse: Browse, database: Database
) -> None:
    await pass_by(house, look, 3)
    (suspicion,) = await pass_by(house, look, 8, OUTAGE)
    address = f"/dugaan/{suspicion.id}/angka"
    counts = (await (await browse(scene, "rudi")).get(address)).text.splitlines()[1:]
    assert (await (await browse(scene, "sari")).get(address)).status_code == 403
    async with database.read() as session:
        taken = list(await session.scalars(select(AuditEntry).where(AuditEntry.action == "suspicion_exported")))
    assert [(it.actor, it.object, it.detail) for it in taken] == [
        ("rudi", f"suspicion:{suspicion.id}", {"lines": len(counts)})
    ]
    assert action_label("suspicion_exported") == "mengunduh angka dugaan"


async def test_the_page_shows_what_is_suspected_and_takes_a_reason(
    house: House, look: Look, scene: Scene, browse: Browse
) -> None:
    await pass_by(house, look, 3)
    (suspicion,) = await pass_by(house, look, 8, OUTAGE)
    rudi = await browse(scene, "rudi")
    assert f"/insiden/baru?dugaan={suspicion.id}" in (await rudi.get("/dugaan")).text
    shown = (await rudi.get(f"/dugaan/{suspicion.id}")).text
    assert "<svg" in shown
    assert "Gagal bayar" in shown
    assert (await rudi.get(f"/dugaan/{suspicion.id}/angka")).text.count("\n") > 10
    told = (await rudi.get("/sebutan")).text
    assert f"/dugaan/{suspicion.id}" in told
    await rudi.get(f"/dugaan/{suspicion.id}")
    assert (await rudi.post(f"/dugaan/{suspicion.id}/abaikan", reason=" ")).headers["location"].endswith("alasan")
    answer = await rudi.post(f"/dugaan/{suspicion.id}/abaikan", reason="Promo besar di Tokopedia")
    assert answer.headers["location"].endswith("diabaikan")
    sari = await browse(scene, "sari")
    assert "Promo besar di Tokopedia" in (await sari.get("/dugaan")).text
    assert (await sari.post(f"/dugaan/{suspicion.id}/abaikan", reason="bukan apa-apa")).status_code == 403
