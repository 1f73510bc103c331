"""A circuit breaker: after several failures in a row a source is left alone for a while, then tried by one question.

While that one is under way all others are turned away at once. An answer makes the way free again; another failure, or
a question that never came back, begins a new rest.
"""

import time
from collections.abc import Callable
from datetime import timedelta


class Breaker:
    """Counts failures in a row; real time, for it is machinery."""

    def __init__(
        self,
        failures: int = 5,
        rest: timedelta = timedelta(seconds=10),
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._limit = failures
        self._rest = rest.total_seconds()
        self._now = now
        self._failed = 0
        self._rests_until = 0.0

    def lets_through(self) -> bool:
        """Say whether the source may be asked; after a rest only one question goes first."""
        if self._failed < self._limit:
            return True
        if self._now() < self._rests_until:
            return False
        # this one goes; whoever comes while it is under way waits for the next rest to end
        self._rests_until = self._now() + self._rest
        return True

    def answered(self) -> None:
        """The source is there."""
        self._failed = 0

    def failed(self) -> None:
        """The source did not answer sensibly."""
        self._failed += 1
        if self._failed >= self._limit:
            self._rests_until = self._now() + self._rest
