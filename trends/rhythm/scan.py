"""The test: is there a stretch of the last two hours in which more of this scope came than chance explains?

A scan over windows of two minutes to two hours (Kulldorff's prospective scan): short ones see a great rise at once,
long ones see a small or creeping one. One chance of a false alarm is shared by all scopes, windows and minutes.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from trends.rhythm.baseline import Baseline
from trends.rhythm.level import Levels
from trends.rhythm.recent import Recent
from trends.rhythm.scope import EVERYTHING, Scope
from trends.rhythm.tails import gain, log_tail

WINDOWS = (2, 3, 5, 8, 12, 20, 30, 45, 60, 90, 120)
BACK_TO = 180
Explained = Sequence[Scope]
"""Scopes whose excess is told of already."""


@dataclass(frozen=True)
class Strictness:
    """What must be so before a rise is told of."""

    log_chances: tuple[float, float, float, float] = (-6.8, -6.8, -7.8, -9.3)
    """log10 of the chance of one test that goes wrong, by how many of the three are named: of narrow scopes there are
    many, and outages seldom are so narrow. docs/detection.md says where the numbers come from."""
    least: float = 7
    """So many messages at least, and one less than that beyond the usual."""
    ratio: float = 2.0
    """So many times the usual at least: less than that is for people to look at by day."""
    ratio_of_all: float = 3.0
    """The same of everything together, which nothing stands beside to compare it with."""


@dataclass(frozen=True)
class Rise:
    """A scope that rose: how many came where how many are usual, since which minute, and how clearly."""

    scope: Scope
    since: int
    observed: float
    expected: float
    log_chance: float
    gain: float

    @property
    def ratio(self) -> float:
        """How many times the usual."""
        return self.observed / max(self.expected, 0.1)


@dataclass
class Scan:
    """One look at one minute."""

    baseline: Baseline
    recent: Recent
    levels: Levels
    now: int
    """The minute after the last one looked at."""
    strict: Strictness = Strictness()
    owed: dict[str | None, int] = field(default_factory=dict)
    """Channel (None: all) → when it fell silent: what was written then came at once; no window begins after that."""

    ended: Sequence[tuple[Scope, int]] = ()
    """Rises that are over, and since when: what they brought is not found a second time."""

    def rises(self, scopes: Iterable[Scope]) -> list[Rise]:
        """Return what has risen, the clearest first."""
        found = [rise for scope in scopes if (rise := self.test(scope))]
        return sorted(found, key=lambda it: -it.gain)

    def test(self, scope: Scope, explained: Explained = ()) -> Rise | None:
        """Return the clearest stretch in which this scope rose beyond what known rises explain, or none."""
        count, now = self.recent.count, self.now
        if count(scope, now - WINDOWS[-1], now) < self.strict.least:
            return None
        own, strict = self.levels.own(scope), self.strict
        best: Rise | None = None
        ratio = strict.ratio_of_all if scope == EVERYTHING else strict.ratio
        for length in reversed(WINDOWS):
            start = self._start(scope, now - length) if self.owed or self.ended else now - length
            said = count(scope, start, now) if start < now else 0.0
            if said < strict.least:
                # shorter ones hold no more
                break
            observed = said - sum(self._excess(it, start) for it in explained) if explained else said
            meant = self.baseline.expected(scope, start, now) * own.ratio + self.baseline.floor
            if observed < ratio * meant or observed - meant < strict.least - 1:
                continue
            rise = self._rise(scope, start, observed, meant, own.spread)
            if rise and (best is None or rise.gain > best.gain):
                best = rise
        return best

    def _rise(self, scope: Scope, start: int, observed: float, meant: float, uncertain: float) -> Rise | None:
        """Say how unlikely so many are, first as if nothing else had risen, for that is most often enough."""
        strict, clumps, allowed = self.strict, self.baseline.clumps, self.strict.log_chances[scope.named]
        spread = self.baseline.spread(scope, self.now) + uncertain
        chance = log_tail(observed / clumps, meant / clumps, spread)
        if chance > allowed:
            return None
        if scope != EVERYTHING and self.levels.general() > 1:
            meant *= self.levels.general()
            if observed < strict.ratio * meant or observed - meant < strict.least - 1:
                return None
            chance = log_tail(observed / clumps, meant / clumps, spread)
        if chance > allowed:
            return None
        return Rise(scope, start, observed, meant, chance, gain(observed, meant, spread))

    def _excess(self, scope: Scope, start: int) -> float:
        return max(0.0, self.recent.count(scope, start, self.now) - self.expected(scope, start, self.now))

    def _start(self, scope: Scope, start: int) -> int:
        silent = [at for channel, at in self.owed.items() if channel is None or scope.channel in (None, channel)]
        start = min([start, *silent])
        return max([start, *(at for known, at in self.ended if scope.both(known))])

    def expected(self, scope: Scope, start: int, end: int) -> float:
        """Return how many of a scope are usual in a stretch, at the present level."""
        meant = self.baseline.expected(scope, start, end) * self.levels.own(scope).ratio
        return meant if scope == EVERYTHING else meant * self.levels.general()

    def began(self, scope: Scope) -> int:
        """Return the minute from which on "it rose" explains the counts best: the change point."""
        best, found = 0.0, self.now - 1
        spread = self.baseline.spread(scope, self.now)
        for minute in self.recent.minutes(scope, self.now - BACK_TO, self.now):
            observed = self.recent.count(scope, minute, self.now)
            score = gain(observed, self.expected(scope, minute, self.now), spread)
            if score > best:
                best, found = score, minute
        return self._start(scope, found)
