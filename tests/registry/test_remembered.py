"""What the API last said: used again while fresh, told with its time while the API is away, and never without bound."""

from datetime import datetime, timedelta

import httpx

from records.clock import Clock
from registry.both import BothSources
from registry.interface import Absent, CouldNotAsk, Known
from registry.own_tables import OwnTables
from registry.partner_line import PAYMENT_STATUS
from registry.remembered import Remembered
from tests.conftest import OPENING
from tests.registry.conftest import OpenApi
from tests.registry.handed_over import PAID
from tests.registry.programme_server import CODE, ProgrammeServer, payment

AWAY = httpx.ConnectError("refused")


class Hands:
    """The clock in the test's hands."""

    def __init__(self) -> None:
        self.now: datetime = OPENING

    def __call__(self) -> datetime:
        return self.now

    def later(self, **span: float) -> None:
        self.now += timedelta(**span)


async def test_an_answer_is_used_again_for_seconds_and_keeps_the_moment_it_was_asked(open_api: OpenApi) -> None:
    clock, server = Hands(), ProgrammeServer()
    api = open_api(server, clock=clock)
    first = await api.payment_status(PAID)
    clock.later(seconds=19)
    again = await api.payment_status(PAID)
    assert isinstance(first, Known)
    assert isinstance(again, Known)
    assert (len(server.asked), again.as_of, again.value) == (1, OPENING, first.value)
    clock.later(seconds=2)
    later = await api.payment_status(PAID)
    assert isinstance(later, Known)
    assert (len(server.asked), later.as_of) == (2, clock.now)


async def test_a_no_is_asked_again_at_once(open_api: OpenApi) -> None:
    server = ProgrammeServer()
    api = open_api(server)
    for _ in range(2):
        assert isinstance(await api.payment_status("TOKPED-NOBODY"), Absent)
    assert len(server.asked) == 2


async def test_while_the_api_is_away_its_last_word_stands_beside_that_with_its_time(open_api: OpenApi) -> None:
    clock, server = Hands(), ProgrammeServer()
    api = open_api(server, clock=clock)
    await api.payment_status(PAID)
    clock.later(minutes=40)
    server.spoil = [AWAY] * 20
    answer = await api.payment_status(PAID)
    assert isinstance(answer, CouldNotAsk)
    assert isinstance(answer.last_known, Known)
    assert (answer.last_known.value.status, answer.last_known.as_of) == ("SUCCESS", OPENING)


async def test_a_last_no_is_told_too_and_another_invoice_s_is_not(open_api: OpenApi) -> None:
    clock, server = Hands(), ProgrammeServer()
    api = open_api(server, clock=clock)
    await api.payment_status("TOKPED-NOBODY")
    server.spoil = [AWAY] * 40
    answer, other = await api.payment_status("TOKPED-NOBODY"), await api.payment_status(PAID)
    assert isinstance(answer, CouldNotAsk)
    assert isinstance(answer.last_known, Absent)
    assert isinstance(other, CouldNotAsk)
    assert other.last_known is None


async def test_after_an_hour_nothing_is_told_any_more(open_api: OpenApi) -> None:
    clock, server = Hands(), ProgrammeServer()
    api = open_api(server, clock=clock)
    await api.payment_status(PAID)
    clock.later(minutes=61)
    server.spoil = [AWAY] * 20
    answer = await api.payment_status(PAID)
    assert isinstance(answer, CouldNotAsk)
    assert answer.last_known is None


async def test_a_clock_set_back_makes_no_answer_young(open_api: OpenApi) -> None:
    clock, server = Hands(), ProgrammeServer()
    api = open_api(server, clock=clock)
    await api.payment_status(PAID)
    clock.later(days=-3)
    await api.payment_status(PAID)
    assert len(server.asked) == 2


async def test_the_younger_of_two_last_words_is_told(filled: OwnTables, open_api: OpenApi) -> None:
    clock = Hands()
    clock.later(minutes=10)
    server = ProgrammeServer(payment(status="VOID"))
    both = BothSources(filled, open_api(server, clock=clock))
    await both.payment_status(PAID)
    clock.later(minutes=10)
    server.spoil = [AWAY] * 20
    answer = await both.payment_status(PAID)
    assert isinstance(answer, CouldNotAsk)
    assert isinstance(answer.last_known, Known)
    assert (answer.last_known.source, answer.last_known.value.status) == ("API program", "VOID")


def test_only_so_many_are_held_and_the_longest_unused_goes(clock: Clock) -> None:
    remembered = Remembered(clock, most=3)
    asked = [remembered.digest(PAYMENT_STATUS, {"invoice_code": f"TOKPED-{n}"}) for n in range(4)]
    for digest in asked[:3]:
        remembered.keep(digest, Known(1, "uji", clock(), 0.0))
    assert remembered.fresh(asked[0])
    remembered.keep(asked[3], Known(1, "uji", clock(), 0.0))
    assert len(remembered) == 3
    assert [remembered.fresh(digest) is not None for digest in asked] == [True, False, True, True]


async def test_no_redeem_code_stands_in_memory(open_api: OpenApi, clock: Clock) -> None:
    remembered = Remembered(clock)
    await open_api(ProgrammeServer(), remembered=remembered).redeem_status(CODE)
    assert len(remembered) == 1
    assert CODE not in repr(remembered.__dict__)
