"""`helpdesk trends export` and `helpdesk report weekly`: files from the records, and who took them in the audit."""

import asyncio
import csv
import io
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import Result
from openpyxl import load_workbook
from sqlalchemy import select
from typer.testing import CliRunner

from helpdesk.cli import app
from records.clock import Clock
from records.database import Database
from records.models import AuditEntry
from tests.trends.conftest import Say, say

__all__ = ["say"]
SPAN = ("--from", "2020-08-17", "--to", "2020-08-24")


@pytest.fixture
async def complaints(
    database: Database, database_url: str, say: Say, clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> int:
    siti = await say(clock(), text="=1+1")
    await say(clock() - timedelta(days=1), conversation=siti)
    await say(clock() - timedelta(days=2), "paid_no_code", "tokopedia", "whatsapp")
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("HELPDESK_VAR", str(tmp_path / "var"))
    return 3


def run(*words: str) -> Result:
    return CliRunner().invoke(app, words, catch_exceptions=False)


async def taken(database: Database) -> list[tuple[str, str, dict[str, object]]]:
    async with database.read() as session:
        entries = await session.scalars(select(AuditEntry).order_by(AuditEntry.id))
    return [(entry.actor, entry.action, entry.detail) for entry in entries]


async def written(*words: str) -> Result:
    # the commands run an event loop of their own
    return await asyncio.to_thread(run, *words)


async def test_rows_are_written_in_both_forms_with_progress_and_audited(
    database: Database, complaints: int, tmp_path: Path
) -> None:
    sheet, text = tmp_path / "a.xlsx", tmp_path / "a.csv"
    done = await written("trends", "export", str(sheet), "--rows", "conversations", "--form", "xlsx", *SPAN)
    assert (done.exit_code, "2 rows" in done.output) == (0, True)
    assert load_workbook(sheet)["Data"].max_row - 1 == 2
    done = await written("trends", "export", str(text), "--rows", "messages", *SPAN)
    assert (done.exit_code, "3 rows" in done.output) == (0, True)
    lines = list(csv.DictReader(io.StringIO(text.read_text(), newline="")))
    assert lines[0]["Pesan (disamarkan)"] == "'=1+1"
    noted = [(detail.get("of"), detail.get("form"), detail["lines"]) for _, _, detail in await taken(database)]
    assert noted == [("conversations", "xlsx", 2), ("messages", "csv", 3)]


async def test_a_table_is_written_as_before(database: Database, complaints: int, tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    assert (await written("trends", "export", str(file), "--by", "platform", *SPAN)).exit_code == 0
    lines = csv.DictReader(io.StringIO(file.read_text(), newline=""))
    assert sum(int(line["Pesan"]) for line in lines) == complaints
    assert (await written("trends", "export", str(file), "--by", "umur", *SPAN)).exit_code == 1


async def test_a_report_is_written_as_the_ending_says(database: Database, complaints: int, tmp_path: Path) -> None:
    paper, page = tmp_path / "minggu.pdf", tmp_path / "minggu.html"
    assert (await written("report", "weekly", str(paper), "--week", "2020-W34")).exit_code == 0
    assert (await written("report", "weekly", str(page), "--week", "2020-W34", "--external")).exit_code == 0
    assert paper.read_bytes().startswith(b"%PDF")
    assert "Untuk pihak luar" in page.read_text()
    noted = [(action, detail["audience"]) for _, action, detail in await taken(database)]
    assert noted == [("report_taken", "staff"), ("report_taken", "outside")]


async def test_words_that_are_no_week_write_nothing(complaints: int, tmp_path: Path) -> None:
    file = tmp_path / "minggu.pdf"
    done = await written("report", "weekly", str(file), "--week", "kemarin")
    assert (done.exit_code, file.exists()) == (1, False)
    assert "2020-W34" in done.output
