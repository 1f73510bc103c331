"""What an import refuses: the whole file, with reasons that name line, column and way out."""

from pathlib import Path

import pytest

from records.clock import Clock
from registry.importing import import_folder
from registry.importing.report import SHOWN_PROBLEMS
from tests.registry.conftest import Ask, Import
from tests.registry.handed_over import JOKO, LINA, RINA, SITI, small_programme

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


def test_nobody_else_is_touched_by_a_refused_file(load: Import, ask: Ask) -> None:
    files = small_programme()
    files["incentives"][0]["kind"] = "bonus"
    load(files)
    assert ask("SELECT file FROM programme.loaded_files WHERE file IN ('incentives', 'cards')") == [("cards",)]
    assert ask("SELECT count(*) FROM programme.cards") == [(4,)]
