"""The public status page: true, dated, without anything internal, and there also when the records are not."""

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import fromstring

import httpx
import orjson
import pytest
from sqlalchemy import text
from starlette.applications import Starlette

from bot.status_page.board import STALE_SECONDS, StatusBoard
from bot.status_page.files import NAMES, read_files
from records.database import Database
from records.models import Incident, IncidentEvent, Staff
from tests.conftest import OPENING

PUBLIC = "https://bantuan.contoh.id"
WORDS = "Pembelian di Sisnaker sedang terganggu. Kakak tidak perlu mengulang."
UNREACHABLE = "postgresql://nobody@127.0.0.1:1/none"


@dataclass
class Status:
    """A board whose clocks a scene moves, and a browser that asks it."""

    database: Database
    browser: httpx.AsyncClient
    board: StatusBoard
    times: dict[str, Any] = field(default_factory=dict)

    def later(self, span: timedelta) -> None:
        self.times["now"] += span
        self.times["elapsed"] += span.total_seconds()

    async def shown(self) -> str:
        await self.board.refresh()
        return re.sub(r"\s+", " ", re.sub(r"<style>.*?</style>|<[^>]+>", " ", (await self.page()).text))

    async def page(self, address: str = "/status", **headers: str) -> httpx.Response:
        return await self.browser.get(address, headers=headers)

    async def opens(self, name: str = "INC-1", **other: Any) -> None:
        given: dict[str, Any] = {
            "title": "Internal: vendor salah konfigurasi",
            "components": ["purchase", "catalogue"],
            "platforms": ["sisnaker"],
            "started_at": OPENING - timedelta(hours=3),
            "status": "confirmed",
            "public_message": WORDS,
            "source": "Catatan rapat internal",
            "as_of": OPENING,
        }
        async with self.database.write() as session:
            session.add(Incident(id=name, **{**given, **other}))

    async def change(self, **values: Any) -> None:
        async with self.database.write() as session:
            incident = await session.get_one(Incident, "INC-1")
            for name, value in values.items():
                setattr(incident, name, value)


def made(database: Database, folder: Path | None, times: dict[str, Any]) -> tuple[StatusBoard, httpx.AsyncClient]:
    board = StatusBoard(database, lambda: times["now"], PUBLIC, folder, elapsed=lambda: times["elapsed"])
    transport = httpx.ASGITransport(app=Starlette(routes=board.routes()))
    return board, httpx.AsyncClient(transport=transport, base_url="http://bot")


@pytest.fixture
async def status(database: Database, tmp_path: Path) -> AsyncIterator[Status]:
    times = {"now": OPENING, "elapsed": 1000.0}
    board, browser = made(database, tmp_path / "status", times)
    async with browser:
        yield Status(database, browser, board, times)


async def test_it_says_what_is_in_trouble_since_when_and_of_what_time_the_words_are(status: Status) -> None:
    assert "Tidak ada gangguan yang tercatat saat ini" in await status.shown()
    await status.opens(estimated_end_at=OPENING + timedelta(hours=2))
    page = await status.shown()
    assert "Ada gangguan pada pembelian dan katalog pelatihan" in page
    assert "Gangguan pembelian dan katalog pelatihan di Sisnaker" in page
    assert "Terganggu sejak 24 Agustus 2020 pukul 07.00 WIB" in page
    assert WORDS in page
    assert "Per 24 Agustus 2020 pukul 10.00 WIB . Perkiraan pulih 24 Agustus 2020 pukul 12.00 WIB." in page
    assert "Pembelian Terganggu" in page
    assert "OTP Tidak ada gangguan tercatat" in page


async def test_an_estimate_that_has_passed_is_never_a_promise(status: Status) -> None:
    await status.opens(estimated_end_at=OPENING + timedelta(hours=2))
    assert "Perkiraan pulih" in await status.shown()
    status.later(timedelta(hours=2, minutes=1))
    page = await status.shown()
    assert "Perkiraan semula 24 Agustus 2020 pukul 12.00 WIB, sudah lewat." in page
    assert "Perkiraan pulih" not in page


async def test_words_from_before_an_estimate_that_passed_are_told_as_what_was_until_there_are_newer_ones(
    status: Status,
) -> None:
    await status.opens(public_message="Siang ini pulih, Kak.", estimated_end_at=OPENING + timedelta(hours=2))

    async def stated() -> Any:
        return orjson.loads((await status.page("/status.json")).content)["incidents"][0]

    assert "Kabar sebelumnya" not in await status.shown()
    assert (await stated())["words"] == "Siang ini pulih, Kak."
    status.later(timedelta(hours=2, minutes=1))
    now, _, before = (await status.shown()).partition("Kabar sebelumnya (1)")
    assert "Siang ini pulih" not in now
    assert "belum dinyatakan selesai" in now
    assert "Siang ini pulih" in before
    assert ((await stated())["words"], (await stated())["said"][0]["words"]) == (None, "Siang ini pulih, Kak.")
    await status.change(public_message="Masih diperbaiki, Kak.", as_of=OPENING + timedelta(hours=2, minutes=1))
    now = await status.shown()
    assert "Masih diperbaiki, Kak." in now
    assert "belum dinyatakan selesai" not in now


async def test_nothing_internal_and_nobody_stands_on_it(status: Status) -> None:
    await status.opens(review={"happened": "Vendor lupa sertifikat", "changes": "x", "by": "lela", "at": "y"})
    async with status.database.write() as session:
        session.add(Staff(username="lela", name="Lela Anggraini", role="lead", password_hash="x", created_at=OPENING))
        session.add(IncidentEvent(incident_id="INC-1", at=OPENING, kind="noted", said="Telepon Pak Budi di vendor"))
        session.add(
            IncidentEvent(
                incident_id="INC-1", at=OPENING, kind="rescoped", said="Tokopedia lancar", detail={"conversations": 9}
            )
        )
    await status.board.refresh()
    for address in ("/status", "/status.json", "/status.atom"):
        said = (await status.page(address)).text
        assert WORDS in said
        for secret in ("Internal", "vendor", "rapat", "Pak Budi", "Tokopedia", "Lela", "sertifikat", "conversations"):
            assert secret not in said, (address, secret)


async def test_the_same_facts_are_the_same_bytes_and_are_sent_once(status: Status) -> None:
    await status.opens()
    await status.board.refresh()
    first = await status.page()
    assert "max-age=" in first.headers["cache-control"]
    status.later(timedelta(minutes=30))
    await status.board.refresh()
    again = await status.page(**{"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    await status.change(public_message="Sudah membaik, Kak.", as_of=OPENING + timedelta(minutes=29))
    await status.board.refresh()
    changed = await status.page(**{"If-None-Match": first.headers["etag"]})
    assert (changed.status_code, "Sudah membaik" in changed.text) == (200, True)


async def test_without_the_records_the_last_page_stays_and_says_since_when(tmp_path: Path, database: Database) -> None:
    times = {"now": OPENING, "elapsed": 0.0}
    board, browser = made(database, tmp_path, times)
    status = Status(database, browser, board, times)
    await status.opens()
    assert WORDS in await status.shown()
    board._database = Database(UNREACHABLE, pool_size=1)  # the records go away
    status.later(timedelta(seconds=STALE_SECONDS - 1))
    assert "tidak bisa diperbarui" not in await status.shown()
    status.later(timedelta(minutes=20))
    page = await status.shown()
    assert WORDS in page
    assert "Sejak 24 Agustus 2020 pukul 10.00 WIB halaman ini tidak bisa diperbarui" in page
    assert orjson.loads((await status.page("/status.json")).content)["not_refreshed_since"]
    board._database = database
    assert "tidak bisa diperbarui" not in await status.shown()


async def test_a_start_without_the_records_shows_what_was_kept_and_says_so(tmp_path: Path, database: Database) -> None:
    times = {"now": OPENING, "elapsed": 0.0}
    first, asking = made(database, tmp_path, times)
    before = Status(database, asking, first, times)
    await before.opens(estimated_end_at=OPENING + timedelta(minutes=30))
    await before.board.refresh()
    after = {"now": OPENING + timedelta(hours=1), "elapsed": 5.0}
    board, browser = made(Database(UNREACHABLE, pool_size=1), tmp_path, after)
    board.recall()
    status = Status(database, browser, board, after)
    page = await status.shown()
    assert WORDS in page.partition("Kabar sebelumnya")[2]
    assert "Sejak 24 Agustus 2020 pukul 10.00 WIB halaman ini tidak bisa diperbarui" in page
    assert "sudah lewat" in page
    kept = read_files(tmp_path)  # this start wrote them anew, without words that no longer hold
    assert kept is not None
    assert kept[0][0].words == WORDS


async def test_what_was_kept_is_served_while_the_first_look_still_waits_for_the_records(
    tmp_path: Path, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    times = {"now": OPENING, "elapsed": 0.0}
    before, asking = made(database, tmp_path, times)
    await Status(database, asking, before, times).opens()
    await before.refresh()
    board, browser = made(database, tmp_path, {"now": OPENING + timedelta(hours=1), "elapsed": 5.0})
    looking = asyncio.Event()

    async def waits() -> None:
        looking.set()
        await asyncio.Event().wait()

    monkeypatch.setattr(board, "refresh", waits)
    running = asyncio.create_task(board.run())
    await looking.wait()
    for address in ("/status", "/status.json", "/status.atom"):
        answer = await browser.get(address)
        assert (answer.status_code, bool(answer.headers["etag"])) == (200, True), address
        assert WORDS in answer.text
    assert "Sejak 24 Agustus 2020 pukul 10.00 WIB halaman ini tidak bisa diperbarui" in " ".join(
        re.sub(r"<[^>]+>", " ", (await browser.get("/status")).text).split()
    )
    running.cancel()


async def test_before_anything_was_read_it_says_that_it_does_not_know(tmp_path: Path) -> None:
    board, browser = made(Database(UNREACHABLE, pool_size=1), tmp_path, {"now": OPENING, "elapsed": 0.0})
    await board.refresh()
    answer = await browser.get("/status")
    assert (answer.status_code, answer.headers["cache-control"]) == (503, "no-store")
    assert "Keadaan layanan belum bisa dibaca" in answer.text
    assert "Tidak ada gangguan" not in answer.text
    assert not written(tmp_path)


async def test_a_page_that_knows_nothing_is_never_kept_as_an_answer(
    tmp_path: Path, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    times = {"now": OPENING, "elapsed": 0.0}
    board, browser = made(database, tmp_path, times)
    assert (await browser.get("/status")).status_code == 503
    between: list[int] = []

    async def asked_meanwhile(now: datetime) -> None:
        between.append((await browser.get("/status")).status_code)

    monkeypatch.setattr(board, "_remember", asked_meanwhile)
    await board.refresh()
    assert (between, (await browser.get("/status")).status_code) == ([503], 200)


def written(folder: Path) -> list[Path]:
    return list(folder.iterdir())


async def test_what_is_over_stands_in_the_history_for_ninety_days(status: Status) -> None:
    ended = OPENING - timedelta(days=2)
    await status.opens(status="resolved", started_at=ended - timedelta(hours=30), ended_at=ended)
    page = await status.shown()
    assert "Tidak ada gangguan yang tercatat saat ini" in page
    assert "Pembelian, 90 hari terakhir: 2 hari dengan gangguan" in page
    assert "Pulih 21 Agustus 2020 pukul 04.00 WIB sampai 22 Agustus 2020 pukul 10.00 WIB" in page.replace("  ", " ")
    status.later(timedelta(days=89))
    assert "Tidak ada gangguan lain yang tercatat" in await status.shown()


async def test_what_was_told_before_is_kept_with_its_time_and_state(status: Status) -> None:
    await status.opens(status="monitoring", public_message="Sudah membaik, Kak.", as_of=OPENING)
    async with status.database.write() as session:
        for kind, said, hours, detail in (
            ("opened", "Sedang kami periksa.", 2, {"status": "suspected"}),
            ("moved", WORDS, 1, {"from": "suspected", "to": "confirmed"}),
            ("moved", "Sudah membaik, Kak.", 0, {"from": "confirmed", "to": "monitoring"}),
        ):
            at = OPENING - timedelta(hours=hours)
            session.add(IncidentEvent(incident_id="INC-1", at=at, kind=kind, said=said, as_of=at, detail=detail))
            await session.flush()
    page = await status.shown()
    assert "Kabar sebelumnya (2)" in page
    assert page.index("Sudah membaik") < page.index(WORDS) < page.index("Sedang kami periksa.")
    feed = fromstring((await status.page("/status.atom")).content)  # noqa: S314 (our own)
    entries = feed.findall("{http://www.w3.org/2005/Atom}entry")
    titles = [entry.findtext("{http://www.w3.org/2005/Atom}title", "") for entry in entries]
    assert [it.rpartition(": ")[2] for it in titles] == ["Membaik, masih dipantau", "Terganggu", "Sedang diperiksa"]
    assert len({entry.findtext("{http://www.w3.org/2005/Atom}id") for entry in entries}) == 3


async def test_words_cannot_bring_a_script_and_none_would_run(status: Status) -> None:
    await status.opens(public_message='<script>alert(1)</script><img src=x onerror="alert(2)">')
    await status.board.refresh()
    page = await status.page()
    assert "<script" not in page.text
    assert "<img" not in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]


async def test_the_files_are_what_is_served(status: Status, tmp_path: Path) -> None:
    await status.opens()
    await status.board.refresh()
    for address, name in (("/status", "html"), ("/status.json", "json"), ("/status.atom", "atom")):
        assert (tmp_path / "status" / NAMES[name]).read_bytes() == (await status.page(address)).content


async def test_the_rule_of_what_is_open_is_the_bots(status: Status) -> None:
    await status.opens(status="confirmed", ended_at=OPENING - timedelta(minutes=1))
    await status.opens("INC-2", started_at=OPENING + timedelta(hours=1), public_message="Nanti malam ada perbaikan.")
    page = await status.shown()
    assert "Tidak ada gangguan yang tercatat saat ini" in page
    assert "Nanti malam" not in page
    async with status.database.write() as session:
        await session.execute(text("UPDATE incidents SET ended_at = NULL WHERE id = 'INC-1'"))
    assert "Ada gangguan" in await status.shown()
