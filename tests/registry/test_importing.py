"""Importing a folder: whole files or none of them, twice the same, and reasons that name line, column and way out."""

import shutil
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from records.clock import Clock
from records.embedded import EmbeddedPostgres
from registry.importing import CannotImport, ImportReport, import_folder
from registry.importing.report import SHOWN_PROBLEMS
from tests.conftest import OPENING
from tests.registry.handed_over import JOKO, LINA, RINA, SITI, Rows, small_programme, write_folder

type Import = Callable[[dict[str, Rows]], ImportReport]


@pytest.fixture
def load(database_url: str, clock: Clock, data_key: str, tmp_path: Path) -> Import:
    """Import these files as a folder of its own."""

    def load(files: dict[str, Rows]) -> ImportReport:
        shutil.rmtree(tmp_path / "folder", ignore_errors=True)
        return import_folder(database_url, write_folder(tmp_path / "folder", files), clock, data_key)

    return load


@pytest.fixture
def load_again(programme_url: str, clock: Clock, data_key: str, tmp_path: Path) -> Import:
    """Import these files where the small programme was loaded before; for files that are refused."""
    return lambda files: import_folder(programme_url, write_folder(tmp_path / "folder", files), clock, data_key)


type Ask = Callable[[str], list[tuple[object, ...]]]


@pytest.fixture
def ask(database_url: str) -> Ask:
    """Ask the database itself."""

    def ask(query: str) -> list[tuple[object, ...]]:
        with psycopg.connect(database_url.replace("postgresql+psycopg://", "postgresql://")) as connection:
            return connection.execute(query.encode()).fetchall()

    return ask


@pytest.fixture
def rows_of(database_url: str) -> Ask:
    """Return every row of a table of the programme."""

    def rows_of(table: str) -> list[tuple[object, ...]]:
        query = sql.SQL("SELECT * FROM {} ORDER BY 1").format(sql.Identifier("programme", table))
        with psycopg.connect(database_url.replace("postgresql+psycopg://", "postgresql://")) as connection:
            return connection.execute(query).fetchall()

    return rows_of


def test_every_file_is_loaded_and_its_age_written_down(load: Import, ask: Ask) -> None:
    report = load(small_programme())
    assert report.clean
    assert {file.outcome for file in report.files} == {"loaded"}
    assert ask("SELECT count(*), min(at), max(run_id) FROM programme.loaded_files") == [(15, OPENING, report.run_id)]


def test_the_same_folder_twice_changes_nothing(load: Import, ask: Ask) -> None:
    load(small_programme())
    before = ask("SELECT xmin::text, id FROM programme.purchases ORDER BY id")
    second = load(small_programme())
    assert second.clean
    assert sum(file.new + file.changed for file in second.files) == 0
    assert sum(file.unchanged for file in second.files) == sum(map(len, small_programme().values()))
    assert ask("SELECT xmin::text, id FROM programme.purchases ORDER BY id") == before


def test_a_changed_row_is_changed_and_a_new_one_added(load: Import, ask: Ask) -> None:
    load(small_programme())
    files = small_programme()
    files["purchases"][0] |= {"state": "code_issued", "code_issued_at": "2020-08-24T09:00:00+07:00"}
    files["wave_applications"].append({**files["wave_applications"][0], "application_id": "A9", "wave": "3"})
    report = load(files)
    bought, applied = report.file("purchases.csv"), report.file("wave_applications.csv")
    assert (bought.new, bought.changed, bought.unchanged) == (0, 1, 2)
    assert (applied.new, applied.changed, applied.unchanged) == (1, 0, 2)
    assert ask("SELECT state FROM programme.purchases WHERE id = 'B1'") == [("code_issued",)]


def test_every_index_and_constraint_is_there_after_an_import_as_before(load: Import, ask: Ask) -> None:
    indexes = "SELECT indexdef FROM pg_indexes WHERE schemaname = 'programme' ORDER BY 1"
    rules = "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint ORDER BY 1, 2"
    before = (ask(indexes), ask(rules))
    assert load(small_programme()).clean
    assert (ask(indexes), ask(rules)) == before


def test_identifiers_are_nowhere_in_the_database(load: Import, rows_of: Ask) -> None:
    load(small_programme())
    everything = str([rows_of(table) for table in ("participants", "cards", "import_runs")])
    assert RINA in everything
    for person in small_programme()["participants"]:
        assert person["nik"] not in everything
        assert person["phone"][1:] not in everything
        assert person["email"] not in everything
    assert small_programme()["cards"][0]["number"] not in everything


BROKEN: dict[str, tuple[str, int, dict[str, str], str | None, str]] = {
    "unknown state": ("purchases", 1, {"state": "paid"}, "state", "bukan nilai yang dikenal"),
    "paid without invoice": ("purchases", 0, {"invoice_code": ""}, "state", "harus punya invoice_code"),
    "same invoice twice": ("purchases", 1, {"invoice_code": "TOKPED-RINA00000001"}, "invoice_code", "nilai yang sama"),
    "nobody's purchase": (
        "purchases",
        2,
        {"participant_id": "P9"},
        "participant_id",
        "merujuk ke baris yang tidak ada",
    ),
    "negative price": ("purchases", 0, {"price": "-1"}, "price", "bukan bilangan bulat mulai 0"),
    "price in words": ("offers", 0, {"price": "Rp300.000"}, "price", "bukan bilangan bulat"),
    "price beyond reason": ("offers", 0, {"price": "99999999999999999999"}, "price", "bukan bilangan bulat"),
    "time without zone": ("offers", 1, {"starts_at": "2020-08-25T09:00:00"}, "starts_at", "bukan waktu"),
    "captured twice": ("ledger_entries", 2, {"kind": "capture"}, "purchase_id, kind", "nilai yang sama"),
    "hold without purchase": ("ledger_entries", 5, {"purchase_id": ""}, "purchase_id", "tidak cocok"),
    "nothing granted": ("ledger_entries", 0, {"amount": "0"}, "amount", "bukan bilangan bulat mulai 1"),
    "short NIK": ("participants", 3, {"nik": "990101"}, "nik", "bukan 16 digit"),
    "same NIK twice": ("participants", 3, {"nik": "9901010190010001"}, "nik", "nilai yang sama"),
    "phone without country": ("participants", 0, {"phone": "840000001"}, "phone", "bukan nomor telepon"),
    "no name": ("participants", 0, {"name": ""}, "name", "kosong"),
    "yes for true": ("participants", 1, {"ktp_verified": "ya"}, "ktp_verified", "bukan true atau false"),
    "revoked without a day": ("cards", 1, {"status": "revoked"}, "revoked_at", "tanpa revoked_at"),
    "plain redeem code": ("purchases", 0, {"redeem_code_hash": "PRK-ABCDEF"}, "redeem_code_hash", "bukan SHA-256"),
    "ends before it begins": ("policies", 1, {"valid_to": "2020-01-01"}, "valid_to", "valid_to tidak sesudah"),
    "no such day": ("policies", 0, {"valid_from": "2020-02-30"}, "valid_from", "bukan tanggal"),
    "unknown partner": ("incentives", 0, {"partner_id": "gringotts"}, "partner_id", "merujuk"),
    "code before payment": (
        "purchases",
        1,
        {"redeem_code_hash": "ab" * 32},
        "redeem_code_hash",
        "padahal state belum punya kode",
    ),
    "redeemed before paid": (
        "purchases",
        0,
        {"redeemed_at": "2020-08-01T09:00:00+07:00"},
        "redeemed_at",
        "ditukar sebelum dibayar",
    ),
    "paid back to waiting": ("purchases", 0, {"state": "awaiting_payment"}, "state", "tidak bisa menyusul"),
    "alive after refund": ("purchases", 2, {"state": "code_issued"}, "state", "tidak bisa menyusul"),
    "another price once held": ("purchases", 1, {"price": "1"}, "price", "harga berubah"),
    "another buyer once captured": ("purchases", 0, {"participant_id": SITI}, "participant_id", "pembeli berubah"),
    "incentive back to waiting": (
        "incentives",
        1,
        {"status": "conditions_not_met"},
        "status",
        "tidak bisa menyusul",
    ),
    "NUL in a title": ("courses", 0, {"title": "Desain\x00"}, "title", "NUL"),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_a_broken_row_refuses_its_file_and_says_where_and_why(load_again: Import, kind: str) -> None:
    name, row, change, column, reason = BROKEN[kind]
    files = small_programme()
    files[name][row] |= change
    refused = load_again(files).file(f"{name}.csv")
    assert (refused.outcome, refused.rows, refused.new, refused.changed) == ("refused", 0, 0, 0)
    problem = refused.problems[0]
    assert reason in problem.reason
    assert problem.column == column
    assert problem.line in (row + 2, row + 3)
    assert problem.advice


ENTRIES: dict[str, tuple[list[dict[str, str]], str, str]] = {
    "spends more than there is": (
        [{"participant_id": LINA, "kind": "hold", "amount": "300000", "purchase_id": "B3"}],
        "amount",
        "kurang dari nol",
    ),
    "forfeits more than there is": (
        [{"participant_id": RINA, "kind": "forfeit", "amount": "700001", "purchase_id": ""}],
        "amount",
        "kurang dari nol",
    ),
    "refund without capture": (
        [{"participant_id": LINA, "kind": "refund", "amount": "300000", "purchase_id": "B3"}],
        "kind",
        "pengembalian tanpa potongan",
    ),
    "release without hold": (
        [{"participant_id": LINA, "kind": "release", "amount": "300000", "purchase_id": "B3"}],
        "kind",
        "pelepasan tanpa penahanan",
    ),
    "captured more than the price": (
        [{"participant_id": JOKO, "kind": "capture", "amount": "300001", "purchase_id": "B2"}],
        "amount",
        "tidak sama dengan harga",
    ),
    "captured from somebody else": (
        [{"participant_id": SITI, "kind": "capture", "amount": "300000", "purchase_id": "B2"}],
        "participant_id",
        "bukan peserta yang membeli",
    ),
    "captured twice, in two files": (
        [{"participant_id": RINA, "kind": "capture", "amount": "300000", "purchase_id": "B1"}],
        "purchase_id, kind",
        "sudah dipakai",
    ),
}


@pytest.mark.parametrize("kind", ENTRIES)
def test_money_that_does_not_agree_is_refused_at_its_line(load_again: Import, kind: str) -> None:
    more, column, reason = ENTRIES[kind]
    files = small_programme()
    old = files["ledger_entries"]
    # only what is new: the rest was loaded before
    files["ledger_entries"] = [{**old[0], "entry_id": f"L9{number}", **row} for number, row in enumerate(more)]
    refused = load_again(files).file("ledger_entries.csv")
    assert [(problem.line, problem.column) for problem in refused.problems] == [(2, column)]
    assert reason in refused.problems[0].reason


def test_a_refund_after_completion_is_refused(load: Import) -> None:
    files = small_programme()
    files["purchases"][0] |= {"state": "completed"}
    files["ledger_entries"].append({**files["ledger_entries"][3], "entry_id": "L9", "kind": "refund"})
    refused = load(files).file("ledger_entries.csv")
    assert [(problem.line, problem.reason) for problem in refused.problems] == [
        (8, "pengembalian untuk pelatihan yang sudah selesai")
    ]


def test_money_spent_before_and_given_back_in_this_file_may_be_spent_again(load: Import) -> None:
    files = small_programme()
    files["purchases"].append(
        files["purchases"][1] | {"purchase_id": "B9", "invoice_code": "TOKPED-JOKO00000002", "price": "1000000"}
    )
    load(files)
    hold, grant = files["ledger_entries"][5], files["ledger_entries"][4]
    files["ledger_entries"] += [
        {**hold, "entry_id": "L7", "kind": "release"},
        {**hold, "entry_id": "L8", "purchase_id": "B9", "amount": "1000000"},
    ]
    assert load(files).file("ledger_entries.csv").new == 2
    files["ledger_entries"].append({**grant, "entry_id": "L9", "kind": "forfeit", "amount": "1"})
    assert [problem.line for problem in load(files).file("ledger_entries.csv").problems] == [10]


def test_steps_between_two_imports_may_be_unseen(load: Import, ask: Ask) -> None:
    load(small_programme())
    files = small_programme()
    files["purchases"][1] |= {
        "state": "completed",
        "paid_at": "2020-08-23T09:00:00+07:00",
        "redeemed_at": "2020-08-24T09:00:00+07:00",
    }
    assert load(files).clean
    assert ask("SELECT state FROM programme.purchases WHERE id = 'B2'") == [("completed",)]


def test_good_rows_beside_a_broken_one_are_not_loaded_either(load: Import, rows_of: Ask) -> None:
    files = small_programme()
    files["offers"][3]["price"] = "gratis"
    load(files)
    assert rows_of("offers") == []
    assert len(rows_of("courses")) == 4


def test_every_problem_of_a_row_is_named_once_and_no_value_is_repeated(load: Import) -> None:
    files = small_programme()
    files["participants"][0] |= {"nik": "990101019001", "phone": "812-3456-7890", "education": "9901010190010001"}
    refused = load(files).file("participants.csv")
    assert [problem.column for problem in refused.problems] == ["nik", "phone", "education"]
    said = " ".join(load(files).lines())
    assert not any(value in said for value in ("990101019001", "3456", "9901010190010001"))


def test_a_refused_parent_is_named_once_for_all_its_children(load: Import) -> None:
    files = small_programme()
    files["participants"][0]["account_status"] = "aktif"
    report = load(files)
    cards = report.file("cards.csv")
    assert (cards.outcome, cards.problem_count, len(cards.problems)) == ("refused", 4, 1)
    assert "participants.csv yang tidak dimuat" in cards.problems[0].reason
    assert not [line for line in report.lines() if "masalah lain" in line]
    assert report.file("offers.csv").outcome == "loaded"


def test_an_absent_file_is_reported_and_what_was_loaded_stays(load: Import, ask: Ask) -> None:
    load(small_programme())
    files = small_programme()
    del files["incentives"]
    report = load(files)
    assert report.file("incentives.csv").outcome == "absent"
    assert ask("SELECT count(*) FROM programme.incentives") == [(2,)]
    assert "tidak ada di folder" in " ".join(report.lines())


def test_a_ledger_entry_that_says_something_else_than_before_is_refused(load: Import, ask: Ask) -> None:
    load(small_programme())
    files = small_programme()
    files["ledger_entries"][0]["amount"] = "3550000"
    refused = load(files).file("ledger_entries.csv")
    assert [problem.line for problem in refused.problems] == [2]
    assert ask("SELECT amount FROM programme.ledger_entries WHERE id = 'L1'") == [(1_000_000,)]


def test_thousands_of_problems_are_counted_and_the_first_shown(load: Import) -> None:
    files = small_programme()
    files["waves"] = [{**files["waves"][0], "wave": "lima"} for _ in range(3_000)]
    refused = load(files).file("waves.csv")
    assert (refused.problem_count, len(refused.problems)) == (3_000, 3_000)
    assert f"dan {3_000 - SHOWN_PROBLEMS} masalah lain" in " ".join(load(files).lines())


FILES: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "kolom tidak ada"),
    "semicolons": (b"key;value;valid_from\nx;1;2020-01-01\n", "kolom tidak ada"),
    "column twice": (b"key,key,value,valid_from,valid_to,source,as_of,note\n", "kolom muncul dua kali"),
    "broken UTF-8": ("key,value,valid_from,valid_to,source,as_of,note\né,1".encode() + b"\xe9\n", "bukan teks"),
    "open quote": (
        b'key,value,valid_from,valid_to,source,as_of,note\n"x,1,2020-01-01,,uji,2020-01-01,\n',
        "CSV yang utuh",
    ),
    "too few cells": (b"key,value,valid_from,valid_to,source,as_of,note\nx,1\n", "2 kolom, seharusnya 7"),
    "binary": (bytes(range(256)) * 40, "bukan teks"),
}


@pytest.mark.parametrize("kind", FILES)
def test_a_file_that_is_not_the_agreed_csv_is_refused(
    tmp_path: Path, kind: str, programme_url: str, clock: Clock, data_key: str
) -> None:
    content, reason = FILES[kind]
    (tmp_path / "policies.csv").write_bytes(content)
    refused = import_folder(programme_url, tmp_path, clock, data_key).file("policies.csv")
    assert refused.outcome == "refused"
    assert any(reason in problem.reason for problem in refused.problems)


def test_other_columns_other_order_blank_lines_and_a_mark_of_bytes_are_no_trouble(
    tmp_path: Path, database_url: str, clock: Clock, data_key: str
) -> None:
    folder = write_folder(tmp_path / "strange", small_programme())
    header = "note,as_of,source,valid_to,valid_from,value,key,baru"
    said = f'{header}\r\n\r\n,2020-08-24,"uji, dua",,2020-04-11,4,incentive_count,x\r\n'
    (folder / "policies.csv").write_text(said, encoding="utf-8-sig", newline="")
    assert import_folder(database_url, folder, clock, data_key).file("policies.csv").rows == 1


def test_progress_is_told_file_by_file_up_to_the_last_row(
    tmp_path: Path, database_url: str, clock: Clock, data_key: str
) -> None:
    files = small_programme()
    files["waves"] = [{**files["waves"][0], "wave": str(number)} for number in range(1, 1_201)]
    told: list[tuple[str, int, int]] = []
    folder = write_folder(tmp_path / "told", files)
    import_folder(database_url, folder, clock, data_key, lambda *step: told.append(step))
    assert [step for step in told if step[0] == "waves.csv"] == [
        ("waves.csv", done, 1_200) for done in (0, 500, 1_000, 1_200)
    ]


def test_an_interrupted_import_leaves_no_trace(
    ask: Ask, tmp_path: Path, database_url: str, clock: Clock, data_key: str
) -> None:
    def interrupt(file: str, done: int, total: int) -> None:
        if file == "purchases.csv":
            raise KeyboardInterrupt

    folder = write_folder(tmp_path / "folder", small_programme())
    with pytest.raises(KeyboardInterrupt):
        import_folder(database_url, folder, clock, data_key, interrupt)
    assert ask("SELECT count(*) FROM programme.participants") == [(0,)]
    assert import_folder(database_url, folder, clock, data_key).clean


def test_a_second_import_at_the_same_time_is_turned_away(
    tmp_path: Path, database_url: str, clock: Clock, data_key: str
) -> None:
    folder = write_folder(tmp_path / "folder", small_programme())

    def again(file: str, done: int, total: int) -> None:
        with pytest.raises(CannotImport, match="sedang berjalan"):
            import_folder(database_url, folder, clock, data_key)

    assert import_folder(database_url, folder, clock, data_key, again).clean


def test_no_folder_and_no_database_are_said_plainly(
    tmp_path: Path, database_url: str, clock: Clock, data_key: str
) -> None:
    with pytest.raises(CannotImport, match="tidak ada"):
        import_folder(database_url, tmp_path / "nirgendwo", clock, data_key)
    with pytest.raises(CannotImport, match="tidak menjawab"):
        import_folder("postgresql+psycopg://postgres@/x?host=/nowhere", tmp_path, clock, data_key)


def test_a_database_without_our_tables_is_said_plainly(
    tmp_path: Path, postgres: EmbeddedPostgres, clock: Clock, data_key: str
) -> None:
    folder = write_folder(tmp_path / "folder", small_programme())
    with pytest.raises(CannotImport, match="belum ada atau lebih lama"):
        import_folder(postgres.url("postgres"), folder, clock, data_key)


def test_the_report_of_an_import_is_kept(load: Import, ask: Ask) -> None:
    files = small_programme()
    files["waves"][0]["wave"] = "0"
    report = load(files)
    ((run_id, kept),) = ask("SELECT id, report FROM programme.import_runs")
    assert run_id == report.run_id
    assert isinstance(kept, dict)
    outcomes = {file["file"]: file["outcome"] for file in kept["files"]}
    assert (outcomes["waves.csv"], outcomes["cards.csv"]) == ("refused", "loaded")


def test_nobody_else_is_touched_by_a_refused_file(load: Import, ask: Ask) -> None:
    files = small_programme()
    files["incentives"][0]["kind"] = "bonus"
    load(files)
    assert ask("SELECT file FROM programme.loaded_files WHERE file IN ('incentives', 'cards')") == [("cards",)]
    assert ask("SELECT count(*) FROM programme.cards") == [(4,)]
