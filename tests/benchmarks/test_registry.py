"""The benchmark's country: an import accepts it, every question finds somebody, no large table is read whole."""

from datetime import UTC, datetime
from pathlib import Path

import psycopg

from benchmarks.registry_data import NAMED, write_programme
from benchmarks.registry_import import DATA_KEY
from benchmarks.registry_questions import ASKED, read_whole
from records.database import Database
from registry.identifiers import Keyed
from registry.importing import import_folder
from registry.interface import Known
from registry.own_tables import OwnTables
from tests.registry.conftest import PATIENT

NOW = datetime(2020, 8, 24, 3, tzinfo=UTC)
CROWD = 300
TABLES = ("participants", "cards", "wave_applications", "purchases", "ledger_entries", "incentives", "payout_accounts")


async def test_the_crowd_is_accepted_and_found(database_url: str, database: Database, tmp_path: Path) -> None:
    folder = write_programme(tmp_path, NAMED + CROWD)
    report = import_folder(database_url, folder, lambda: NOW, DATA_KEY)
    assert report.clean, report.lines()
    registry = OwnTables(database, lambda: NOW, Keyed(DATA_KEY), PATIENT)
    # of somebody who has everything: a payout account and an incentive, and a NIK that ends as asked
    everything = NAMED + 100
    rare = {"participants_by_nik_last4", "of_a_check"}
    for name, ask in ASKED.items():
        if name not in rare:
            assert isinstance(await ask(registry, everything), Known), name


def test_a_question_that_reads_a_large_table_whole_would_be_named(database_url: str, tmp_path: Path) -> None:
    import_folder(database_url, write_programme(tmp_path, NAMED + CROWD), lambda: NOW, DATA_KEY)
    with psycopg.connect(database_url.replace("+psycopg", "")) as connection:
        # as if there were many
        connection.execute(
            "UPDATE pg_class SET reltuples = 1e6 WHERE relnamespace = 'programme'::regnamespace AND relname = ANY(%s)",
            (list(TABLES),),
        )
    assert read_whole(database_url) == set()
    with psycopg.connect(database_url.replace("+psycopg", "")) as connection:
        connection.execute("DROP INDEX programme.ix_participants_phone_hash")
    assert "BY_PHONE: participants" in read_whole(database_url)
