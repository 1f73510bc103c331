"""One contract over both sources: what became of a payment. A source that fails was not asked; it never says no."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from sqlalchemy import text

from records.clock import Clock
from records.database import Database
from registry.identifiers import Keyed
from registry.importing import import_folder
from registry.interface import Absent, CouldNotAsk, Known, Registry
from registry.own_tables import OwnTables
from tests.conftest import OPENING
from tests.registry.conftest import OpenApi
from tests.registry.handed_over import PAID, UNPAID, VOIDED, small_programme, write_folder
from tests.registry.programme_server import ProgrammeServer, error, payment


@pytest.fixture(params=["tables", "api"])
def source(request: pytest.FixtureRequest, filled: OwnTables, open_api: OpenApi) -> Registry:
    return filled if request.param == "tables" else open_api(ProgrammeServer())


async def test_a_paid_invoice_is_known_with_its_amount_and_age(source: Registry) -> None:
    answer = await source.payment_status(PAID)
    assert isinstance(answer, Known)
    assert (answer.value.status, answer.value.amount, answer.as_of) == ("SUCCESS", 300_000, OPENING)
    assert answer.value.created_at == datetime(2020, 8, 23, 1, 11, tzinfo=UTC)


async def test_a_refunded_invoice_is_void(source: Registry) -> None:
    answer = await source.payment_status(VOIDED)
    assert isinstance(answer, Known)
    assert answer.value.status == "VOID"


@pytest.mark.parametrize("invoice", [UNPAID, "TOKPED-NOBODY", "", "'; DROP TABLE x; --", "💸" * 50])
async def test_an_invoice_never_paid_is_absent(source: Registry, invoice: str) -> None:
    assert isinstance(await source.payment_status(invoice), Absent)


API_FAILURES: dict[str, Callable[[], httpx.Response | Exception]] = {
    "HTTP 500": lambda: httpx.Response(500, text="Internal Server Error"),
    "HTTP 503": lambda: httpx.Response(503, html="<html>maintenance</html>"),
    "HTTP 429": lambda: error(429, "ERRGEN42900", "too many"),
    "tidak menjawab tepat waktu": lambda: httpx.ReadTimeout("late"),
    "tidak tersambung (ConnectError)": lambda: httpx.ConnectError("refused"),
    "tidak tersambung (RemoteProtocolError)": lambda: httpx.RemoteProtocolError("closed without answer"),
}
API_NONSENSE = {
    "a page": httpx.Response(200, html="<html>Selamat datang</html>"),
    "cut JSON": httpx.Response(200, text='{"success":true,"data":{"invo'),
    "a list": httpx.Response(200, json=[]),
    "no data": httpx.Response(200, json={"success": True, "message": "ok"}),
    "no success": httpx.Response(200, json={"success": False, "data": {"status": "SUCCESS"}}),
    "a redirect": httpx.Response(302, headers={"location": "http://127.0.0.1:1/login"}),
    "another invoice": payment(invoice_code="TOKPED-OTHER"),
    "an unknown status": payment(status="PENDING"),
    "no amount": payment(amount=None),
    "a negative amount": payment(amount=-5),
    "a page not found": httpx.Response(404, json={"message": "not found"}),
    "unknown client": error(401, "ERRAUT40001", "Client tidak ditemukan"),
    "an unknown error": error(400, "ERRPLT49999", "Terjadi kesalahan"),
    "not found without a code": httpx.Response(400, json={"message": "not found"}),
}


@pytest.mark.parametrize("reason", API_FAILURES)
async def test_an_api_that_fails_was_not_asked(open_api: OpenApi, reason: str) -> None:
    answer = await open_api(ProgrammeServer(*(API_FAILURES[reason]() for _ in range(20)))).payment_status(PAID)
    assert isinstance(answer, CouldNotAsk)
    assert reason in answer.reason


@pytest.mark.parametrize("kind", API_NONSENSE)
async def test_an_api_that_speaks_nonsense_was_not_asked(open_api: OpenApi, kind: str) -> None:
    answer = await open_api(ProgrammeServer(API_NONSENSE[kind])).payment_status(PAID)
    assert isinstance(answer, CouldNotAsk)


async def test_a_wrong_signature_is_no_answer_and_names_the_code(open_api: OpenApi) -> None:
    answer = await open_api(ProgrammeServer(), sign_key="another key").payment_status("TOKPED-NOBODY")
    assert isinstance(answer, CouldNotAsk)
    assert "ERRAUT40002" in answer.reason


async def test_a_database_that_is_away_was_not_asked(clock: Clock, data_key: str) -> None:
    away = Database("postgresql+psycopg://postgres@/nothing?host=/nowhere")
    answer = await OwnTables(away, clock, Keyed(data_key)).payment_status(PAID)
    assert isinstance(answer, CouldNotAsk)
    assert "tidak bisa ditanya" in answer.reason


async def test_a_database_that_hangs_was_not_asked(
    filled: OwnTables, programme: Database, clock: Clock, data_key: str
) -> None:
    hurried = OwnTables(programme, clock, Keyed(data_key), timedelta(milliseconds=150))
    async with programme.write() as blocking:
        await blocking.execute(text("LOCK TABLE programme.purchases IN ACCESS EXCLUSIVE MODE"))
        answers = await asyncio.gather(*(hurried.payment_status(PAID) for _ in range(3)))
    assert all(isinstance(answer, CouldNotAsk) and answer.took_ms < 15_000 for answer in answers)
    assert "tidak menjawab dalam 0.15 detik" in str(answers[0])
    assert isinstance(await filled.payment_status(PAID), Known)


async def test_a_database_that_hangs_while_the_catalogue_is_searched_was_not_asked(
    filled: OwnTables, programme: Database, clock: Clock, data_key: str
) -> None:
    hurried = OwnTables(programme, clock, Keyed(data_key), timedelta(milliseconds=150))
    async with programme.write() as blocking:
        await blocking.execute(text("LOCK TABLE programme.courses IN ACCESS EXCLUSIVE MODE"))
        assert isinstance(await hurried.courses("Desain Grafis Dasar"), CouldNotAsk)
    assert isinstance(await filled.courses("Desain Grafis Dasar"), Known)


async def test_tables_that_were_never_imported_were_not_asked(tables: OwnTables) -> None:
    answer = await tables.payment_status(PAID)
    assert isinstance(answer, CouldNotAsk)
    assert "purchases.csv belum pernah diimpor" in answer.reason


async def test_tables_that_were_imported_without_purchases_cannot_say_there_is_none(
    tables: OwnTables, database_url: str, clock: Clock, data_key: str, tmp_path: Path
) -> None:
    files = small_programme()
    del files["purchases"], files["ledger_entries"]
    import_folder(database_url, write_folder(tmp_path / "programme", files), clock, data_key)
    assert isinstance(await tables.participant("P000001"), Known)
    assert isinstance(await tables.purchases("P000001"), CouldNotAsk)
    assert isinstance(await tables.card("P000001"), CouldNotAsk)
    assert isinstance(await tables.incentives("P000001"), Absent)
