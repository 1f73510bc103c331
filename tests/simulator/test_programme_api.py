"""The partner API: the documented signature, the documented shapes, and a real no for what is not there."""

import csv
import hmac
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from simulator.programme.signature import sign
from simulator.settings import SimulatorSettings

PREFIX = "/api/v1/integration/"
type Ask = Callable[..., Any]


def test_the_documented_vector_is_reproduced() -> None:
    signed = sign(
        "test-sign-key",
        "test_client",
        "1700000000",
        "POST",
        "/api/v1/integration/payment/status",
        b'{"invoice_code":"TEST-0001"}',
    )
    assert hmac.compare_digest(signed, "4e988c5157326343ad4f517cb46a5d2bb0116f27")


@pytest.fixture
def ask(http: httpx.AsyncClient) -> Ask:
    async def call(path: str, body: Any, **change: str) -> httpx.Response:
        raw = json.dumps(body).encode()
        timestamp = str(int(time.time()) + int(change.pop("late", "0")))
        signature = sign("sign-key", "helpdesk", timestamp, "POST", PREFIX + path, raw)
        headers = {"client_code": "helpdesk", "timestamp": timestamp, "signature": signature}
        headers |= {"content-type": "application/json"} | change
        return await http.post(f"/programme{PREFIX}{path}", content=raw, headers=headers)

    return call


@pytest.fixture
def invoices(programme: Path, settings: SimulatorSettings) -> dict[str, str]:
    people = {row["key"]: row["participant_id"] for row in json.loads((programme / "people.json").read_text())}
    with (programme / "purchases.csv").open() as file:
        bought = {row["participant_id"]: row["invoice_code"] for row in csv.DictReader(file)}
    return {key: bought[participant] for key, participant in people.items() if participant in bought}


async def test_rinas_payment_is_a_success(ask: Ask, invoices: dict[str, str]) -> None:
    answer = (await ask("payment/status", {"invoice_code": invoices["rina"]})).json()
    assert answer["success"] is True
    data = answer["data"]
    assert (data["status"], data["amount"], data["prakerja_name"]) == ("SUCCESS", 300_000, "Rina Marlina")
    assert data["created_at"] == "2020-08-23T01:11:00Z"


async def test_jokos_invoice_is_not_there(ask: Ask, invoices: dict[str, str]) -> None:
    answer = await ask("payment/status", {"invoice_code": invoices["joko"]})
    assert answer.status_code == 400
    assert answer.json() == {"code": "ERRPLT40010", "message": "Kode invoice tidak ditemukan.", "success": False}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"client_code": "other"}, "ERRAUT40001"),
        ({"signature": "0" * 40}, "ERRAUT40002"),
        ({"timestamp": "1"}, "ERRAUT40002"),
        ({"late": "301"}, "ERRAUT40003"),
        ({"late": "-310"}, "ERRAUT40003"),
    ],
)
async def test_a_call_signed_wrongly_learns_nothing(ask: Ask, change: dict[str, str], code: str) -> None:
    answer = await ask("payment/status", {"invoice_code": "X"}, **change)
    assert (answer.status_code, answer.json()["code"]) == (401, code)


async def test_a_quota_is_told_and_empty_codes_are_refused_as_documented(ask: Ask, programme: Path) -> None:
    with (programme / "offers.csv").open() as file:
        offer = next(csv.DictReader(file))
    known = {"course_code": offer["course_id"], "schedule_code": offer["schedule_code"]}
    assert (await ask("payment/quota-schedule", known)).json()["data"] == known | {"quota": int(offer["quota"])}
    empty = await ask("payment/quota-schedule", known | {"course_code": ""})
    assert empty.json()["code"] == "ERRPLT40036"
    other = await ask("payment/quota-schedule", known | {"course_code": "K99999"})
    assert other.json()["code"] == "ERRPLT40037"


async def test_a_redeem_code_tells_use_and_attendance_by_sequence(ask: Ask, programme: Path) -> None:
    with (programme / "api_payments.csv").open() as file:
        payments = list(csv.DictReader(file))
    done = next(row for row in payments if row["completed_at"])
    fresh = next(row for row in payments if row["redeem_code"] and not row["redeem_at"] and row["status"] == "SUCCESS")
    used = (await ask("payment/redeem-code/status", {"redeem_code": done["redeem_code"], "sequence": 999})).json()[
        "data"
    ]
    assert (used["status"], used["attendance_status"], used["sequence"]) == (1, 1, 999)
    unused = (await ask("payment/redeem-code/status", {"redeem_code": fresh["redeem_code"]})).json()["data"]
    assert (unused["status"], unused["attendance_status"], unused["redeem_at"]) == (0, 0, None)
    unknown = await ask("payment/redeem-code/status", {"redeem_code": "PRK000000000"})
    assert unknown.json()["message"] == "Kode redeem tidak ditemukan"


async def test_a_fault_of_the_programme_is_no_answer(http: httpx.AsyncClient, ask: Ask) -> None:
    await http.post("/control/faults", json={"target": "programme", "kind": "error", "status": 502, "count": 1})
    assert (await ask("payment/status", {"invoice_code": "X"})).status_code == 502
    assert (await ask("payment/status", {"invoice_code": "X"})).json()["code"] == "ERRPLT40010"


async def test_only_signed_posts_of_known_calls_are_answered(http: httpx.AsyncClient, ask: Ask) -> None:
    assert (await http.get(f"/programme{PREFIX}payment/status")).status_code == 405
    assert (await ask("payment/refund", {})).status_code == 404
    assert (await ask("payment/status", ["x"])).json()["code"] == "ERRPLT40001"
