"""The last hours, minute by minute: how many of any scope came between two minutes."""

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass, field

from trends.rhythm.scope import EVERYTHING, Scope, scopes_of

KEPT_MINUTES = 12 * 60
Arrived = tuple[str, str, str, float]
"""Intent, platform, channel, how many."""


@dataclass(slots=True)
class Arrivals:
    """A scope's minutes in which something came, and how many up to each."""

    minutes: list[int] = field(default_factory=list)
    sums: list[float] = field(default_factory=list)

    def add(self, minute: int, count: float) -> None:
        """Add what came in a minute, the last one or a new one."""
        if self.minutes and self.minutes[-1] == minute:
            self.sums[-1] += count
        else:
            self.minutes.append(minute)
            self.sums.append((self.sums[-1] if self.sums else 0.0) + count)

    def before(self, minute: int) -> float:
        """Return how many came before a minute, counted from an arbitrary beginning."""
        place = bisect_left(self.minutes, minute)
        return self.sums[place - 1] if place else 0.0

    def drop_from(self, minute: int) -> None:
        """Forget this minute and what came later."""
        place = bisect_left(self.minutes, minute)
        del self.minutes[place:], self.sums[place:]

    def drop_before(self, minute: int) -> None:
        """Forget what came earlier."""
        place = bisect_left(self.minutes, minute)
        if place:
            gone = self.sums[place - 1]
            self.minutes, self.sums = self.minutes[place:], [it - gone for it in self.sums[place:]]


class Recent:
    """Everything of the last hours; minutes come in order, the last few may be told again."""

    def __init__(self) -> None:
        self._arrivals: dict[Scope, Arrivals] = {}
        self._minutes: dict[int, list[Arrived]] = {}
        self._swept = 0

    def tell(self, minute: int, arrived: Iterable[Arrived]) -> None:
        """Add what came in a minute; it must be the newest."""
        told = list(arrived)
        if not told:
            return
        self._minutes[minute] = told
        for intent, platform, channel, count in told:
            for scope in scopes_of(intent, platform, channel):
                self._arrivals.setdefault(scope, Arrivals()).add(minute, count)
        self._sweep(minute)

    def tell_again_from(self, minute: int) -> None:
        """Forget this minute and later ones, for they will be told again."""
        gone = {
            scope
            for at in [it for it in self._minutes if it >= minute]
            for intent, platform, channel, _ in self._minutes.pop(at)
            for scope in scopes_of(intent, platform, channel)
        }
        for scope in gone:
            self._arrivals[scope].drop_from(minute)

    def count(self, scope: Scope, start: int, end: int) -> float:
        """Return how many came from the minute `start` to before `end`."""
        arrivals = self._arrivals.get(scope)
        return arrivals.before(end) - arrivals.before(start) if arrivals else 0.0

    def minutes(self, scope: Scope, start: int, end: int) -> list[int]:
        """Return the minutes in which something came."""
        arrivals = self._arrivals.get(scope)
        if arrivals is None:
            return []
        return arrivals.minutes[bisect_left(arrivals.minutes, start) : bisect_left(arrivals.minutes, end)]

    @property
    def first(self) -> int | None:
        """The first minute anything is known of."""
        arrivals = self._arrivals.get(EVERYTHING)
        return arrivals.minutes[0] if arrivals and arrivals.minutes else None

    def latest(self, scope: Scope) -> int | None:
        """Return the last minute in which something came."""
        arrivals = self._arrivals.get(scope)
        return arrivals.minutes[-1] if arrivals and arrivals.minutes else None

    def touched(self, minute: int) -> set[Scope]:
        """Return the scopes something came of in a minute."""
        told = self._minutes.get(minute, ())
        return {scope for intent, platform, channel, _ in told for scope in scopes_of(intent, platform, channel)}

    def scopes(self) -> list[Scope]:
        """Return every scope something came of in the last hours."""
        return list(self._arrivals)

    def _sweep(self, minute: int) -> None:
        if minute - self._swept < 120:
            return
        self._swept, oldest = minute, minute - KEPT_MINUTES
        for at in [it for it in self._minutes if it < oldest]:
            del self._minutes[at]
        for scope, arrivals in list(self._arrivals.items()):
            arrivals.drop_before(oldest)
            if not arrivals.minutes:
                del self._arrivals[scope]
