"""The whole rehearsal programme goes in, fast enough for a first start, and its named people are there."""

import json
import subprocess
import sys
from pathlib import Path
from time import perf_counter

import pytest

from records.clock import Clock
from records.database import Database
from registry.identifiers import Keyed
from registry.importing import import_folder
from registry.interface import Known
from registry.own_tables import OwnTables


@pytest.fixture
def rehearsal(tmp_path: Path) -> Path:
    """The folder that the generator writes."""
    subprocess.run([sys.executable, "-m", "simulator.programme.generate", "--out", str(tmp_path)], check=True)
    return tmp_path


async def test_the_rehearsal_programme_is_loaded_whole_within_ten_seconds(
    database: Database, database_url: str, clock: Clock, data_key: str, rehearsal: Path
) -> None:
    began = perf_counter()
    report = import_folder(database_url, rehearsal, clock, data_key)
    took = perf_counter() - began
    assert [line for file in report.files for line in file.problems] == []
    assert {file.outcome for file in report.files} == {"loaded"}
    assert report.file("participants.csv").rows >= 5_000
    assert took < 10
    registry = OwnTables(database, clock, Keyed(data_key))
    for person in json.loads((rehearsal / "people.json").read_text()):
        if person["participant_id"] is None:
            continue
        assert isinstance(await registry.participant(person["participant_id"]), Known)
        by_phone = await registry.participants_by_phone(person["whatsapp"]["wa_id"])
        assert isinstance(by_phone, Known)
        assert by_phone.value == (person["participant_id"],)
    searched = perf_counter()
    await registry.courses("desain grafis dasar")
    for title in ("desain grafis dasar", "bahasa inggris", "kelas barista kopi", "digital marketing untuk umkm") * 5:
        await registry.courses(title)
    assert (perf_counter() - searched) / 21 < 0.1
