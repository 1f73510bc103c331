"""What explains a rise stands on its day: incidents, waves, rules, holidays; of others' platforms nothing."""

from datetime import UTC, date, datetime, timedelta

import pytest

from records.clock import Clock
from records.database import Database
from records.models import CalendarDay, Incident
from registry.tables.rules import PolicyRow, WaveRow
from trends.annotations import annotations
from trends.within import Within

FORTNIGHT = Within(date(2020, 8, 10), date(2020, 8, 24))


def outage(id_: str, platforms: list[str], started: datetime, ended: datetime | None, status: str) -> Incident:
    return Incident(
        id=id_,
        title=f"Pembelian tertunda {id_}",
        components=["purchase"],
        platforms=platforms,
        started_at=started,
        ended_at=ended,
        status=status,
        public_message="Sedang diperbaiki.",
        source="status",
        as_of=started,
    )


@pytest.fixture
async def august(database: Database, clock: Clock) -> None:
    now = clock()
    async with database.write() as session:
        session.add_all(
            [
                outage("I-1", ["tokopedia"], now - timedelta(days=4), None, "confirmed"),
                outage("I-2", [], now - timedelta(days=60), now - timedelta(days=12), "resolved"),
                outage("I-3", [], now - timedelta(days=90), now - timedelta(days=30), "resolved"),
                # closes before midnight in Greenwich, after it in Jakarta
                WaveRow(wave=5, opens_at=datetime(2020, 8, 14, 17, 30, tzinfo=UTC), closes_at=None, source="situs"),
                WaveRow(wave=6, opens_at=None, decided_at=datetime(2020, 8, 23, 3, 0, tzinfo=UTC)),
                *(
                    PolicyRow(key=key, value="1", valid_from=day, source="Permenko 11/2020", as_of=day)
                    for key, day in (
                        ("platforms", date(2020, 8, 12)),
                        ("survey_amount", date(2020, 8, 12)),
                        ("channels", date(2020, 8, 1)),
                    )
                ),
                CalendarDay(day=date(2020, 8, 19), name="Libur kantor", off=True, source="memo", changed_at=now),
                CalendarDay(day=date(2020, 8, 21), name="Masuk", off=False, source="memo", changed_at=now),
            ]
        )


async def test_what_happened_stands_on_its_days_cut_to_the_range(database: Database, august: None) -> None:
    async with database.read() as session:
        marks = await annotations(session, FORTNIGHT)
    assert [(mark.kind, mark.day.day, mark.until.day, mark.label) for mark in marks] == [
        ("incident", 10, 12, "Pembelian tertunda I-2"),
        ("rule", 12, 12, "Aturan berubah: daftar platform, besar insentif survei"),
        ("wave", 15, 15, "Gelombang 5 dibuka"),
        ("holiday", 17, 17, "Hari Kemerdekaan"),
        ("holiday", 19, 19, "Libur kantor"),
        ("incident", 20, 24, "Pembelian tertunda I-1"),
        ("holiday", 20, 20, "Tahun Baru Islam"),
        ("wave", 23, 23, "Hasil gelombang 6 diumumkan"),
    ]
    assert {mark.id for mark in marks if mark.kind == "incident"} == {"I-1", "I-2"}
    assert all(mark.source or mark.kind == "wave" for mark in marks)


async def test_an_incident_elsewhere_does_not_explain_a_platform(database: Database, august: None) -> None:
    async with database.read() as session:
        there = await annotations(session, Within(FORTNIGHT.first, FORTNIGHT.last, platform="tokopedia"))
        elsewhere = await annotations(session, Within(FORTNIGHT.first, FORTNIGHT.last, platform="sisnaker"))
    assert [mark.id for mark in there if mark.kind == "incident"] == ["I-2", "I-1"]
    assert [mark.id for mark in elsewhere if mark.kind == "incident"] == ["I-2"]
