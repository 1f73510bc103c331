"""`helpdesk status-page`: the page as files for any host, by the rehearsal's clock; left alone without records."""

import asyncio
from datetime import timedelta
from pathlib import Path
from xml.etree.ElementTree import fromstring

import orjson
import pytest
from typer.testing import CliRunner, Result

from bot.status_page.files import NAMES, read_files
from helpdesk.cli import app
from helpdesk.places import Places
from helpdesk.rehearsal_clock import resume
from records.database import Database
from records.models import Incident
from tests.conftest import OPENING

WORDS = "Pembelian di Sisnaker sedang terganggu. Kakak tidak perlu mengulang."
ADDRESS = "https://bantuan.contoh.id"


@pytest.fixture
async def outage(database: Database, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with database.write() as session:
        told = {"public_message": WORDS, "source": "Catatan rapat", "status": "confirmed", "platforms": ["sisnaker"]}
        began = {"started_at": OPENING - timedelta(hours=3), "as_of": OPENING}
        session.add(Incident(id="INC-1", title="Vendor salah konfigurasi", components=["purchase"], **told, **began))
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("HELPDESK_VAR", str(tmp_path / "var"))
    resume(Places(tmp_path / "var").clock, OPENING + timedelta(minutes=20))


def run(*words: str) -> Result:
    return CliRunner().invoke(app, words, catch_exceptions=False)


async def written(folder: Path, *more: str) -> Result:
    # the command runs an event loop of its own
    return await asyncio.to_thread(run, "status-page", str(folder), *more)


async def test_the_three_files_say_what_is_in_trouble_by_the_rehearsals_time(outage: None, tmp_path: Path) -> None:
    folder = tmp_path / "hos"
    done = await written(folder, "--address", f"{ADDRESS}/")
    assert done.exit_code == 0, done.output
    assert all(name in done.output for name in NAMES.values())
    page = (folder / "index.html").read_text()
    assert WORDS in page
    assert "Vendor salah konfigurasi" not in page
    told = orjson.loads((folder / "status.json").read_bytes())
    assert [it["words"] for it in told["incidents"]] == [WORDS]
    assert fromstring((folder / "status.atom").read_text()).tag.endswith("feed")  # noqa: S314 (our own)
    assert f"{ADDRESS}/" in (folder / "status.atom").read_text()
    assert f"{ADDRESS}//" not in (folder / "status.atom").read_text()
    kept = read_files(folder)
    assert kept is not None
    assert timedelta(minutes=20) <= kept[1] - OPENING < timedelta(minutes=25)


async def test_what_has_changed_is_written_and_nothing_else(outage: None, database: Database, tmp_path: Path) -> None:
    folder = tmp_path / "hos"
    await written(folder)
    before = (folder / "index.html").read_text()
    async with database.write() as session:
        incident = await session.get_one(Incident, "INC-1")
        incident.public_message, incident.as_of = "Sudah membaik, Kak.", OPENING + timedelta(minutes=10)
    assert "index.html" in (await written(folder)).output
    assert (folder / "index.html").read_text() != before
    assert "Sudah membaik, Kak." in (folder / "index.html").read_text()


async def test_without_records_the_files_stay_as_they_were(
    outage: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "hos"
    await written(folder)
    before = {name: (folder / name).read_bytes() for name in (*NAMES.values(), ".read-at")}
    monkeypatch.setenv("DATABASE_URL", "postgresql+psycopg://nobody@127.0.0.1:1/none")
    done = await written(folder)
    assert done.exit_code == 1
    assert "left as they were" in done.output
    assert {name: (folder / name).read_bytes() for name in before} == before
