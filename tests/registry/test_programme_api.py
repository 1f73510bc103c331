"""The programme's partner API: the published signature, retries within the deadline, the breaker, the type traps."""

import asyncio
import time
from collections.abc import AsyncIterator
from datetime import date, timedelta

import httpx
import pytest

from records.clock import Clock
from registry import partner_line
from registry.breaker import Breaker
from registry.interface import Absent, CouldNotAsk, Known
from registry.partner_line import Partner, PartnerLine
from registry.programme_api import NOT_OFFERED, ProgrammeApi
from registry.signature import signature
from tests.registry.conftest import OpenApi
from tests.registry.handed_over import PAID
from tests.registry.programme_server import CLIENT_CODE, PATH, SIGN_KEY, ProgrammeServer, error, payment


def test_the_signature_is_the_published_one() -> None:
    made = signature("test-sign-key", "test_client", "1700000000", "POST", PATH, b'{"invoice_code":"TEST-0001"}')
    assert made == "4e988c5157326343ad4f517cb46a5d2bb0116f27"


async def test_the_bytes_that_are_sent_are_the_ones_that_were_signed(open_api: OpenApi) -> None:
    server = ProgrammeServer()
    assert isinstance(await open_api(server).payment_status(PAID), Known)
    (request,) = server.asked
    assert request.content == b'{"invoice_code":"' + PAID.encode() + b'"}'
    assert abs(int(request.headers["timestamp"]) - time.time()) < 5


async def test_a_source_that_recovers_within_the_deadline_is_asked_again(open_api: OpenApi) -> None:
    server = ProgrammeServer(httpx.Response(502), httpx.ReadTimeout("late"))
    assert isinstance(await open_api(server, seconds=60).payment_status(PAID), Known)
    assert len(server.asked) == 3


async def test_a_clear_no_is_not_asked_again(open_api: OpenApi) -> None:
    server = ProgrammeServer()
    assert isinstance(await open_api(server).payment_status("TOKPED-NOBODY"), Absent)
    assert len(server.asked) == 1


class Dribble(httpx.AsyncByteStream):
    """A body that never ends: every byte comes in time, the whole never does."""

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while True:
            await asyncio.sleep(0.02)
            yield b" "


async def test_an_answer_that_dribbles_does_not_outlast_the_deadline(open_api: OpenApi) -> None:
    server = ProgrammeServer(*(httpx.Response(200, stream=Dribble()) for _ in range(9)))
    began = time.monotonic()
    answer = await open_api(server, seconds=0.3).payment_status(PAID)
    assert isinstance(answer, CouldNotAsk)
    # nothing ever ends it from the other side
    assert time.monotonic() - began < 10


async def test_after_failures_in_a_row_the_source_is_left_alone_and_then_tried_once(open_api: OpenApi) -> None:
    moment = 0.0
    breaker = Breaker(failures=2, rest=timedelta(seconds=10), now=lambda: moment)
    server = ProgrammeServer(*(httpx.Response(200, text="?") for _ in range(3)))
    api = open_api(server, breaker=breaker)
    for _ in range(2):
        await api.payment_status(PAID)
    alone = await api.payment_status(PAID)
    assert isinstance(alone, CouldNotAsk)
    assert (len(server.asked), "sebentar lagi dicoba lagi" in alone.reason) == (2, True)
    moment = 11.0
    await api.payment_status(PAID)
    assert isinstance(await api.payment_status(PAID), CouldNotAsk)
    assert len(server.asked) == 3
    moment = 22.0
    assert isinstance(await api.payment_status(PAID), Known)
    assert isinstance(await api.payment_status(PAID), Known)


async def test_errors_about_a_question_do_not_shut_the_source(open_api: OpenApi) -> None:
    server = ProgrammeServer(*(error(400, "ERRPLT40001", "field kurang") for _ in range(5)))
    api = open_api(server, breaker=Breaker(failures=2))
    for _ in range(5):
        assert isinstance(await api.payment_status(PAID), CouldNotAsk)
    assert isinstance(await api.payment_status(PAID), Known)


@pytest.mark.parametrize("amount", [300000, "300000"])
async def test_an_amount_may_come_as_number_or_text(open_api: OpenApi, amount: object) -> None:
    answer = await open_api(ProgrammeServer(payment(amount=amount))).payment_status(PAID)
    assert isinstance(answer, Known)
    assert answer.value.amount == 300_000


@pytest.mark.parametrize("created", [None, "kemarin", "2020-08-23T01:11:00", 5])
async def test_an_unreadable_time_is_left_out(open_api: OpenApi, created: object) -> None:
    answer = await open_api(ProgrammeServer(payment(created_at=created))).payment_status(PAID)
    assert isinstance(answer, Known)
    assert answer.value.created_at is None


async def test_what_the_api_does_not_offer_was_not_asked(open_api: OpenApi) -> None:
    api, today = open_api(server := ProgrammeServer()), date(2020, 8, 24)
    answers = [
        await api.participant("P1"),
        await api.participants_by_phone("0840"),
        await api.wave_applications("P1"),
        await api.card("P1"),
        await api.ledger("P1"),
        await api.purchases("P1"),
        await api.courses("Barista"),
        await api.organisations("platform", today),
        await api.organisation_roles("tokopedia"),
        await api.payment_partners(today),
        await api.incentives("P1"),
        await api.payout_account("P1"),
        await api.policy("first_purchase_days", today),
    ]
    assert all(isinstance(answer, CouldNotAsk) and answer.reason == NOT_OFFERED for answer in answers)
    assert server.asked == []


async def test_a_refused_connection_on_a_real_socket_was_not_asked(
    clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    # asked once: a last attempt just before the deadline would have no time to be refused
    monkeypatch.setattr(partner_line, "FIRST_PAUSE_SECONDS", 1000.0)
    async with httpx.AsyncClient() as client:
        limit = timedelta(seconds=60)
        line = PartnerLine(Partner("http://127.0.0.1:1", CLIENT_CODE, SIGN_KEY, limit, limit), client, Breaker())
        answer = await ProgrammeApi(line, clock).payment_status(PAID)
    assert isinstance(answer, CouldNotAsk)
    assert "tidak tersambung" in answer.reason
