"""What is left out of a report stays out: even who knows the rule cannot work out a figure from what is printed."""

from collections.abc import Iterator
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from trends.small_cells import FEWEST, suppressed, whole

MOST = 9
PARTS = st.lists(st.integers(0, MOST), min_size=1, max_size=4).map(lambda parts: dict(enumerate(parts)))


def printed(parts: dict[int, int]) -> tuple[dict[int, int | None], int | None]:
    return suppressed(parts), whole(parts)


def possible(told: tuple[dict[int, int | None], int | None]) -> Iterator[dict[int, int]]:
    """Every table that would be printed like this one."""
    shown = {key: number for key, number in told[0].items() if number is not None}
    hidden = [key for key, number in told[0].items() if number is None]
    for numbers in product(range(MOST + 1), repeat=len(hidden)):
        parts = {key: shown[key] if key in shown else numbers[hidden.index(key)] for key in told[0]}
        if printed(parts) == told:
            yield parts


@settings(deadline=None, max_examples=60)
@given(PARTS)
def test_nobody_can_work_out_what_is_left_out(parts: dict[int, int]) -> None:
    told = printed(parts)
    tables = list(possible(told))
    for key, number in told[0].items():
        if number is None:
            assert len({table[key] for table in tables}) > 1, (parts, told)


@given(PARTS)
def test_no_small_figure_is_told_and_every_other_figure_is_as_it_was(parts: dict[int, int]) -> None:
    told, total = printed(parts)
    for key, number in told.items():
        assert number is None or (number == parts[key] and (number == 0 or number >= FEWEST))
    assert total is None or total == sum(parts.values())


@given(st.dictionaries(st.text(max_size=3), st.integers(FEWEST, 10_000) | st.just(0)))
def test_a_table_without_small_figures_is_told_whole(parts: dict[str, int]) -> None:
    assert (suppressed(parts), whole(parts)) == (parts, sum(parts.values()))


def test_one_small_figure_takes_the_next_smallest_with_it_and_the_whole_is_still_told() -> None:
    parts = {"Aceh": 3, "Banten": 40, "Riau": 7}
    assert printed_by_name(parts) == ({"Aceh": None, "Banten": 40, "Riau": None}, 50)


def test_the_whole_is_left_out_where_it_would_tell_the_only_part() -> None:
    assert printed_by_name({"Aceh": 3, "Riau": 0}) == ({"Aceh": None, "Riau": 0}, None)


def printed_by_name(parts: dict[str, int]) -> tuple[dict[str, int | None], int | None]:
    return suppressed(parts), whole(parts)
