"""How surely something rises: held against exact fractions, known examples, and weeks in which nothing happened."""

import random
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trends.compare import Change, compared, movers
from trends.exposure import exposure_of, passed_of, reach
from trends.heat import Cell
from trends.surely import adjusted, rate_test, spread_of
from trends.within import Within

NOW = datetime(2020, 8, 24, 3, 0, tzinfo=UTC)


def exact(now: int, before: int, share: Fraction) -> float:
    """Twice the smaller tail, added up term by term."""
    total = now + before
    terms = [comb(total, k) * share**k * (1 - share) ** (total - k) for k in range(total + 1)]
    return min(1.0, float(2 * min(sum(terms[now:]), sum(terms[: now + 1]))))


@given(
    now=st.integers(0, 90),
    before=st.integers(0, 90),
    exposure=st.sampled_from([Fraction(1), Fraction(2, 5), Fraction(3)]),
)
def test_the_chance_is_that_of_the_binomial(now: int, before: int, exposure: Fraction) -> None:
    told = rate_test(now, before, float(exposure))
    assert told == pytest.approx(exact(now, before, exposure / (1 + exposure)), abs=1e-9)


def test_great_counts_are_tested_as_well_and_agree_where_both_ways_meet() -> None:
    assert rate_test(120_000, 119_000) == pytest.approx(rate_test(99_000, 98_180), abs=0.03)
    assert rate_test(2_000_000, 1_000_000) == 0.0
    assert rate_test(1_000_000, 1_000_000) == 1.0


@given(now=st.integers(0, 400), before=st.integers(0, 400), spread=st.floats(1, 20))
def test_more_spread_never_makes_a_change_surer(now: int, before: int, spread: float) -> None:
    assert rate_test(now, before, spread=spread) >= rate_test(now, before) - 0.06
    assert rate_test(now, before) == pytest.approx(rate_test(before, now), abs=1e-9)


def test_many_tests_at_once_are_adjusted_after_benjamini_and_hochberg() -> None:
    told = adjusted({"a": 0.01, "b": 0.04, "c": 0.03, "d": 0.005})
    assert told == pytest.approx({"d": 0.02, "a": 0.02, "c": 0.04, "b": 0.04})
    assert adjusted({}) == {}


def test_what_nearly_always_is_called_sure_is_so_and_what_only_wavers_is_not() -> None:
    changes = compared({"a": 812, "b": 105, "c": 41}, {"a": 240, "b": 100, "c": 70, "d": 3})
    assert {key: (change.sure, change.up) for key, change in changes.items()} == {
        "a": ("clear", True),
        "b": ("no", True),
        "c": ("maybe", False),
        "d": ("no", False),
    }
    assert changes["a"].share == pytest.approx(572 / 240)
    assert changes["d"].share == -1
    assert movers(changes, up=True) == ["a"]
    assert movers(changes, up=False) == ["c"]


def test_of_weeks_in_which_nothing_happened_hardly_any_has_a_clear_change() -> None:
    chance = random.Random(7)  # noqa: S311 (a scene, not a secret)
    false = 0
    for _ in range(200):
        weeks = [{f"k{n}": sum(chance.random() < 0.5 for _ in range(60)) for n in range(12)} for _ in range(2)]
        false += any(change.sure == "clear" for change in compared(*weeks).values())
    assert false <= 6


def test_days_that_swing_by_themselves_ask_for_a_greater_difference() -> None:
    chance = random.Random(8)  # noqa: S311 (a scene, not a secret)
    calm = [round(chance.gauss(100, 10)) for _ in range(70)]
    wild = [round(max(0, chance.gauss(100, 45))) for _ in range(70)]
    assert spread_of(calm) < 2.5
    assert spread_of(wild) > 8
    assert compared({"a": 830}, {"a": 700}, spread=spread_of(calm))["a"].sure == "clear"
    assert compared({"a": 830}, {"a": 700}, spread=spread_of(wild))["a"].sure == "no"


def test_neither_weekends_nor_one_outage_count_as_swinging() -> None:
    week = [100, 110, 105, 100, 95, 30, 25]
    assert spread_of(week * 5) == 1.0
    outage = week * 5
    outage[24:27] = [900, 1400, 800]
    assert spread_of(outage) == 1.0
    assert spread_of([]) == 1.0


def test_today_counts_as_far_as_it_has_gone() -> None:
    week = Within(date(2020, 8, 18), date(2020, 8, 24))
    assert exposure_of(week, NOW, passed=0.25, history={}) == pytest.approx(6.25 / 7)
    over = Within(date(2020, 8, 10), date(2020, 8, 16))
    assert exposure_of(over, NOW, passed=0.25, history={}) == 1.0
    ahead = Within(date(2020, 8, 20), date(2020, 8, 29))
    assert exposure_of(ahead, NOW, passed=0.5, history={}) == pytest.approx(4.5 / 10)


def test_a_monday_is_held_against_a_sunday_as_mondays_usually_are() -> None:
    days = [date(2020, 7, 27) + timedelta(days=number) for number in range(28)]
    history = {day: 20 if day.weekday() >= 5 else 100 for day in days}
    monday = Within(date(2020, 8, 24), date(2020, 8, 24))
    assert exposure_of(monday, NOW, passed=0.5, history=history) == pytest.approx(2.5)
    assert exposure_of(monday, NOW, passed=0.5, history={}) == 0.5


def test_how_much_of_a_day_is_over_is_told_by_when_people_usually_write() -> None:
    cells = [Cell(0, 9, 30), Cell(3, 10, 20), Cell(0, 20, 50)]
    assert passed_of(NOW, cells) == 0.3
    assert passed_of(NOW + timedelta(minutes=30), cells) == 0.4
    assert passed_of(NOW, []) == pytest.approx(10 / 24)


def test_the_days_read_for_a_comparison_reach_back_five_weeks_at_least() -> None:
    week = Within(date(2020, 8, 18), date(2020, 8, 24), platform="tokopedia")
    assert reach(week, 35) == Within(date(2020, 7, 21), date(2020, 8, 24), platform="tokopedia")
    month = Within(date(2020, 8, 1), date(2020, 8, 30))
    assert reach(month, 35).first == date(2020, 7, 2)


def test_what_was_not_there_before_has_no_share() -> None:
    assert Change(9, 0, 0.0, 0.001).share is None
