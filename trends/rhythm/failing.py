"""Failing checks and sends against their own habit: some of a hundred fail anyway, and a busy day has more of both."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from trends.rhythm.days import hour_of, minute_of
from trends.rhythm.listening import Going, Heard
from trends.rhythm.recent import Recent
from trends.rhythm.scope import EVERYTHING, Scope
from trends.rhythm.tails import gain, log_tail

CHECKS, SENDS = "checks", "sends"
WINDOWS = (3, 5, 10, 20, 60)
LEAST, RATIO, LOG_CHANCE = 5, 3.0, -8.0
SPREAD, ALWAYS = 0.3, 0.2
"""How restless failures are, and how many are nothing to speak of however few were asked."""
RARE = 0.002
ENOUGH_ASKED, BROKEN = 2000.0, 0.1
"""Hours in which a tenth failed were outages, and no habit."""
CALM_WINDOW, CALM_MINUTES = 15, 10


@dataclass
class Habit:
    """Which share fails anyway, by source or channel."""

    shares: dict[str, float] = field(default_factory=dict)
    _hours: dict[str, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))

    def add(self, name: str, at: datetime, failures: int) -> None:
        """Remember failures of the past."""
        self._hours[name][hour_of(minute_of(at))] += failures

    def settle(self, asked: Mapping[int, float]) -> None:
        """Work out the shares, by how many complaints there were."""
        whole = sum(asked.values())
        for name, hours in self._hours.items():
            failed = sum(min(count, BROKEN * asked.get(hour, 0.0)) for hour, count in hours.items())
            self.shares[name] = (failed + RARE * ENOUGH_ASKED) / (whole + ENOUGH_ASKED)

    def of(self, name: str) -> float:
        """Return the share of one source or channel."""
        return self.shares.get(name, RARE)


@dataclass
class Failing:
    """What fails beyond its habit, and what of it goes on."""

    kind: str
    habit: Habit
    going: list[Going] = field(default_factory=list)
    ended: dict[str, int] = field(default_factory=dict)
    """Sources or channels whose last rise is over, and since which minute: what failed before it is told of no more."""

    def look(self, failed: Mapping[str, Counter[int]], recent: Recent, now: int) -> Heard:
        """Look at the failures of the last hour."""
        heard = Heard()
        for name, minutes in failed.items():
            known = any(self.name_of(it) == name for it in self.going)
            if not known and (new := self._test(name, minutes, recent, now)):
                self.going.append(new)
                heard.opened.append(new)
        for it in list(self.going):
            self._follow(it, failed.get(self.name_of(it), Counter()), recent, now)
            if it.calm_from is not None and now - it.calm_from >= CALM_MINUTES:
                self.going.remove(it)
                self.ended[self.name_of(it)] = now
                heard.over.append(it)
        return heard

    def name_of(self, it: Going) -> str:
        """Return the source or channel of one that goes on."""
        return (it.source if self.kind == CHECKS else it.scope.channel) or ""

    def _expected(self, name: str, recent: Recent, start: int, now: int) -> float:
        scope = EVERYTHING if self.kind == CHECKS else Scope(None, None, name)
        return self.habit.of(name) * recent.count(scope, start, now) + ALWAYS

    def _test(self, name: str, minutes: Counter[int], recent: Recent, now: int) -> Going | None:
        best, chance, told = 0.0, 0.0, self.ended.get(name, 0)
        for start in (max(now - length, told) for length in WINDOWS):
            observed, meant = _between(minutes, start, now), self._expected(name, recent, start, now)
            unlikely = log_tail(observed, meant, SPREAD)
            if observed >= LEAST and observed >= RATIO * meant and unlikely <= LOG_CHANCE:
                best, chance = max(best, gain(observed, meant, SPREAD)), min(chance, unlikely)
        if not best:
            return None
        began = max(
            (at for at in minutes if max(now - WINDOWS[-1], told) <= at < now),
            key=lambda at: gain(_between(minutes, at, now), self._expected(name, recent, at, now), SPREAD),
        )
        scope = EVERYTHING if self.kind == CHECKS else Scope(None, None, name)
        source = name if self.kind == CHECKS else None
        return Going(scope, began, now, now, 0.0, 0.0, chance, kind=self.kind, source=source)

    def _follow(self, it: Going, minutes: Counter[int], recent: Recent, now: int) -> None:
        name = self.name_of(it)
        it.observed = float(_between(minutes, it.began, now))
        it.expected = self._expected(name, recent, it.began, now)
        lately = _between(minutes, now - CALM_WINDOW, now)
        if lately > 1.5 * self._expected(name, recent, now - CALM_WINDOW, now) + 1:
            it.calm_from, it.last = None, now
        elif it.calm_from is None:
            it.calm_from = now


def _between(minutes: Counter[int], start: int, end: int) -> int:
    return sum(count for at, count in minutes.items() if start <= at < end)
