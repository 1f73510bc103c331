"""Working days as an office in Indonesia counts them."""

from datetime import date

import pytest

from checks.indonesian import working_days_after
from records.holidays import YEARS, holiday


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        (date(2020, 8, 24), 5, date(2020, 8, 31)),
        (date(2020, 8, 14), 1, date(2020, 8, 18)),  # over a weekend and Independence Day
        (date(2020, 8, 19), 1, date(2020, 8, 24)),  # over the Islamic new year and its collective leave
        (date(2020, 5, 20), 1, date(2020, 5, 22)),  # its collective leave was taken back in May 2020
        (date(2020, 12, 24), 3, date(2020, 12, 30)),  # so was that of 28 to 30 December
        (date(2022, 4, 28), 1, date(2022, 5, 9)),
        (date(2024, 2, 13), 1, date(2024, 2, 15)),
    ],
)
def test_weekends_holidays_and_collective_leave_are_not_worked(start: date, count: int, end: date) -> None:
    assert working_days_after(start, count) == end


@pytest.mark.parametrize("year", YEARS)
def test_every_year_has_its_fixed_days_and_a_source(year: int) -> None:
    assert all(holiday(date(year, month, day)) for month, day in ((1, 1), (5, 1), (6, 1), (8, 17), (12, 25)))
    assert YEARS[year].source.startswith("SKB ")


def test_of_a_year_without_a_decree_only_weekends_are_known() -> None:
    assert not holiday(date(2019, 8, 17))
    assert working_days_after(date(2019, 8, 14), 1) == date(2019, 8, 15)
