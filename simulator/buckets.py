"""Token buckets for the limits of both channels, on the machine's own clock."""

import time
from collections.abc import Callable

type Monotonic = Callable[[], float]


class Bucket:
    """Lets `burst` through at once and refills at `rate` a second."""

    __slots__ = ("_at", "_burst", "_left", "_rate")

    def __init__(self, rate: float, burst: float, now: float) -> None:
        self._rate, self._burst, self._left, self._at = rate, burst, burst, now

    def wait(self, now: float) -> float:
        """Say how many seconds are missing until one more fits; 0 when it does."""
        self._left = min(self._burst, self._left + (now - self._at) * self._rate)
        self._at = now
        return 0.0 if self._left >= 1 else (1 - self._left) / self._rate

    def take(self) -> None:
        """Use one up."""
        self._left -= 1


class Buckets:
    """One bucket a key, all of the same size."""

    def __init__(self, rate: float, burst: float, monotonic: Monotonic = time.monotonic) -> None:
        self.rate, self.burst, self._monotonic = rate, burst, monotonic
        self._buckets: dict[str, Bucket] = {}

    def of(self, key: str) -> tuple[Bucket, float]:
        """Give the bucket of a key, and how long it must wait now."""
        now = self._monotonic()
        bucket = self._buckets.get(key)
        if bucket is None:
            bucket = self._buckets[key] = Bucket(self.rate, self.burst, now)
        return bucket, bucket.wait(now)

    def resize(self, rate: float, burst: float) -> None:
        """Change the limit; everybody starts afresh."""
        self.rate, self.burst = rate, burst
        self._buckets.clear()
