"""The named people of the rehearsal, looked up in the real tables: what they must hear, as in the scenes."""

import json
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql

from checks.desk_records import Records
from checks.sources import Sources
from helpdesk.rehearsal_records import write_records
from knowledge_base.answer import best_answer
from records.database import Database
from records.embedded import EmbeddedPostgres
from registry.identifiers import Keyed
from registry.importing import import_folder
from registry.own_tables import OwnTables
from simulator.programme.generate import generate
from tests.actions.house import Chat, House
from tests.actions.programme import FIFTH_OF_SEPTEMBER, NOW
from tests.actions.test_conversations import BUDI_ASKS, SITI_ASKS, YANTO_SHOUTS, missing
from tests.registry.conftest import PATIENT

DATA_KEY = "hu_bFnLTi2xGzq2ROXRUQv6-_ZwLXRRI-yB9CTMtQf8="


@pytest.fixture(scope="module")
def rehearsal(
    postgres: EmbeddedPostgres, tmp_path_factory: pytest.TempPathFactory, worker_id: str
) -> tuple[str, dict[str, str]]:
    """A database with the rehearsal's programme and records; and the ids of its named people."""
    folder = tmp_path_factory.mktemp("rehearsal")
    generate(folder, participants=60)
    name = f"rehearsal_{worker_id}"
    plain = postgres.url("postgres").replace("+psycopg", "")
    with psycopg.connect(plain, autocommit=True) as connection:
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE template STRATEGY file_copy").format(sql.Identifier(name))
        )
    url = postgres.url(name)
    assert import_folder(url, folder, lambda: NOW, DATA_KEY).clean
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        write_records(connection, folder)
    return url, named(folder)


def named(folder: Path) -> dict[str, str]:
    """Return the participant id of everybody who has one."""
    people = json.loads((folder / "people.json").read_text())
    return {it["key"]: it["participant_id"] for it in people if it["participant_id"]}


class RealHouse(House):
    """The action server over the real tables and records, without the programme's API."""

    def __init__(self, database: Database, now: datetime) -> None:
        super().__init__(now=now)
        self.database = database

    def sources(self) -> Sources:
        """Return what may be asked: everything for real."""
        tables = OwnTables(self.database, lambda: self.now, Keyed(DATA_KEY), PATIENT)
        return Sources(tables, Records(self.database), best_answer, deadline_seconds=30.0)


@pytest.fixture
async def opened(rehearsal: tuple[str, dict[str, str]]) -> AsyncIterator[Database]:
    database = Database(rehearsal[0], pool_size=5)
    yield database
    await database.close()


@pytest.fixture
def cast_ids(rehearsal: tuple[str, dict[str, str]]) -> dict[str, str]:
    return rehearsal[1]


@pytest.fixture
def house(opened: Database) -> RealHouse:
    return RealHouse(opened, NOW)


async def test_siti_is_asked_for_the_platform_and_then_handed_on_with_everything(
    house: RealHouse, cast_ids: dict[str, str]
) -> None:
    chat = Chat(house, cast_ids["siti"])
    first = await chat.says(SITI_ASKS, "package_not_found")
    assert missing(["Per 23 Agustus 2020", "Permenko 11/2020", "akhir Agustus 2020", "Tidak semua"], first) == []
    assert {"Sisnaker", "Ruangguru"} <= set(first.buttons)
    answer = await chat.says("di sisnaker, kelas desain", "inform", {"platform": "sisnaker", "course_title": "desain"})
    assert missing(["Batas beli pelatihan pertama", "WIB", "3 hari", "{ticket}"], answer) == []
    assert answer.findings[0]["verdict"] == "no"
    exact = await Chat(house, cast_ids["siti"]).says(
        *("desain grafis dasar ga ketemu di sisnaker", "package_not_found"),
        {"platform": "sisnaker", "course_title": "desain grafis dasar"},
    )
    assert missing(["“Desain Grafis Dasar”", "aktif di Sisnaker", "Rp400.000"], exact) == []


async def test_budi_hears_of_his_attempt_of_yesterday(house: RealHouse, cast_ids: dict[str, str]) -> None:
    answer = await Chat(house, cast_ids["budi"]).says(BUDI_ASKS, "payment_failed")
    words = [
        "Tokopedia",
        "23 Agustus 2020",
        "API token tidak valid",
        "Permenko 11/2020",
        "Rp1.000.000",
        "Digital Marketing UMKM",
    ]
    assert missing(words, answer) == []
    assert answer.ticket is None


async def test_dewi_hears_that_her_incentives_run(house: RealHouse, cast_ids: dict[str, str]) -> None:
    text = "saya beli paket bundling bulan juni, insentif saya ilang dong?"
    answer = await house.act("action_answer_from_knowledge", text, "ask_bundling", cast_ids["dewi"])
    assert missing(["15 Juni 2020", "tidak berlaku surut", "cair", "10 September 2020"], answer) == []
    assert answer.ticket is None


async def test_rinas_missing_code_is_a_high_case(house: RealHouse, cast_ids: dict[str, str]) -> None:
    answer = await Chat(house, cast_ids["rina"]).says("saldo kepotong 300rb tp kode vouchernya ga ada", "paid_no_code")
    assert missing(["Rp300.000", "Jangan beli ulang", "25 Agustus 2020 pukul 09.00 WIB"], answer) == []
    assert answer.ticket is not None
    assert answer.ticket["priority"] == "high"


async def test_aguss_code_is_there(house: RealHouse, cast_ids: dict[str, str]) -> None:
    answer = await Chat(house, cast_ids["agus"]).says("saldo kepotong tp kode vouchernya ga ada", "paid_no_code")
    assert missing(["sudah terbit", "Pintaria", "dashboard"], answer) == []
    assert answer.ticket is None


async def test_jokos_order_differs_between_platform_and_programme(house: RealHouse, cast_ids: dict[str, str]) -> None:
    answer = await Chat(house, cast_ids["joko"]).says("pesanan saya gimana statusnya", "purchase_status")
    assert "berbeda" in answer.text
    assert answer.ticket is not None


async def test_maya_linas_and_yantos_stories(house: RealHouse, cast_ids: dict[str, str]) -> None:
    text = "insentif gagal dicairkan bni"
    maya = await house.act("action_check_participant", text, "incentive_not_received", cast_ids["maya"])
    assert missing(["ke-2", "BNI", "rekening tidak aktif"], maya) == []
    lina = await house.act(
        "action_check_participant", "kok kartu saya dicabut", "participation_revoked", cast_ids["lina"]
    )
    assert "10 Agustus 2020" in lina.text
    assert lina.ticket is None, "revoked ten days before the outage began"
    yanto = await house.act("action_hand_over", YANTO_SHOUTS, "talk_to_human", cast_ids["yanto"])
    assert yanto.ticket is not None
    assert set(yanto.ticket["also"]) == {"package_not_found", "purchase_otp"}


@pytest.mark.parametrize(
    ("now", "words"),
    [
        (NOW, ["Ruangguru tercatat sebagai platform resmi"]),
        (FIFTH_OF_SEPTEMBER, ["bukan lagi platform", "4 September 2020", "Skill Academy", "Pijar Mahir"]),
    ],
)
async def test_ruangguru_by_date(opened: Database, now: datetime, words: list[str]) -> None:
    text = "ruangguru masih bisa buat beli prakerja ga"
    answer = await RealHouse(opened, now).act(
        "action_answer_from_knowledge", text, "ask_platforms", slots={"platform": "ruangguru"}
    )
    assert missing(words, answer) == []


async def test_the_amounts_are_those_of_the_policy_table(house: RealHouse, cast_ids: dict[str, str]) -> None:
    for who in (None, cast_ids["siti"]):
        answer: Any = await house.act(
            "action_answer_from_knowledge", "3,55 juta itu cash semua?", "ask_incentive_terms", who
        )
        assert missing(["Rp600.000 × 4", "Rp2.550.000", "bukan uang tunai"], answer) == []
