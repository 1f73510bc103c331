"""The whole rehearsal programme goes in fast, its named people are there, and the simulated programme tells of them."""

import json
import subprocess
import sys
from pathlib import Path
from time import perf_counter, process_time

import httpx
import pytest

from records.clock import Clock
from records.database import Database
from registry.facts import PaymentStatus
from registry.identifiers import Keyed
from registry.importing import import_folder
from registry.interface import Absent, Answer, CouldNotAsk, Known
from registry.open import open_registry
from registry.own_tables import OwnTables
from registry.settings import RegistrySettings
from simulator.app import build
from simulator.faults import Fault
from simulator.settings import SimulatorSettings
from tests.registry.conftest import PATIENT

SIGN_KEY = "uji-sign-key"


@pytest.fixture
def rehearsal(tmp_path: Path) -> Path:
    """The folder that the generator writes."""
    subprocess.run([sys.executable, "-m", "simulator.programme.generate", "--out", str(tmp_path)], check=True)
    return tmp_path


async def test_the_rehearsal_programme_is_loaded_whole_within_ten_seconds(
    database: Database, database_url: str, clock: Clock, data_key: str, rehearsal: Path
) -> None:
    began, worked = perf_counter(), process_time()
    report = import_folder(database_url, rehearsal, clock, data_key)
    took, worked = perf_counter() - began, process_time() - worked
    assert [line for file in report.files for line in file.problems] == []
    assert {file.outcome for file in report.files} == {"loaded"}
    assert report.file("participants.csv").rows >= 5_000
    assert worked < 10
    # with the database; a busy machine takes several times as long
    assert took < 60
    registry = OwnTables(database, clock, Keyed(data_key), PATIENT)
    for person in json.loads((rehearsal / "people.json").read_text()):
        if person["participant_id"] is None:
            continue
        assert isinstance(await registry.participant(person["participant_id"]), Known)
        by_phone = await registry.participants_by_phone(person["whatsapp"]["wa_id"])
        assert isinstance(by_phone, Known)
        assert person["participant_id"] in by_phone.value
        assert len(by_phone.value) == (2 if person["key"] in ("surti", "slamet") else 1)
    searched = process_time()
    await registry.courses("desain grafis dasar")
    for title in ("desain grafis dasar", "bahasa inggris", "kelas barista kopi", "digital marketing untuk umkm") * 5:
        await registry.courses(title)
    assert (process_time() - searched) / 21 < 0.1


def simulator_settings(folder: Path) -> SimulatorSettings:
    secrets = ("telegram_token", "whatsapp_token", "whatsapp_app_secret", "whatsapp_verify_token")
    given = dict.fromkeys(secrets, "1:uji") | {"data": str(folder), "client_code": "UJI", "sign_key": SIGN_KEY}
    return SimulatorSettings.model_validate(given)


async def test_the_simulated_programme_tells_payments_apart_and_its_faults_are_never_a_no(
    database: Database, database_url: str, clock: Clock, data_key: str, rehearsal: Path
) -> None:
    import_folder(database_url, rehearsal, clock, data_key)
    settings = RegistrySettings.model_validate(
        {
            **{"helpdesk_data_key": data_key, "programme_api_url": "http://127.0.0.1:1/programme"},
            **{"programme_client_code": "UJI", "programme_sign_key": SIGN_KEY},
        }
    )
    people = {person["key"]: person["participant_id"] for person in json.loads((rehearsal / "people.json").read_text())}
    simulator = build(simulator_settings(rehearsal))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=simulator.app)) as client:
        registry = open_registry(settings, database, clock, client)

        async def told(key: str) -> Answer[PaymentStatus]:
            bought = await registry.purchases(people[key])
            assert isinstance(bought, Known)
            return await registry.payment_status(bought.value[0].invoice_code or "")

        rina = await told("rina")
        assert isinstance(rina, Known)
        assert (rina.value.status, rina.value.amount, rina.source) == ("SUCCESS", 300_000, "API program")
        assert isinstance(await told("joko"), Absent)
        simulator.board.switch_on(Fault(target="programme", kind="error", method="payment/status"))
        away = await told("joko")
        assert isinstance(away, CouldNotAsk)
        assert isinstance(away.last_known, Absent)
