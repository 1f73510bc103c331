"""How busy it is anyway: a scope's own level of the last hours, and the level of everything at this moment.

A busy day lifts all intents and platforms alike; an outage lifts some. So the general level is measured without the
part that rose most, along intents and along platforms, and the lower of the two counts.
"""

from dataclasses import dataclass, field

from trends.rhythm.baseline import Baseline
from trends.rhythm.recent import KEPT_MINUTES, Recent
from trends.rhythm.scope import EVERYTHING, Scope

LAG, OWN_MINUTES = 30, 180
"""The own level is that of the three hours that ended half an hour ago: an outage must not make itself usual."""
OWN_PRIOR, LONG_AGO = 15.0, 0.05
GENERAL_MINUTES, GENERAL_ENOUGH, GENERAL_LONGEST = 20, 60.0, 180
TOP, BOTTOM = 0.35, 0.10
"""Which parts of the expectation are left out, the most risen and the least."""


@dataclass
class Level:
    """A level beside what was learned, and how uncertain it is."""

    ratio: float
    spread: float


@dataclass
class Levels:
    """The levels of one minute, worked out when asked for."""

    baseline: Baseline
    recent: Recent
    now: int
    frozen: dict[Scope, int] = field(default_factory=dict)
    """Scopes of rises that go on, and when those began: what came later says nothing about the usual level."""
    silent: dict[str | None, int] = field(default_factory=dict)
    """Channel (None: all) → when it fell silent: from then on it says nothing either."""
    _own: dict[Scope, Level] = field(default_factory=dict)
    _general: float | None = None

    def own(self, scope: Scope) -> Level:
        """Return the level of a scope before the last half hour."""
        if scope not in self._own:
            self._own[scope] = self._measure(scope)
        return self._own[scope]

    def _measure(self, scope: Scope) -> Level:
        end = self.now - LAG
        for risen, began in self.frozen.items():
            if began < end and (risen.holds(scope) or scope.holds(risen)):
                end = began
        end = min(
            [end, *(at for channel, at in self.silent.items() if channel is None or scope.channel in (None, channel))]
        )
        start = end - OWN_MINUTES
        if start < self.now - KEPT_MINUTES:
            # so long ago that the last hours say nothing: what was learned has to do
            return Level(1.0, LONG_AGO)
        usual, start = self.baseline.of(scope), max(start, self.recent.first or start)
        if start >= end:
            return Level(1.0, 1 / (min(OWN_PRIOR, usual.known) + 1))
        meant = self.baseline.expected(scope, start, end)
        said = self.recent.count(scope, start, end)
        prior = min(OWN_PRIOR, usual.known)
        # a narrow scope borrows the level of everything
        before = 1.0 if scope == EVERYTHING else self.own(EVERYTHING).ratio
        ratio = (prior * before + said) / max(prior + meant, 1e-9)
        return Level(max(ratio, 0.1), 1 / (prior + said + 1))

    def general(self) -> float:
        """Return how much everything has risen since the levels were measured; never below 1."""
        if self._general is None:
            length, parts = self._length(), (self.baseline.intents, self.baseline.platforms)
            self._general = max(1.0, min(self._trimmed(scopes, length) for scopes in parts))
        return self._general

    def _length(self) -> int:
        length = GENERAL_MINUTES
        while length < GENERAL_LONGEST and self.recent.count(EVERYTHING, self.now - length, self.now) < GENERAL_ENOUGH:
            length *= 2
        return min(length, GENERAL_LONGEST)

    def _trimmed(self, scopes: tuple[Scope, ...], length: int) -> float:
        """Return the level of these parts without the most and the least risen."""
        parts = []
        for scope in scopes:
            meant = self.baseline.expected(scope, self.now - length, self.now) * self.own(scope).ratio
            parts.append((self.recent.count(scope, self.now - length, self.now) / max(meant, 1e-9), meant))
        parts.sort()
        whole = sum(meant for _, meant in parts)
        passed = said = kept = 0.0
        for ratio, meant in parts:
            low, high = max(passed, BOTTOM * whole), min(passed + meant, (1 - TOP) * whole)
            if high > low:
                kept, said = kept + high - low, said + ratio * (high - low)
            passed += meant
        return said / kept if kept else 1.0
