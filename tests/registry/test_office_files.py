"""Files as offices send them: workbooks, semicolons, Windows' letters, dates day first; and what Excel has spoilt."""

import csv
import os
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from openpyxl import Workbook, load_workbook

from records.clock import Clock
from registry.importing import CannotImport, ImportReport, import_folder
from registry.importing.cells import Refused
from registry.importing.moments import day, moment
from registry.importing.reading import BLOCK_ROWS
from tests.registry.handed_over import RINA, Rows, small_programme, write_folder

type Import = Callable[..., ImportReport]
type Ask = Callable[[str], list[tuple[object, ...]]]


@pytest.fixture
def load(database_url: str, clock: Clock, data_key: str, tmp_path: Path) -> Import:
    """Import the folder of this scene."""
    return lambda **how: import_folder(database_url, tmp_path, clock, data_key, **how)


@pytest.fixture
def ask(database_url: str) -> Ask:
    """Ask the database itself."""

    def ask(query: str) -> list[tuple[object, ...]]:
        with psycopg.connect(database_url.replace("+psycopg", "")) as connection:
            return connection.execute(query.encode()).fetchall()

    return ask


def fill_in(workbook: Workbook, rows: Rows, title: str) -> None:
    """Write rows as a sheet."""
    sheet = workbook.create_sheet(title)
    sheet.append(list(rows[0]))
    for row in rows:
        sheet.append([cell or None for cell in row.values()])


def workbook(path: Path, tables: dict[str, Rows]) -> Path:
    """Write a workbook with a sheet for each table."""
    written = Workbook()
    written.remove(written.worksheets[0])
    for title, rows in tables.items():
        fill_in(written, rows, title)
    written.save(path)
    return path


def policies(path: Path, *rows: list[object]) -> Path:
    """Write a workbook of policies, cells as Excel keeps them."""
    written = Workbook()
    sheet = written.worksheets[0]
    sheet.append(["key", "value", "valid_from", "valid_to", "source", "as_of", "note"])
    for row in rows:
        sheet.append(row)
    written.save(path)
    return path


def in_excel(month: int, day: int, hour: int = 0) -> datetime:
    """Return a time as Excel keeps it: without a zone."""
    return datetime(2020, month, day, hour, tzinfo=UTC).replace(tzinfo=None)


FINE = ["biaya", "5", in_excel(8, 24), None, "uji", in_excel(8, 24), None]


def test_a_workbook_with_a_sheet_for_each_table_is_the_whole_programme(load: Import, tmp_path: Path, ask: Ask) -> None:
    workbook(tmp_path / "Data Prakerja Agustus.xlsx", small_programme())
    report = load()
    assert report.clean
    assert {file.outcome for file in report.files} == {"loaded"}
    assert report.file("Data Prakerja Agustus.xlsx [participants]").new == 4
    assert ask("SELECT count(*) FROM programme.ledger_entries") == [(6,)]


def test_workbooks_and_csv_files_may_lie_side_by_side(load: Import, tmp_path: Path) -> None:
    tables = small_programme()
    workbook(tmp_path / "participants.xlsx", {"Sheet1": tables.pop("participants")})
    write_folder(tmp_path, tables)
    report = load()
    assert report.clean
    assert report.file("participants.xlsx").rows == 4


def test_the_same_table_as_csv_and_as_workbook_is_the_same(load: Import, tmp_path: Path) -> None:
    write_folder(tmp_path, small_programme())
    assert load().clean
    for path in tmp_path.glob("*.csv"):
        path.unlink()
    workbook(tmp_path / "semua.xlsx", small_programme())
    again = load()
    assert again.clean
    assert sum(file.new + file.changed for file in again.files) == 0


def test_a_table_in_two_places_is_refused_and_both_are_named(load: Import, tmp_path: Path) -> None:
    write_folder(tmp_path, small_programme())
    workbook(tmp_path / "lama.xlsx", {"waves": small_programme()["waves"]})
    (problem,) = load().file("lama.xlsx [waves]").problems
    assert "lama.xlsx [waves] dan waves.csv" in problem.reason


def test_excel_s_dates_numbers_and_truths_are_understood(load: Import, tmp_path: Path, ask: Ask) -> None:
    written = Workbook()
    sheet = written.worksheets[0]
    sheet.append(["Wave ", "Opens At", "closes_at", "decided_at", "QUOTA", "selected", "source", None])
    sheet.append([5, in_excel(8, 15, 12), in_excel(8, 23, 12), None, 800000.0, None, "uji", None])
    sheet.append([6, "27/8/2020 12.00", None, None, "800000", None, " uji ", None])
    for _ in range(5):
        sheet.append([None, " ", None])
    written.save(tmp_path / "WAVES.xlsx")
    assert load().clean
    assert ask("SELECT wave, opens_at, quota, source FROM programme.waves ORDER BY wave") == [
        (5, datetime(2020, 8, 15, 5, tzinfo=UTC), 800_000, "uji"),
        (6, datetime(2020, 8, 27, 5, tzinfo=UTC), 800_000, "uji"),
    ]


def test_a_nik_that_excel_kept_as_a_number_has_lost_its_end_and_is_refused(load: Import, tmp_path: Path) -> None:
    tables = small_programme()
    write_folder(tmp_path, {name: rows for name, rows in tables.items() if name != "participants"})
    workbook(tmp_path / "participants.xlsx", {"participants": tables["participants"]})
    opened = load_workbook(tmp_path / "participants.xlsx")
    sheet = opened["participants"]
    sheet["B3"] = 9901010190010004
    opened.save(tmp_path / "participants.xlsx")
    (problem,) = load().file("participants.xlsx").problems
    assert (problem.line, problem.column) == (3, "nik")
    assert "dipotong Excel" in problem.reason
    assert "format Teks" in problem.advice


@pytest.mark.parametrize("spoilt", ["9,90101E+15", "9.9010101900100E+15", "9E+15"])
def test_a_number_that_excel_shortened_is_refused_in_a_csv_too(load: Import, tmp_path: Path, spoilt: str) -> None:
    tables = small_programme()
    tables["participants"][0]["nik"] = spoilt
    write_folder(tmp_path, tables)
    (problem,) = load().file("participants.csv").problems
    assert "dipotong Excel" in problem.reason


SPELLINGS: dict[str, Callable[[str], str]] = {
    "national": lambda number: "0" + number,
    "without plus": lambda number: "62" + number,
    "with spaces and strokes": lambda number: f"+62 {number[:3]}-{number[3:]}",
    "with two zeros": lambda number: "0062 " + number,
}


@pytest.mark.parametrize("kind", SPELLINGS)
def test_a_phone_may_be_written_in_any_usual_way(load: Import, tmp_path: Path, kind: str) -> None:
    tables = small_programme()
    write_folder(tmp_path, tables)
    load()
    for person in tables["participants"]:
        person["phone"] = SPELLINGS[kind](person["phone"].removeprefix("+62"))
    write_folder(tmp_path, tables)
    again = load()
    assert again.clean
    assert again.file("participants.csv").changed == 0


def as_excel_saves(path: Path, *, encoding: str, delimiter: str, more: str = "") -> None:
    """Write the waves as Excel does, with the empty rows and columns it leaves."""
    rows = [
        ["Wave", "Opens At", "closes_at", "decided_at", "quota", "selected", "source", ""],
        ["5", "15/08/2020 12:00", "23/08/2020", "", "800000", "", f"Pernyataan PMO{more}", ""],
        ["", "", "", "", "", "", "", ""],
    ]
    path.write_bytes("".join(delimiter.join(row) + "\r\n" for row in rows).encode(encoding))


@pytest.mark.parametrize(
    ("encoding", "delimiter", "more"),
    [
        ("utf-8-sig", ";", " — é"),
        ("cp1252", ";", " — é"),
        ("utf-16", "\t", " — é"),
        ("utf-8", ",", ""),
    ],
)
def test_csv_as_excel_saves_it_is_read(
    load: Import, tmp_path: Path, ask: Ask, encoding: str, delimiter: str, more: str
) -> None:
    as_excel_saves(tmp_path / "waves.csv", encoding=encoding, delimiter=delimiter, more=more)
    report = load()
    assert (report.clean, report.file("waves.csv").rows) == (True, 1)
    assert ask("SELECT opens_at, closes_at, source FROM programme.waves") == [
        (datetime(2020, 8, 15, 5, tzinfo=UTC), datetime(2020, 8, 22, 17, tzinfo=UTC), f"Pernyataan PMO{more}")
    ]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2020-08-24T10:00:00+07:00", datetime(2020, 8, 24, 3, tzinfo=UTC)),
        ("2020-08-24T10:00:00Z", datetime(2020, 8, 24, 10, tzinfo=UTC)),
        ("24/8/2020", datetime(2020, 8, 23, 17, tzinfo=UTC)),
        ("24-08-2020 10.30", datetime(2020, 8, 24, 3, 30, tzinfo=UTC)),
        ("24/08/2020 10:30:59", datetime(2020, 8, 24, 3, 30, 59, tzinfo=UTC)),
    ],
)
def test_a_time_is_iso_with_its_offset_or_a_person_s_in_wib(written: str, read: datetime) -> None:
    assert datetime.fromisoformat(moment.all([written])[0]) == read


@pytest.mark.parametrize(
    "written",
    ["2020-08-24T10:00:00", "2020-08-24", "8/24/2020", "31/02/2020", "0020-08-24T10:00:00+07:00", "kemarin", "44067"],
)
def test_a_time_that_could_mean_another_is_refused(written: str) -> None:
    with pytest.raises(Refused):
        moment.all([written])


def test_a_day_may_be_written_day_first() -> None:
    assert day.all(["24/08/2020", "2020-08-24"]) == ["2020-08-24", "2020-08-24"]


SPOILT: dict[str, tuple[list[object], str, str]] = {
    "a formula that failed": (["biaya", "#N/A", *FINE[2:]], "value", "galat rumus"),
    "a date as a bare number": (["biaya", "5", 44067, *FINE[3:]], "valid_from", "bukan tanggal"),
    "nothing where something must be": (["biaya", None, *FINE[2:]], "value", "kosong"),
}


@pytest.mark.parametrize("kind", SPOILT)
def test_a_cell_excel_has_spoilt_is_named(load: Import, tmp_path: Path, kind: str) -> None:
    row, column, reason = SPOILT[kind]
    policies(tmp_path / "policies.xlsx", FINE, row)
    (problem,) = load().file("policies.xlsx").problems
    assert (problem.line, problem.column) == (3, column)
    assert reason in problem.reason


def test_cells_beyond_the_header_are_a_shifted_row(load: Import, tmp_path: Path) -> None:
    policies(tmp_path / "policies.xlsx", FINE, [*FINE, "lebih"])
    (problem,) = load().file("policies.xlsx").problems
    assert (problem.line, problem.column) == (3, None)
    assert "8 kolom, seharusnya 7" in problem.reason


def test_a_file_that_is_no_workbook_is_refused_and_the_others_are_loaded(load: Import, tmp_path: Path) -> None:
    (tmp_path / "policies.xlsx").write_bytes(b"\xd0\xcf\x11\xe0 terkunci")
    with zipfile.ZipFile(tmp_path / "offers.xlsx", "w") as archive:
        archive.writestr("halo.txt", "bukan Excel")
    (tmp_path / "courses.xls").write_bytes(b"lama")
    workbook(tmp_path / "waves.xlsx", {"waves": small_programme()["waves"]})
    (tmp_path / "~$waves.xlsx").write_bytes(b"dibuka orang")
    report = load()
    assert "terkunci" in report.file("policies.xlsx").problems[0].reason
    assert report.file("offers.xlsx").outcome == "refused"
    assert "simpan sebagai .xlsx" in report.file("courses.xls").problems[0].advice
    assert report.file("waves.xlsx").outcome == "loaded"


def test_a_dry_run_says_what_would_change_and_keeps_nothing(load: Import, tmp_path: Path, ask: Ask) -> None:
    write_folder(tmp_path, small_programme())
    tried = load(dry_run=True)
    assert (tried.clean, tried.dry, tried.file("participants.csv").new) == (True, True, 4)
    assert ask("SELECT count(*) FROM programme.participants") == [(0,)]
    assert ask("SELECT count(*) FROM programme.import_runs") == [(0,)]
    load()
    changed = small_programme()
    changed["participants"][1]["name"] = "Rina M."
    write_folder(tmp_path, changed)
    people = load(dry_run=True).file("participants.csv")
    assert (people.new, people.changed, people.unchanged) == (0, 1, 3)
    assert ask(f"SELECT name FROM programme.participants WHERE id = '{RINA}'") == [("Rina Marlina",)]  # noqa: S608


def test_the_report_names_every_refused_row_in_a_file_excel_opens(load: Import, tmp_path: Path) -> None:
    tables = small_programme()
    tables["participants"][1]["nik"] = "123"
    tables["offers"][0]["price"] = "Rp300.000"
    write_folder(tmp_path, tables)
    load(dry_run=True).write_problems(tmp_path / "laporan.csv")
    with (tmp_path / "laporan.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["berkas"], row["baris"], row["kolom"]) for row in rows[:2]] == [
        ("offers.csv", "2", "price"),
        ("participants.csv", "3", "nik"),
    ]
    assert all(row["alasan"] and row["saran"] for row in rows)
    assert "Rp300.000" not in (tmp_path / "laporan.csv").read_text(encoding="utf-8-sig")


def test_broken_rows_in_a_long_file_are_named_one_by_one(load: Import, tmp_path: Path) -> None:
    tables = small_programme()
    wave = tables["waves"][0]
    tables["waves"] = [{**wave, "wave": str(number)} for number in range(1, 3 * BLOCK_ROWS)]
    broken = [1, BLOCK_ROWS, BLOCK_ROWS + 1, 2 * BLOCK_ROWS + 77]
    for number in broken:
        tables["waves"][number - 1]["quota"] = "banyak"
    write_folder(tmp_path, tables)
    refused = load().file("waves.csv")
    assert [problem.line for problem in refused.problems] == [number + 1 for number in broken]


KILLED = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from registry.importing import import_folder

def tell(file, done, total):
    if file == "incentives.csv":
        print("inside", flush=True)
        sys.stdin.read()

import_folder(sys.argv[1], Path(sys.argv[2]), lambda: datetime.now(UTC), sys.argv[3], tell)
"""


@pytest.fixture
def half_way(database_url: str, data_key: str, tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """A process of its own that has loaded all but the last tables, and waits."""
    write_folder(tmp_path, small_programme())
    command = [sys.executable, "-c", KILLED, database_url, str(tmp_path), data_key]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "inside\n"
        yield process
        process.kill()


def test_an_import_killed_half_way_leaves_no_trace_and_the_next_one_loads_everything(
    half_way: subprocess.Popen[str], load: Import, ask: Ask
) -> None:
    with pytest.raises(CannotImport, match="sedang berjalan"):
        load()
    os.kill(half_way.pid, signal.SIGKILL)
    half_way.wait()
    assert ask("SELECT count(*) FROM programme.participants") == [(0,)]
    assert ask("SELECT count(*) FROM programme.loaded_files") == [(0,)]
    until = time.monotonic() + 20
    while time.monotonic() < until:
        with suppress(CannotImport):
            # the server needs a moment to see that nobody is there any more
            assert load().clean
            return
        time.sleep(0.1)
    pytest.fail("the killed import still holds its lock")
