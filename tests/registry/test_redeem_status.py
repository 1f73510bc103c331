"""A redeem code at the programme: read strictly, whatever types it comes in; refusals told apart by their words."""

from datetime import UTC, datetime

import httpx
import pytest

from registry.breaker import Breaker
from registry.facts import RedeemStatus
from registry.interface import Absent, Answer, CouldNotAsk, Known
from registry.partner_line import ASKED, NotAQuestion, Partner, PartnerLine
from registry.refusals import refusal_in
from tests.registry.conftest import OpenApi
from tests.registry.programme_server import (
    CLIENT_CODE,
    CODE,
    CODE_INVOICE,
    SCHEDULE,
    SIGN_KEY,
    ProgrammeServer,
    error,
    redeemed,
    seats,
)

USED_AT = datetime(2020, 8, 24, 2, 40, tzinfo=UTC)
COURSE, PLACE = SCHEDULE["course_code"], SCHEDULE["schedule_code"]


def value[T](answer: Answer[T]) -> T:
    assert isinstance(answer, Known), answer
    return answer.value


async def test_a_code_tells_its_class_its_order_and_whether_it_was_used(open_api: OpenApi) -> None:
    fresh = value(await open_api(ProgrammeServer()).redeem_status(CODE))
    assert fresh == RedeemStatus(1, 0, None, "Tokopedia", "K1", CODE_INVOICE, "JDW-F2")
    assert not fresh.used
    used = redeemed(attendance_status=1, redeem_at="2020-08-24T02:40:00Z")
    status = value(await open_api(ProgrammeServer(used)).redeem_status(CODE))
    assert (status.used, status.redeem_at) == (True, USED_AT)


async def test_the_session_is_asked_for_and_a_code_is_sent_as_the_programme_writes_it(open_api: OpenApi) -> None:
    server = ProgrammeServer(redeemed(sequence=999, attendance_status=1))
    status = value(await open_api(server).redeem_status(f" {CODE.lower()} ", 999))
    assert (status.sequence, status.attendance_status) == (999, 1)
    assert server.asked[0].content == b'{"redeem_code":"%s","sequence":999}' % CODE.encode()


@pytest.mark.parametrize(
    "change",
    [
        {"attendance_status": "0"},
        {"sequence": "1"},
        {"sequence": None},
        {"redeem_at": ""},
        {"status": "1"},
        {"status": 7},
        {"status": None},
    ],
)
async def test_documented_and_sampled_types_are_both_read(open_api: OpenApi, change: dict[str, object]) -> None:
    status = value(await open_api(ProgrammeServer(redeemed(**change))).redeem_status(CODE))
    assert (status.attendance_status, status.redeem_at) == (0, None)


async def test_a_code_that_comes_as_a_number_is_a_code(open_api: OpenApi) -> None:
    status = value(await open_api(ProgrammeServer(redeemed(invoice_code=20200824))).redeem_status(CODE))
    assert status.invoice_code == "20200824"


@pytest.mark.parametrize(
    "change",
    [
        {"redeem_code": "PRKOTHER0000"},
        {"redeem_code": None},
        {"attendance_status": 2},
        {"attendance_status": None},
        {"attendance_status": True},
        {"sequence": 2},
        {"redeem_at": "kemarin"},
        {"redeem_at": "2020-08-24T02:40:00"},
        {"redeem_at": 5},
    ],
)
async def test_what_cannot_be_is_no_answer(open_api: OpenApi, change: dict[str, object]) -> None:
    assert isinstance(await open_api(ProgrammeServer(redeemed(**change))).redeem_status(CODE), CouldNotAsk)


@pytest.mark.parametrize(
    ("words", "refusal"),
    [
        ("Tipe pelatihan tidak sesuai", "wrong_type"),
        ("Kode bukan milik lembaga pelatihan yang dipilih", "other_institution"),
        ("Kode redeem sudah dibatalkan", "code_cancelled"),
        ("Transaksi sudah dibatalkan", "transaction_cancelled"),
        ("Kode redeem sudah digunakan", "already_used"),
    ],
)
async def test_a_refused_code_is_known_with_its_reason(open_api: OpenApi, words: str, refusal: str) -> None:
    status = value(await open_api(ProgrammeServer(error(400, "ERRRDM4xxxx", words))).redeem_status(CODE))
    assert (status.refusal, status.used) == (refusal, refusal == "already_used")


async def test_a_code_that_does_not_exist_is_absent(open_api: OpenApi) -> None:
    assert isinstance(await open_api(ProgrammeServer()).redeem_status("PRKNOBODY000"), Absent)


@pytest.mark.parametrize("status", [401, 404, 500])
async def test_words_of_a_refusal_with_another_http_status_are_no_answer(open_api: OpenApi, status: int) -> None:
    server = ProgrammeServer(*(error(status, "ERRRDM40006", "Kode redeem sudah digunakan") for _ in range(20)))
    assert isinstance(await open_api(server).redeem_status(CODE), CouldNotAsk)


@pytest.mark.parametrize(
    ("said", "refusal"),
    [
        ("KODE REDEEM  TIDAK DITEMUKAN.", "not_found"),
        ("Kode sudah pernah digunakan", "already_used"),
        ("Maaf, transaksi telah dibatalkan", "transaction_cancelled"),
        ("Kode belum digunakan", None),
        ("Transaksi dapat dibatalkan", None),
        ("", None),
    ],
)
def test_a_refusal_is_known_by_its_words_alone(said: str, refusal: str | None) -> None:
    assert refusal_in(said) == refusal


@pytest.mark.parametrize("quota", [20, "20"])
async def test_seats_may_come_as_number_or_text(open_api: OpenApi, quota: object) -> None:
    left = value(await open_api(ProgrammeServer(seats(quota=quota))).quota(COURSE, PLACE))
    assert (left.left, left.course_code, left.schedule_code) == (20, COURSE, PLACE)


@pytest.mark.parametrize("change", [{"quota": None}, {"quota": -1}, {"schedule_code": "JDW-X"}, {"course_code": ""}])
async def test_seats_that_cannot_be_are_no_answer(open_api: OpenApi, change: dict[str, object]) -> None:
    assert isinstance(await open_api(ProgrammeServer(seats(**change))).quota(COURSE, PLACE), CouldNotAsk)


async def test_a_schedule_that_does_not_exist_is_absent(open_api: OpenApi) -> None:
    assert isinstance(await open_api(ProgrammeServer()).quota(COURSE, "JDW-NONE"), Absent)
    empty = ProgrammeServer(error(400, "ERRPLT40036", "Kode kursus atau kode jadwal kosong."))
    assert isinstance(await open_api(empty).quota("", ""), Absent)


PAYMENT = "/api/v1/integration/payment/"
MOVING = ("send-otp", "authorize", "void", "redeem-code/commit", "redeem-code/reset")


@pytest.mark.parametrize(
    "path",
    [*(f"/api/v1/integration/payment/{name}" for name in MOVING), "/api/v1/integration/payment/status/", "", "/"],
)
async def test_the_line_carries_questions_and_nothing_else(path: str) -> None:
    server = ProgrammeServer()
    async with httpx.AsyncClient(transport=httpx.MockTransport(server)) as client:
        line = PartnerLine(Partner("http://127.0.0.1:1/programme", CLIENT_CODE, SIGN_KEY), client, Breaker())
        with pytest.raises(NotAQuestion):
            await line.post(path, {"invoice_code": "TOKPED-1", "transaction_code": "TRX1", "redeem_code": CODE})
    assert server.asked == []


def test_the_questions_are_the_three_that_only_look() -> None:
    assert {path.removeprefix(PAYMENT) for path in ASKED} == {
        "status",
        "redeem-code/status",
        "quota-schedule",
    }
