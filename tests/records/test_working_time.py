"""Working time: what a clock with evenings, Saturdays and holidays must do, said once and then for any hours."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records.clock import WIB, wib
from records.holidays import YEARS
from records.working_time import DEFAULT_HOURS, LEAST_MINUTES, Calendar, Hours, NeverOpen, WorkingTime

USUAL = WorkingTime()
H = timedelta(hours=1)


def at(day: int, hour: int, minute: int = 0, month: int = 8) -> datetime:
    return datetime(2020, month, day, hour, minute, tzinfo=WIB)


@pytest.mark.parametrize(
    ("begins", "hours", "ends"),
    [
        (at(24, 10), 8, at(24, 18)),  # a Monday
        (at(24, 10), 10, at(24, 20)),  # to the last minute of the day
        (at(24, 19), 2, at(25, 9)),  # over the night
        (at(22, 13), 2, at(24, 9)),  # Saturday ends at 14.00, Sunday is free
        (at(14, 19), 2, at(15, 9)),  # Friday evening: on Saturday
        (at(15, 13), 2, at(18, 9)),  # over Sunday and Independence Day
        (at(19, 19), 2, at(22, 9)),  # over the Islamic new year and its collective leave
        (at(20, 11), 1, at(22, 9)),  # asked on a holiday
        (at(23, 3), 1, at(24, 9)),  # in the night of a Sunday
        (at(24, 10), 24, at(26, 10)),  # two working days
    ],
)
def test_evenings_sundays_and_holidays_do_not_count(begins: datetime, hours: int, ends: datetime) -> None:
    assert USUAL.after(begins, hours * H) == ends
    assert USUAL.between(begins, ends) == hours * H


def test_work_begins_again_when_somebody_is_there() -> None:
    assert USUAL.opening(at(24, 10)) == at(24, 10)
    assert USUAL.opening(at(24, 20)) == at(25, 8)
    assert USUAL.opening(at(19, 21)) == at(22, 8)
    assert not USUAL.worked_at(at(24, 20))
    assert USUAL.worked_at(at(24, 8))


def test_what_staff_change_goes_before_the_decree() -> None:
    changed = Calendar({date(2020, 8, 24): "Hari jadi kota", date(2020, 8, 21): None})
    ours = WorkingTime(calendar=changed)
    assert ours.opening(at(24, 10)) == at(25, 8)
    assert ours.worked_at(at(21, 9))
    assert not ours.worked_at(at(20, 9))


def test_a_year_nobody_entered_is_told_as_such() -> None:
    after = max(YEARS) + 1
    new_year = datetime(after, 1, 2, 9, tzinfo=WIB)
    assert USUAL.unsure_until(new_year, new_year - timedelta(days=3))
    entered = WorkingTime(calendar=Calendar(years=frozenset({after})))
    assert not entered.unsure_until(new_year, new_year - timedelta(days=3))
    assert not USUAL.unsure_until(at(25, 9), at(24, 9))


def test_hours_in_which_hardly_anybody_works_are_refused() -> None:
    with pytest.raises(NeverOpen):
        WorkingTime({0: (600, 600), 1: (540, 600)})


MOMENTS = st.datetimes(
    datetime(2020, 1, 1),  # noqa: DTZ001 (the strategy adds the zone)
    datetime(2024, 11, 30),  # noqa: DTZ001
    timezones=st.just(UTC),
)
WORK = st.timedeltas(timedelta(0), timedelta(hours=100))


@st.composite
def teams(draw: st.DrawFn) -> WorkingTime:
    minute = st.integers(0, 24 * 60)
    hours: Hours = draw(st.dictionaries(st.integers(0, 6), st.tuples(minute, minute), min_size=1))
    if sum(max(closes - opens, 0) for opens, closes in hours.values()) < LEAST_MINUTES:
        hours = DEFAULT_HOURS
    off = draw(st.dictionaries(st.dates(date(2020, 1, 1), date(2024, 12, 31)), st.sampled_from(["Libur", None])))
    return WorkingTime(hours, Calendar(off))


@given(teams(), MOMENTS, WORK)
def test_a_deadline_always_lies_within_hours_and_never_before_its_beginning(
    team: WorkingTime, begins: datetime, work: timedelta
) -> None:
    ends = team.after(begins, work)
    hours = team.on(wib(ends).date())
    assert hours is not None
    assert hours[0] <= ends <= hours[1]
    assert ends >= begins


@given(teams(), MOMENTS, WORK, WORK)
def test_time_is_added_in_parts_as_in_one_go(
    team: WorkingTime, begins: datetime, first: timedelta, then: timedelta
) -> None:
    assert team.after(team.after(begins, first), then) == team.after(begins, first + then)


@given(teams(), MOMENTS, MOMENTS, WORK, WORK)
def test_later_and_longer_never_end_earlier(
    team: WorkingTime, one: datetime, other: datetime, short: timedelta, more: timedelta
) -> None:
    assert team.after(min(one, other), short) <= team.after(max(one, other), short)
    assert team.after(one, short) <= team.after(one, short + more)


@given(teams(), MOMENTS, WORK)
def test_what_is_added_is_what_lies_between(team: WorkingTime, begins: datetime, work: timedelta) -> None:
    assert team.between(begins, team.after(begins, work)) == work
