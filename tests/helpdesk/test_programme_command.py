"""`helpdesk programme import` as an office runs it, on a machine where nothing else of ours was ever started."""

from pathlib import Path

import psycopg
import pytest
from typer.testing import CliRunner, Result

from helpdesk.cli import app
from tests.registry.handed_over import small_programme, write_folder


@pytest.fixture
def office(tmp_path: Path, database_url: str, data_key: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the small programme, and the two settings an import needs."""
    monkeypatch.setenv("HELPDESK_VAR", str(tmp_path / "var"))
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("HELPDESK_DATA_KEY", data_key)
    return write_folder(tmp_path / "kiriman", small_programme())


def run(*words: object) -> Result:
    return CliRunner().invoke(app, ["programme", "import", *map(str, words)], env={"COLUMNS": "200"})


def participants(url: str) -> int:
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        (count,) = connection.execute("SELECT count(*) FROM programme.participants").fetchone() or (0,)
    return int(count)


def test_a_dry_run_then_the_import_then_nothing_new(office: Path, database_url: str) -> None:
    tried = run(office, "--dry-run")
    assert (tried.exit_code, participants(database_url)) == (0, 0)
    assert "tidak ada yang disimpan" in tried.output
    assert run(office).exit_code == 0
    assert participants(database_url) == 4
    again = run(office)
    (line,) = [line.split() for line in again.output.splitlines() if "participants.csv" in line]
    assert line == ["participants.csv", "dimuat", "4", "0", "0", "4"]


def test_a_refused_table_ends_in_failure_and_its_rows_stand_in_the_report(office: Path, tmp_path: Path) -> None:
    rows = small_programme()
    rows["participants"][2]["nik"] = "12"
    write_folder(office, rows)
    refused = run(office, "--report", tmp_path / "laporan.csv")
    assert refused.exit_code == 1
    assert "participants.csv, baris 4, kolom nik: bukan 16 digit" in refused.output
    assert "participants.csv,4,nik," in (tmp_path / "laporan.csv").read_text(encoding="utf-8-sig")


def test_a_report_that_cannot_be_written_is_said(office: Path, tmp_path: Path) -> None:
    said = run(office, "--dry-run", "--report", tmp_path / "tidak" / "ada.csv")
    assert said.exit_code == 1
    assert "tidak bisa ditulis" in said.output


def test_no_folder_and_no_set_up_are_said_in_one_line(office: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "tidak ada; periksa namanya" in run(office / "lain").output
    monkeypatch.delenv("HELPDESK_DATA_KEY")
    nothing_made = run(office)
    assert (nothing_made.exit_code, nothing_made.output.strip()) == (1, "Not set up yet: make up")
