"""What is usual is learned, and what is not is noticed: quickly, once, and not because a day is busy."""

import math
from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

import pytest

from benchmarks.detection.judging import judge
from benchmarks.detection.outages import Outage
from benchmarks.detection.playing import play
from benchmarks.detection.world import World
from benchmarks.detection.years import Year, poisson
from records.holidays import holiday
from trends.rhythm.days import Days, date_of, day_number, first_minute
from trends.rhythm.history import History
from trends.rhythm.learning import learn
from trends.rhythm.listening import Going, Listening
from trends.rhythm.scope import EVERYTHING, NOWHERE, Scope, scopes_of
from trends.rhythm.tails import log_tail
from trends.suspecting.past import fasting_before

FIRST = day_number(date(2020, 6, 1))
LEAVES = {
    ("payment_failed", "tokopedia", "telegram"): 150.0,
    ("payment_failed", "bukalapak", "whatsapp"): 90.0,
    ("redeem_failed", "pintaria", "telegram"): 110.0,
    ("login_failed", NOWHERE, "whatsapp"): 190.0,
    ("wave_schedule", NOWHERE, "telegram"): 160.0,
    ("class_access", "sekolahmu", "web"): 100.0,
}
"""Complaints a day, evenly from six to twenty-two."""
BY_DAY = range(6, 22)


def history(days: int, *, outage_on: int | None = None) -> History:
    """Weeks in which everything was as it should be, but for one day."""
    draw, told = Random(11), History()  # noqa: S311
    for day in range(FIRST, FIRST + days):
        for leaf, a_day in LEAVES.items():
            for hour in BY_DAY:
                often = 20 if outage_on == day - FIRST and leaf[0] == "payment_failed" and hour in (9, 10) else 1
                told.add(*leaf, first_minute(day) + hour * 60, poisson(draw, often * a_day / len(BY_DAY)))
    return told


def test_the_tail_is_that_of_poisson_where_nothing_wanders() -> None:
    exact = 1 - sum(math.exp(-4) * 4**k / math.factorial(k) for k in range(15))
    assert log_tail(15, 4, 0) == pytest.approx(math.log10(exact), abs=1e-3)


def test_a_level_that_wanders_makes_the_same_count_less_unlikely() -> None:
    assert log_tail(40, 10, 0) < log_tail(40, 10, 0.1) < log_tail(40, 10, 0.5) < 0


def test_a_message_without_a_platform_has_no_place_of_its_own() -> None:
    assert all(scope.platform is None for scope in scopes_of("login_failed", NOWHERE, "web"))
    assert Scope("a", "b", None).both(Scope(None, None, "c")) == Scope("a", "b", "c")
    assert Scope("a").both(Scope("b")) is None


def test_an_outage_in_the_past_is_not_learned_as_usual() -> None:
    today = FIRST + 28
    plain, marred = (learn(history(28, outage_on=it), Days(), today) for it in (None, 21))
    start = first_minute(today) + 9 * 60
    scope = Scope("payment_failed")
    assert plain.expected(scope, start, start + 60) == pytest.approx(15, rel=0.25)
    assert marred.expected(scope, start, start + 60) < 1.5 * plain.expected(scope, start, start + 60)


def test_nights_are_quiet_and_little_is_known_of_what_was_never_heard_of() -> None:
    usual = learn(history(28), Days(), FIRST + 28)
    noon, night = (first_minute(FIRST + 28) + hour * 60 for hour in (12, 2))
    assert usual.expected(EVERYTHING, night, night + 60) < usual.expected(EVERYTHING, noon, noon + 60) / 8
    assert usual.of(Scope("report_fraud")).known == 0


@pytest.fixture
def listening() -> Listening:
    return Listening(learn(history(28), Days(), FIRST + 28))


def minutes(listening: Listening, *more: tuple[str, str, str, float], start: int, count: int) -> Iterator[Going]:
    """Let minutes of the day after the history pass; yield what opens."""
    draw = Random(start)  # noqa: S311
    for minute in range(start, start + count):
        came = [(*leaf, poisson(draw, a_day / len(BY_DAY) / 60)) for leaf, a_day in LEAVES.items()]
        came += [(*leaf, poisson(draw, often)) for *leaf, often in more]  # type: ignore[misc]
        listening.recent.tell(minute, [(i, p, c, float(n)) for i, p, c, n in came if n])
        yield from listening.look(minute + 1, listening.recent.touched(minute)).opened


NINE = first_minute(FIRST + 28) + 9 * 60


def test_an_outage_at_a_platform_is_told_once_with_when_it_began(listening: Listening) -> None:
    assert list(minutes(listening, start=NINE, count=60)) == []
    hit = [("payment_failed", "tokopedia", "telegram", 3.0), ("paid_no_code", "tokopedia", "telegram", 1.5)]
    (found,) = minutes(listening, *hit, start=NINE + 60, count=90)
    assert found.found - (NINE + 60) <= 5
    assert abs(found.began - (NINE + 60)) <= 3
    assert found.scope.platform == "tokopedia" or found.scope.intent == "payment_failed"


def test_two_outages_that_have_nothing_to_do_with_each_other_are_two(listening: Listening) -> None:
    list(minutes(listening, start=NINE, count=60))
    first = ("payment_failed", "tokopedia", "telegram", 3.0)
    assert len(list(minutes(listening, first, start=NINE + 60, count=40))) == 1
    second = ("redeem_failed", "pintaria", "telegram", 3.0)
    (other,) = minutes(listening, first, second, start=NINE + 100, count=30)
    assert other.scope.intent == "redeem_failed" or other.scope.platform == "pintaria"


def test_when_it_is_over_it_is_over_and_not_found_again(listening: Listening) -> None:
    list(minutes(listening, start=NINE, count=60))
    list(minutes(listening, ("payment_failed", "tokopedia", "telegram", 3.0), start=NINE + 60, count=40))
    assert len(listening.going) == 1
    assert list(minutes(listening, start=NINE + 100, count=90)) == []
    assert listening.going == []


FASTING = Days(fasting=frozenset(date_of(day) for day in range(FIRST + 28, FIRST + 58)))


def test_who_is_up_before_dawn_in_the_fasting_month_is_no_rise_and_an_outage_then_is() -> None:
    told, four = history(28), first_minute(FIRST + 28) + 3 * 60 + 30
    awake = [(*leaf, a_day / len(BY_DAY) / 60) for leaf, a_day in LEAVES.items()]
    as_ever, fasting = (Listening(learn(told, days, FIRST + 28)) for days in (Days(), FASTING))
    assert list(minutes(as_ever, *awake, start=four, count=45)) != []
    assert list(minutes(fasting, *awake, start=four, count=45)) == []
    (found,) = minutes(fasting, *awake, ("redeem_failed", "pintaria", "telegram", 3.0), start=four + 45, count=20)
    assert found.scope.intent == "redeem_failed" or found.scope.platform == "pintaria"


def test_the_hours_of_fasting_are_learned_from_its_first_days() -> None:
    told = history(28)
    for day in range(FIRST + 28, FIRST + 31):
        for leaf, a_day in LEAVES.items():
            told.add(*leaf, first_minute(day) + 3 * 60, a_day)
    usual = learn(told, FASTING, FIRST + 31)
    three, noon = (first_minute(FIRST + 31) + hour * 60 for hour in (3, 12))
    assert usual.expected(EVERYTHING, three, three + 60) > 3 * usual.expected(EVERYTHING, noon, noon + 60)


def test_the_fasting_month_is_the_thirty_days_before_the_feast_as_listed_or_entered() -> None:
    listed = {day: name for number in range(366) if (name := holiday(day := date(2021, 1, 1) + timedelta(days=number)))}
    assert (min(fasting_before(listed)), max(fasting_before(listed))) == (date(2021, 4, 13), date(2021, 5, 12))
    entered = {date(2025, 3, 31): "Hari Raya Idul Fitri 1446 H", date(2025, 4, 1): "Idul Fitri"}
    assert (min(fasting_before(entered)), max(fasting_before(entered))) == (date(2025, 3, 1), date(2025, 3, 30))
    assert fasting_before({date(2020, 12, 31): "Cuti bersama Idulfitri"}) == frozenset()


def test_a_simulated_month_with_waves_is_quiet_but_for_its_outages() -> None:
    world = World(4, date(2020, 1, 6), 22, 2500.0)
    at = world.start + 18 * 1440
    outages = [
        Outage(at + hour * 60, at + hour * 60 + 90, size, frozenset(intents), None, None, creeps)
        for hour, size, intents, creeps in (
            (10, 12.0, ("payment_failed", "paid_no_code", "purchase_otp"), 0),
            (34, 20.0, ("login_failed", "login_otp"), 0),
            (63, 20.0, ("redeem_failed",), 20),
        )
    ]
    year = Year(world, outages, 5)
    verdict = judge(year, play(year, 17, with_rivals=False).alarms, world.start + 17 * 1440)
    assert set(year.real_from) <= set(verdict.found)
    assert sorted(verdict.found.values())[len(verdict.found) // 2] <= 5
    assert len(verdict.false) <= 1
