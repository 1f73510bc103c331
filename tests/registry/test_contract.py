"""One contract over both sources: the same people and facts, imported into own tables and served by the programme.

The rehearsal's programme goes the way an office's files go, and the simulated programme answers on a real port. Where
a source offers a question, its answer is of the same kind and says the same; where it does not, it was not asked. A
source that fails was not asked either, whatever the question: it never says no.
"""

import asyncio
import inspect
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
from psycopg import sql
from pydantic import SecretStr
from sqlalchemy import text

from records.clock import Clock
from records.database import Database
from records.embedded import EmbeddedPostgres
from registry.both import BothSources
from registry.breaker import Breaker
from registry.facts import PaymentStatus, Quota, RedeemStatus
from registry.identifiers import Keyed
from registry.importing import import_folder
from registry.interface import Absent, CouldNotAsk, Known, Registry
from registry.own_tables import OwnTables
from registry.partner_line import Partner, PartnerLine
from registry.programme_api import ProgrammeApi
from simulator.app import build
from simulator.faults import Fault, FaultBoard
from simulator.programme.generate import generate
from simulator.programme.tables import read_table
from simulator.settings import SimulatorSettings
from tests.conftest import OPENING
from tests.registry.conftest import PATIENT
from tests.simulator.serving import serving

# starts the simulator anew for many scenes: too long for the quick part
pytestmark = pytest.mark.stack

CLIENT_CODE, SIGN_KEY = "helpdesk", "uji-sign-key"
TODAY = date(2020, 8, 24)
LIMIT = timedelta(seconds=60)
HURRIED = timedelta(milliseconds=250)
IN_TIME = 20.0
"""Far more seconds than a busy machine needs to see that the hurried limit is over, and no waiting for ever."""
type Rows = list[dict[str, str]]
type Ask = Callable[[Registry], Awaitable[Any]]

QUESTIONS: dict[str, Ask] = {
    "participant": lambda it: it.participant("P000004"),
    "participants_by_phone": lambda it: it.participants_by_phone("+6284000000004"),
    "participants_by_phone_hash": lambda it: it.participants_by_phone_hash("0" * 64),
    "participants_by_nik_last4": lambda it: it.participants_by_nik_last4(("P000004",), "0001"),
    "wave_applications": lambda it: it.wave_applications("P000004"),
    "wave": lambda it: it.wave(4),
    "waves": lambda it: it.waves(TODAY),
    "card": lambda it: it.card("P000004"),
    "ledger": lambda it: it.ledger("P000004"),
    "purchases": lambda it: it.purchases("P000004"),
    "payment_status": lambda it: it.payment_status("TOKPED-NOBODY"),
    "redeem_status": lambda it: it.redeem_status("PRKNOBODY000"),
    "quota": lambda it: it.quota("K1", "JDW-NONE"),
    "courses": lambda it: it.courses("Desain Grafis Dasar"),
    "organisations": lambda it: it.organisations("platform", TODAY),
    "organisation_roles": lambda it: it.organisation_roles("tokopedia"),
    "payment_partners": lambda it: it.payment_partners(TODAY),
    "incentives": lambda it: it.incentives("P000004"),
    "payout_account": lambda it: it.payout_account("P000004"),
    "policy": lambda it: it.policy("first_purchase_days", TODAY),
}
OFFERED_BY_THE_API = ("payment_status", "redeem_status", "quota")


def test_every_question_of_the_interface_is_in_the_contract() -> None:
    asked = {name for name, _ in inspect.getmembers(Registry, inspect.isfunction) if not name.startswith("_")}
    assert asked == set(QUESTIONS)


@dataclass(frozen=True)
class Programme:
    """The programme as it was handed over, and what its own API knows beside that."""

    folder: Path
    purchases: Rows
    offers: Rows
    codes: dict[str, str]
    """The redeem code of an invoice, which no table holds."""
    joko: str
    """The invoice that a platform calls paid and the programme does not know."""

    def of_state(self, state: str) -> dict[str, str]:
        """Return the first purchase in a state."""
        return next(row for row in self.purchases if row["state"] == state)

    def code(self, *states: str) -> str:
        """Return the code of the first purchase in one of these states that has one."""
        owned = (self.codes.get(row["invoice_code"]) for row in self.purchases if row["state"] in states)
        return next(code for code in owned if code)


@pytest.fixture(scope="session")
def handed_over(tmp_path_factory: pytest.TempPathFactory) -> Programme:
    """The rehearsal's programme, small."""
    folder = tmp_path_factory.mktemp("contract")
    generate(folder, participants=400)
    tables = {name: read_table(folder, name) for name in TABLES}
    people = {row["key"]: row["participant_id"] for row in json.loads((folder / "people.json").read_text())}
    joko = next(row for row in tables["purchases"] if row["participant_id"] == people["joko"])
    codes = {row["invoice_code"]: row["redeem_code"] for row in tables["api_payments"]}
    return Programme(folder, tables["purchases"], tables["offers"], codes, joko["invoice_code"])


TABLES = ("purchases", "offers", "api_payments")


@pytest.fixture(scope="session")
def contract_url(postgres: EmbeddedPostgres, handed_over: Programme, worker_id: str, data_key: str) -> str:
    """A database into which that programme was imported."""
    name = f"contract_{worker_id}"
    with psycopg.connect(postgres.url("postgres").replace("+psycopg", ""), autocommit=True) as connection:
        create = sql.SQL("CREATE DATABASE {} TEMPLATE template STRATEGY file_copy")
        connection.execute(create.format(sql.Identifier(name)))
    report = import_folder(postgres.url(name), handed_over.folder, lambda: OPENING, data_key)
    assert [line for file in report.files for line in file.problems] == []
    return postgres.url(name)


@dataclass(frozen=True)
class House:
    """Both sources over the same programme, and the switches of the one that is simulated."""

    tables: OwnTables
    api: ProgrammeApi
    board: FaultBoard
    database: Database
    url: str

    def named(self, source: str) -> Registry:
        """Return a source by its name."""
        both = BothSources(self.tables, self.api)
        return {"tables": self.tables, "api": self.api, "both": both}[source]  # type: ignore[return-value]


@pytest.fixture
async def house(
    handed_over: Programme, contract_url: str, clock: Clock, data_key: str, tmp_path: Path
) -> AsyncIterator[House]:
    """The house over the programme served on loopback; its own journal, so that nothing moves for others."""
    for path in handed_over.folder.iterdir():
        (tmp_path / path.name).symlink_to(path)
    settings = SimulatorSettings(
        data=tmp_path,
        client_code=CLIENT_CODE,
        sign_key=SecretStr(SIGN_KEY),
        telegram_token=SecretStr("-"),
        whatsapp_token=SecretStr("-"),
        whatsapp_app_secret=SecretStr("-"),
        whatsapp_verify_token=SecretStr("-"),
    )
    simulator = build(settings, clock=clock)
    database = Database(contract_url, pool_size=5)
    async with serving(simulator.app) as url, httpx.AsyncClient() as client:
        api = ProgrammeApi(line(url, client, limit=LIMIT), clock)
        yield House(OwnTables(database, clock, Keyed(data_key), PATIENT), api, simulator.board, database, url)
    await database.close()


def line(url: str, client: httpx.AsyncClient, *, limit: timedelta, sign_key: str = SIGN_KEY) -> PartnerLine:
    partner = Partner(f"{url}/programme", CLIENT_CODE, sign_key, limit, limit / 2)
    return PartnerLine(partner, client, Breaker(failures=1_000))


@pytest.fixture(params=["tables", "api", "both"])
def source(request: pytest.FixtureRequest, house: House) -> Registry:
    return house.named(request.param)


def value(answer: Any) -> Any:
    assert isinstance(answer, Known), answer
    return answer.value


PAID = ("paid_without_code", "code_issued", "redeemed", "in_progress", "completed", "code_expired")
VOID = ("cancelling", "refunded")
USED = ("redeemed", "in_progress", "completed")
UNPAID = ("awaiting_payment", "failed", "expired")


async def test_a_payment_that_was_taken_is_known_with_its_amount_and_time(
    source: Registry, handed_over: Programme
) -> None:
    for state in (*PAID, *VOID):
        bought = handed_over.of_state(state)
        said: PaymentStatus = value(await source.payment_status(bought["invoice_code"]))
        assert (said.status, said.amount) == ("VOID" if state in VOID else "SUCCESS", int(bought["price"])), state
        assert said.created_at == datetime.fromisoformat(bought["paid_at"])


async def test_a_payment_that_was_never_taken_is_absent(source: Registry, handed_over: Programme) -> None:
    for state in UNPAID:
        assert isinstance(await source.payment_status(handed_over.of_state(state)["invoice_code"]), Absent), state


async def test_what_only_the_platform_calls_paid_is_absent(source: Registry, handed_over: Programme) -> None:
    assert isinstance(await source.payment_status(handed_over.joko), Absent)


@pytest.mark.parametrize("invoice", ["TOKPED-NOBODY", "'; DROP TABLE x; --", "💸" * 50])
async def test_an_invoice_of_nobody_is_absent(source: Registry, invoice: str) -> None:
    assert isinstance(await source.payment_status(invoice), Absent)


@pytest.mark.parametrize("sequence", [1, 999])
async def test_a_code_tells_the_same_of_its_class(
    source: Registry, house: House, handed_over: Programme, sequence: int
) -> None:
    for state in ("code_issued", "code_expired", *USED):
        said: RedeemStatus = value(await source.redeem_status(handed_over.code(state), sequence))
        assert said.used == (state in USED), state
        assert said == value(await house.tables.redeem_status(handed_over.code(state), sequence))


async def test_the_code_of_a_cancelled_transaction_is_refused(
    source: Registry, house: House, handed_over: Programme
) -> None:
    said = value(await source.redeem_status(handed_over.code("refunded", "cancelling")))
    assert (said.refusal, said.used) == ("transaction_cancelled", False)
    # the bare refusal of the API names no order; together with the tables it is known whose it is
    assert (said.invoice_code is None) == (source is house.api)


@pytest.mark.parametrize("code", ["PRKNOBODY000", "PRAT-123456", "💸"])
async def test_a_code_of_nobody_is_absent(source: Registry, code: str) -> None:
    assert isinstance(await source.redeem_status(code), Absent)


async def test_a_session_that_cannot_be_was_not_asked(source: Registry, handed_over: Programme) -> None:
    for sequence in (0, 11, -1):
        assert isinstance(await source.redeem_status(handed_over.code("code_issued"), sequence), CouldNotAsk)


async def test_the_seats_of_a_schedule_are_the_same(source: Registry, handed_over: Programme) -> None:
    for offer in handed_over.offers[:20]:
        said: Quota = value(await source.quota(offer["course_id"], offer["schedule_code"]))
        assert said.left == int(offer["quota"])


@pytest.mark.parametrize("codes", [("K-NONE", "JDW-NONE"), ("", ""), ("K-NONE", "")])
async def test_a_schedule_that_does_not_exist_is_absent(source: Registry, codes: tuple[str, str]) -> None:
    assert isinstance(await source.quota(*codes), Absent)


async def test_what_the_tables_alone_offer_is_answered_by_both_and_not_asked_of_the_api(house: House) -> None:
    for question in set(QUESTIONS) - set(OFFERED_BY_THE_API):
        ask = QUESTIONS[question]
        tables, both, api = [await ask(house.named(name)) for name in ("tables", "both", "api")]
        assert not isinstance(tables, CouldNotAsk), question
        assert replace(tables, took_ms=0.0) == replace(both, took_ms=0.0)
        assert isinstance(api, CouldNotAsk)
        assert not api.offered


BROKEN = {
    "refuses": Fault(target="programme", kind="refuse"),
    "is slow": Fault(target="programme", kind="delay", seconds=1),
    "limits": Fault(target="programme", kind="limit"),
    "errs": Fault(target="programme", kind="error", status=500),
    "is behind a broken proxy": Fault(target="programme", kind="error", status=502, description="<html>Bad</html>"),
    "says its page is not found": Fault(target="programme", kind="error", status=404, description="<html>?</html>"),
    "errs on our question": Fault(target="programme", kind="error", status=400, code="ERRPLT49999"),
}


@pytest.mark.parametrize("how", BROKEN)
async def test_an_api_that_fails_was_not_asked_and_says_so_in_time(house: House, clock: Clock, how: str) -> None:
    house.board.switch_on(BROKEN[how])
    async with httpx.AsyncClient() as client:
        await _was_not_asked(ProgrammeApi(line(house.url, client, limit=HURRIED), clock), house)


async def test_an_api_that_is_away_or_knows_another_key_was_not_asked(house: House, clock: Clock) -> None:
    async with httpx.AsyncClient() as client:
        away = ProgrammeApi(line("http://127.0.0.1:1", client, limit=HURRIED), clock)
        await _was_not_asked(away, house)
        stranger = ProgrammeApi(line(house.url, client, limit=LIMIT, sign_key="another"), clock)
        await _was_not_asked(stranger, house)


@pytest.mark.parametrize("body", ["", "<html>Selamat datang</html>", "[]", '{"success":true,"data":{"status":"VOID"}}'])
async def test_an_api_that_speaks_garbage_was_not_asked(house: House, clock: Clock, body: str) -> None:
    transport = httpx.MockTransport(lambda _: httpx.Response(200, text=body))
    async with httpx.AsyncClient(transport=transport) as client:
        await _was_not_asked(ProgrammeApi(line(house.url, client, limit=LIMIT), clock), house)


async def _was_not_asked(api: ProgrammeApi, house: House) -> None:
    """The API could not be asked; with both, that stands, and the tables' own answer beside it."""
    for question in OFFERED_BY_THE_API:
        began = time.monotonic()
        alone = await QUESTIONS[question](api)
        assert time.monotonic() - began < IN_TIME
        assert isinstance(alone, CouldNotAsk), question
        assert alone.offered
        both = await QUESTIONS[question](BothSources(house.tables, api))
        assert isinstance(both, CouldNotAsk), question
        assert isinstance(both.last_known, Absent)
        assert both.last_known.source != both.source


@pytest.fixture
def stuck(contract_url: str) -> Iterator[None]:
    """Somebody holds every table of the programme."""
    held = sql.SQL("LOCK TABLE {} IN ACCESS EXCLUSIVE MODE")
    with psycopg.connect(contract_url.replace("+psycopg", "")) as connection:
        named = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'programme'").fetchall()
        for (name,) in named:
            connection.execute(held.format(sql.Identifier("programme", name)))
        yield
        connection.rollback()


@pytest.mark.usefixtures("stuck")
async def test_tables_that_hang_were_not_asked_whatever_the_question(house: House, clock: Clock, data_key: str) -> None:
    hurried = OwnTables(house.database, clock, Keyed(data_key), HURRIED)
    for question, ask in QUESTIONS.items():
        began = time.monotonic()
        assert isinstance(await ask(hurried), CouldNotAsk), question
        assert time.monotonic() - began < IN_TIME


async def test_tables_that_are_away_were_not_asked_whatever_the_question(clock: Clock, data_key: str) -> None:
    away = OwnTables(Database("postgresql+psycopg://postgres@/nothing?host=/nowhere"), clock, Keyed(data_key))
    answers = await asyncio.gather(*(ask(away) for ask in QUESTIONS.values()))
    assert [isinstance(answer, CouldNotAsk) for answer in answers] == [True] * len(QUESTIONS)


async def test_tables_that_were_never_filled_were_not_asked_whatever_the_question(
    database: Database, clock: Clock, data_key: str
) -> None:
    empty = OwnTables(database, clock, Keyed(data_key))
    for question, ask in QUESTIONS.items():
        assert isinstance(await ask(empty), CouldNotAsk), question


async def test_an_api_that_is_not_set_up_was_not_asked(house: House, clock: Clock) -> None:
    for question in OFFERED_BY_THE_API:
        answer = await QUESTIONS[question](ProgrammeApi(None, clock))
        assert isinstance(answer, CouldNotAsk)
        assert not answer.offered
    async with house.database.read() as session:
        assert await session.scalar(text("SELECT count(*) FROM programme.purchases"))
