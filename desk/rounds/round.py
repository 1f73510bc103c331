"""One round: something looked after again and again, in small batches, one transaction a case."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

from desk.office import Office


@dataclass(frozen=True)
class Round:
    """What is done, how it is called where it fails, and how long to rest between two times (real time)."""

    name: str
    every: timedelta
    run: Callable[[Office], Awaitable[int]]
    """Returns how much it did; deadlines are by the office's clock."""
