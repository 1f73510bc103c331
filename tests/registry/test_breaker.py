"""The circuit breaker: a source that fails is left alone, then tried by one question, whoever else waits."""

import asyncio
from datetime import timedelta

import httpx

from registry.breaker import Breaker
from registry.interface import CouldNotAsk, Known
from tests.registry.conftest import OpenApi
from tests.registry.handed_over import PAID
from tests.registry.programme_server import ProgrammeServer, payment

CROWD = 20


class Slow:
    """A programme that lets a question wait until told what to answer."""

    def __init__(self) -> None:
        self.asked = 0
        self.answer: asyncio.Future[httpx.Response] = asyncio.get_running_loop().create_future()

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked += 1
        return await asyncio.shield(self.answer)


class Hands:
    """A stopwatch in the test's hands."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def worn_out(hands: Hands) -> Breaker:
    breaker = Breaker(failures=3, rest=timedelta(seconds=10), now=hands)
    for _ in range(3):
        breaker.failed()
    return breaker


async def test_of_a_crowd_after_the_rest_one_question_goes_first(open_api: OpenApi) -> None:
    hands, slow = Hands(), Slow()
    api = open_api(slow, breaker=worn_out(hands), seconds=120)
    assert isinstance(await api.payment_status(PAID), CouldNotAsk)
    assert slow.asked == 0
    hands.seconds = 10.5
    crowd = [asyncio.create_task(api.payment_status(PAID)) for _ in range(CROWD)]
    while sum(task.done() for task in crowd) < CROWD - 1:  # noqa: ASYNC110 - nobody tells when they are turned away
        await asyncio.sleep(0.001)
    assert slow.asked == 1
    slow.answer.set_result(payment())
    answers = await asyncio.gather(*crowd)
    assert sum(isinstance(answer, Known) for answer in answers) == 1
    assert isinstance(await api.payment_status("TOKPED-RINA00000001"), Known)


async def test_a_first_question_that_fails_begins_a_new_rest(open_api: OpenApi) -> None:
    hands = Hands()
    server = ProgrammeServer(httpx.Response(200, text="?"))
    api = open_api(server, breaker=worn_out(hands))
    hands.seconds = 10.5
    await asyncio.gather(*(api.payment_status(PAID) for _ in range(CROWD)))
    hands.seconds = 20.0
    await asyncio.gather(*(api.payment_status(PAID) for _ in range(CROWD)))
    assert len(server.asked) == 1
    hands.seconds = 21.0
    assert isinstance(await api.payment_status(PAID), Known)


async def test_a_first_question_that_never_comes_back_does_not_shut_the_source_for_good(open_api: OpenApi) -> None:
    hands, slow = Hands(), Slow()
    api = open_api(slow, breaker=worn_out(hands), seconds=120)
    hands.seconds = 10.5
    lost = asyncio.create_task(api.payment_status(PAID))
    while not slow.asked:  # noqa: ASYNC110 - the server is the one that sees it
        await asyncio.sleep(0.001)
    lost.cancel()
    assert isinstance(await api.payment_status(PAID), CouldNotAsk)
    hands.seconds = 21.0
    slow.answer.set_result(payment())
    assert isinstance(await api.payment_status(PAID), Known)


def test_failures_that_are_not_in_a_row_do_not_count() -> None:
    breaker = Breaker(failures=2)
    for _ in range(5):
        breaker.failed()
        breaker.answered()
    assert breaker.lets_through()
