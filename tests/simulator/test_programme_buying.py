"""A simulated platform buys: the OTP, the payment, its cancelling, and a code that can be used once."""

import csv
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from simulator.app import build
from simulator.programme.signature import sign
from simulator.settings import SimulatorSettings
from tests.simulator.conftest import Door, Hands

PREFIX = "/api/v1/integration/"
SITI, INVOICE = "P000001", "TOKPED-ABCDEFGHJKLMN"
type Ask = Callable[..., Any]


async def call(http: httpx.AsyncClient, path: str, body: Any, token: str = "", *, signed: bool = False) -> Any:
    raw, timestamp = json.dumps(body).encode(), str(int(time.time()))
    authorization = f"Payment {token}"
    signature = sign("sign-key", "helpdesk", timestamp, "POST", PREFIX + path, raw, authorization if signed else "")
    headers = {"client_code": "helpdesk", "timestamp": timestamp, "signature": signature}
    headers |= {"content-type": "application/json"} | ({"authorization": authorization} if token else {})
    return (await http.post(f"/programme{PREFIX}{path}", content=raw, headers=headers)).json()


@pytest.fixture
def ask(http: httpx.AsyncClient) -> Ask:
    async def asked(path: str, body: Any, token: str = "") -> Any:
        return await call(http, path, body, token)

    return asked


@pytest.fixture
def order(programme: Path) -> dict[str, Any]:
    """A self-paced class with seats that anybody may buy."""
    with (programme / "courses.csv").open() as file:
        plain = {row["course_id"] for row in csv.DictReader(file) if not row["min_age"] and not row["min_education"]}
    with (programme / "offers.csv").open() as file:
        offer = next(
            row
            for row in csv.DictReader(file)
            if row["course_id"] in plain and not row["starts_at"] and int(row["quota"]) > 1
        )
    codes = {"course_code": offer["course_id"], "schedule_code": offer["schedule_code"]}
    return codes | {"prakerja_id": SITI, "user_platform_id": "siti-77", "amount": int(offer["price"])}


async def buy(http: httpx.AsyncClient, ask: Ask, order: dict[str, Any]) -> Any:
    token = (await ask("payment/send-otp", order))["data"]["payment_token"]
    (sms,) = (await http.get("/control/sms")).json()
    paid = {"otp": sms["otp"], "invoice_url": "https://toko.example/1", "invoice_code": INVOICE}
    return token, paid, await ask("payment/authorize", paid, token)


async def test_a_payment_exists_from_its_authorisation_on_and_takes_a_seat(
    http: httpx.AsyncClient, ask: Ask, order: dict[str, Any]
) -> None:
    seats = {name: order[name] for name in ("course_code", "schedule_code")}
    before = (await ask("payment/quota-schedule", seats))["data"]["quota"]
    assert (await ask("payment/status", {"invoice_code": INVOICE}))["code"] == "ERRPLT40010"
    _, _, paid = await buy(http, ask, order)
    assert (paid["message"], paid["data"]["status"]) == ("Pelatihan berhasil dibeli.", "SUCCESS")
    assert "redeem_code" not in paid["data"]
    known = (await ask("payment/status", {"invoice_code": INVOICE}))["data"]
    assert (known["amount"], known["created_at"]) == (order["amount"], "2020-08-24T03:00:00Z")
    assert (await ask("payment/quota-schedule", seats))["data"]["quota"] == before - 1


async def test_the_same_authorisation_again_is_the_same_payment(
    http: httpx.AsyncClient, ask: Ask, order: dict[str, Any]
) -> None:
    token, body, first = await buy(http, ask, order)
    assert await ask("payment/authorize", body, token) == first
    other = await ask("payment/authorize", body | {"invoice_code": "TOKPED-OTHER"}, token)
    assert other["code"] == "ERRPLT40045"


async def test_a_wrong_otp_buys_nothing_and_the_third_ends_it(
    http: httpx.AsyncClient, ask: Ask, order: dict[str, Any]
) -> None:
    token = (await ask("payment/send-otp", order))["data"]["payment_token"]
    body = {"otp": "x", "invoice_url": "u", "invoice_code": INVOICE}
    codes = [(await ask("payment/authorize", body, token))["code"] for _ in range(4)]
    assert codes == ["ERRPLT40046"] * 3 + ["ERRPLT40045"]
    assert (await ask("payment/status", {"invoice_code": INVOICE}))["code"] == "ERRPLT40010"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"prakerja_id": "P999999"}, "ERRPLT40041"),
        ({"schedule_code": "JDW-NONE"}, "ERRPLT40037"),
        ({"amount": 1}, "ERRPLT40042"),
        ({"user_platform_id": ""}, "ERRPLT40001"),
    ],
)
async def test_what_may_not_be_bought_gets_no_otp(
    http: httpx.AsyncClient, ask: Ask, order: dict[str, Any], change: dict[str, Any], code: str
) -> None:
    assert (await ask("payment/send-otp", order | change))["code"] == code
    assert (await http.get("/control/sms")).json() == []


async def test_a_voided_payment_is_void_once_and_has_no_data(
    http: httpx.AsyncClient, ask: Ask, order: dict[str, Any]
) -> None:
    _, _, paid = await buy(http, ask, order)
    given = {name: paid["data"][name] for name in ("invoice_code", "transaction_code")}
    assert await ask("payment/void", given) == {"success": True, "message": "Transaksi berhasil dibatalkan."}
    assert (await ask("payment/status", {"invoice_code": INVOICE}))["data"]["status"] == "VOID"
    assert (await ask("payment/void", given))["code"] == "ERRPLT40028"
    assert (await ask("payment/void", given | {"transaction_code": "TRX0"}))["code"] == "ERRVOD40001"


async def test_a_code_is_used_once(ask: Ask, programme: Path) -> None:
    with (programme / "api_payments.csv").open() as file:
        code = next(
            row["redeem_code"]
            for row in csv.DictReader(file)
            if row["redeem_code"] and not row["redeem_at"] and row["status"] == "SUCCESS"
        )
    used = (await ask("payment/redeem-code/commit", {"redeem_code": code}))["data"]
    assert (used["attendance_status"], used["redeem_at"]) == (1, "2020-08-24T03:00:00Z")
    again = await ask("payment/redeem-code/commit", {"redeem_code": code})
    assert again["message"] == "Kode redeem sudah digunakan"


async def test_a_killed_simulator_knows_the_payment_again(
    http: httpx.AsyncClient, ask: Ask, order: dict[str, Any], settings: SimulatorSettings, door: Door, hands: Hands
) -> None:
    await buy(http, ask, order)
    again = build(settings, post=door, clock=hands)
    async with again.app.router.lifespan_context(again.app):
        transport = httpx.ASGITransport(app=again.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://simulator") as second:
            known = await call(second, "payment/status", {"invoice_code": INVOICE})
    assert known["data"]["status"] == "SUCCESS"


async def test_the_authorization_may_be_part_of_the_signature(
    settings: SimulatorSettings, door: Door, hands: Hands, order: dict[str, Any]
) -> None:
    strict = build(settings.model_copy(update={"sign_authorization": True}), post=door, clock=hands)
    async with strict.app.router.lifespan_context(strict.app):
        transport = httpx.ASGITransport(app=strict.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://simulator") as http:
            token = (await call(http, "payment/send-otp", order))["data"]["payment_token"]
            (sms,) = (await http.get("/control/sms")).json()
            paid = {"otp": sms["otp"], "invoice_url": "u", "invoice_code": INVOICE}
            refused = await call(http, "payment/authorize", paid, token)
            done = await call(http, "payment/authorize", paid, token, signed=True)
    assert (refused["code"], done["data"]["status"]) == ("ERRAUT40002", "SUCCESS")
