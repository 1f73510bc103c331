"""The programme's partner API as the simulator plays it: signed or not, any body gets one of its documented answers."""

import asyncio
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import SecretStr

from simulator.app import build
from simulator.programme.generate import generate
from simulator.programme.signature import sign
from simulator.settings import SimulatorSettings
from simulator.wire import Reply
from tests.conftest import OPENING
from tests.properties.strange import ANYTHING, HEADERS, with_one_thing_wrong
from tests.properties.world import LONG

PREFIX = "/api/v1/integration/"
PATHS = [
    *("payment/status", "payment/quota-schedule", "payment/redeem-code/status", "payment/send-otp"),
    *("payment/void", "payment/redeem-code/commit", "payment/authorize", "", "../../control/people", "payment"),
]
BODIES: list[Any] = [
    {"invoice_code": "INV-1", "course_code": "C-1", "redeem_code": "R-1", "sequence": 1, "amount": "300000"},
    {"redeem_code": "R-1", "sequence": "1", "course_codes": ["C-1"], "otp": "123456", "transaction_id": "T-1"},
]
type Server = tuple[asyncio.Runner, Any]


async def nobody(url: str, headers: dict[str, str], body: bytes | None) -> Reply:
    return Reply(200)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    generate(tmp_path, participants=20)
    given = SimulatorSettings(
        data=tmp_path,
        telegram_token=SecretStr("7000000001:gladi"),
        whatsapp_token=SecretStr("t"),
        whatsapp_app_secret=SecretStr("a"),
        whatsapp_verify_token=SecretStr("v"),
        sign_key=SecretStr("sign-key"),
        telegram_retry_base=timedelta(seconds=1),
    )
    made = build(given, post=nobody, clock=lambda: OPENING)
    with asyncio.Runner() as runner:
        yield runner, made.app


def test_the_programme_answers_every_body_as_documented(server: Server) -> None:
    runner, app = server

    @settings(
        max_examples=1000 if LONG else 60, deadline=None, suppress_health_check=list(HealthCheck), print_blob=True
    )
    @given(
        path=st.sampled_from(PATHS),
        body=ANYTHING | with_one_thing_wrong(BODIES),
        headers=HEADERS,
        signed=st.sampled_from([True, True, False]),
    )
    def asked(path: str, body: bytes, headers: dict[str, Any], signed: bool) -> None:
        now = str(int(time.time()))
        proof = sign("sign-key", "helpdesk", now, "POST", PREFIX + path, body) if signed else "0" * 40
        given = {**headers, "client_code": b"helpdesk", "timestamp": now.encode(), "signature": proof.encode()}

        async def post() -> httpx.Response:
            async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://program") as client:
                return await client.post(f"/programme{PREFIX}{path}", content=body, headers=given)

        answer = runner.run(post())
        assert answer.status_code < 500, answer.text[:200]
        assert signed or answer.status_code >= 400
        assert "Traceback" not in answer.text

    asked()
