"""Median and p90 of counted times: the time that half, or nine in ten, did not exceed. By nearest rank, so always a
time that really was.
"""

from collections.abc import Iterable
from dataclasses import dataclass

MEDIAN, P90 = 50, 90


@dataclass(frozen=True)
class Times:
    """How many were timed, and how long it took them; nothing where none was."""

    number: int = 0
    median: int | None = None
    p90: int | None = None


def rank(number: int, percent: int) -> int:
    """Return which of so many, in order, stands for the quantile."""
    return -(-number * percent // 100)


def located(counts: Iterable[tuple[int, int]], wanted: int) -> tuple[int, int]:
    """Return the value (or bucket) in which the wanted one lies, and its rank in it; `counts` is (value, number)."""
    for value, number in sorted(counts):
        if wanted <= number:
            return value, wanted
        wanted -= number
    raise ValueError("fewer than wanted")


def times_of(counts: Iterable[tuple[int, int]]) -> Times:
    """Return median and p90 of values with their numbers."""
    every = [(value, number) for value, number in counts if number > 0]
    total = sum(number for _, number in every)
    if not total:
        return Times()
    median, p90 = (located(every, rank(total, percent))[0] for percent in (MEDIAN, P90))
    return Times(total, median, p90)
