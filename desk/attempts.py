"""How often somebody may try to sign in: failures are counted by name, by address and by both, by real time.

Counted in this process, which is the only one that serves the desk's pages.
"""

from collections import OrderedDict, deque
from datetime import datetime, timedelta

from records.clock import Clock

WINDOW = timedelta(minutes=15)
PER_PAIR, PER_NAME, PER_ADDRESS = 5, 20, 50
REMEMBERED = 20_000


class Attempts:
    """Failures of the last quarter of an hour."""

    def __init__(self, real_clock: Clock) -> None:
        self._now = real_clock
        self._failures: OrderedDict[tuple[str, ...], deque[datetime]] = OrderedDict()

    def wait(self, name: str, address: str) -> timedelta | None:
        """Return how long this name must wait at this address, or None when it may try."""
        waits = [
            self._failed(key)[-most] + WINDOW - self._now()
            for key, most in self._limits(name, address)
            if len(self._failed(key)) >= most
        ]
        return max(waits, default=None)

    def failed(self, name: str, address: str) -> None:
        """Count one failure."""
        for key, _ in self._limits(name, address):
            self._failures.setdefault(key, deque(maxlen=PER_ADDRESS)).append(self._now())
            self._failures.move_to_end(key)
        while len(self._failures) > REMEMBERED:
            self._failures.popitem(last=False)

    def succeeded(self, name: str, address: str) -> None:
        """Forget the failures of this name at this address."""
        self._failures.pop(("pair", name, address), None)

    def _failed(self, key: tuple[str, ...]) -> deque[datetime]:
        failures = self._failures.get(key, deque())
        while failures and failures[0] <= self._now() - WINDOW:
            failures.popleft()
        return failures

    @staticmethod
    def _limits(name: str, address: str) -> list[tuple[tuple[str, ...], int]]:
        return [(("pair", name, address), PER_PAIR), (("name", name), PER_NAME), (("address", address), PER_ADDRESS)]
