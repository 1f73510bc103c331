"""Importing a folder: whole, twice the same, changed, over some time, and one at a time."""

from pathlib import Path

import pytest

from records.clock import Clock
from records.embedded import EmbeddedPostgres
from registry.importing import CannotImport, import_folder
from tests.conftest import OPENING
from tests.registry.conftest import Ask, Import
from tests.registry.handed_over import RINA, small_programme, write_folder


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


def test_an_absent_file_is_reported_and_what_was_loaded_stays(load: Import, ask: Ask) -> None:
    load(small_programme())
    files = small_programme()
    del files["incentives"]
    report = load(files)
    assert report.file("incentives.csv").outcome == "absent"
    assert ask("SELECT count(*) FROM programme.incentives") == [(2,)]
    assert "tidak ada di folder" in " ".join(report.lines())


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


def test_a_province_is_kept_and_stays_where_a_later_file_has_no_such_column(load: Import, ask: Ask) -> None:
    with_provinces = small_programme()
    for person, number in zip(with_provinces["participants"], ("32", "", "94", "11"), strict=True):
        person["province"] = number
    assert load(with_provinces).clean
    assert load(small_programme()).file("participants.csv").changed == 0
    assert ask("SELECT province FROM programme.participants ORDER BY id") == [("32",), (None,), ("94",), ("11",)]
    with_provinces["participants"][1]["province"] = "01"
    (problem,) = load(with_provinces).file("participants.csv").problems
    assert (problem.column, problem.reason) == ("province", "bukan nomor provinsi")
