"""What the method is set beside: a fixed threshold of each scope, and a plain z-score by hour of the week.

Both see the same scopes and the same minutes, learn from what came before, and are tuned to their best on another year.
"""

import math
from collections import Counter, defaultdict
from dataclasses import dataclass, field

from trends.rhythm.days import hour_of
from trends.rhythm.recent import Recent
from trends.rhythm.scope import Scope

BIN = 5
HOURS_A_WEEK = 168
LOWEST = {"fixed threshold": 0.8, "z-score": 5.0}
"""Scores below these are not even kept for tuning."""
RARELY = 0.999


@dataclass(frozen=True)
class Crossing:
    """A scope's score at a minute; an alarm where it reaches the threshold."""

    minute: int
    scope: Scope
    score: float
    count: float


@dataclass
class Rivals:
    """Both rivals on one year."""

    learned_bins: int = 0
    sums: dict[tuple[Scope, int], list[float]] = field(default_factory=lambda: defaultdict(lambda: [0.0, 0.0]))
    seen: dict[Scope, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))
    limits: dict[Scope, float] = field(default_factory=dict)
    crossings: dict[str, list[Crossing]] = field(default_factory=lambda: {name: [] for name in LOWEST})

    def learn(self, recent: Recent, end: int, scopes: set[Scope]) -> None:
        """Learn the five minutes that ended."""
        hour = hour_of(end - 1) % HOURS_A_WEEK
        self.learned_bins += 1
        for scope in scopes:
            count = recent.count(scope, end - BIN, end)
            kept = self.sums[scope, hour]
            kept[0] += count
            kept[1] += count * count
            self.seen[scope][int(count)] += 1

    def settle(self) -> None:
        """Work out the limits of the fixed threshold."""
        for scope, seen in self.seen.items():
            left = (1 - RARELY) * self.learned_bins
            for count in sorted(seen, reverse=True):
                left -= seen[count]
                if left <= 0:
                    self.limits[scope] = float(max(count, 1))
                    break

    def look(self, recent: Recent, now: int, scopes: set[Scope], least: float) -> None:
        """Keep every score that might become an alarm."""
        hour, bins = hour_of(now - 1) % HOURS_A_WEEK, max(1.0, self.learned_bins / HOURS_A_WEEK)
        for scope in scopes:
            count = recent.count(scope, now - BIN, now)
            if count < least:
                continue
            limit = count / self.limits.get(scope, 1.0)
            if limit >= LOWEST["fixed threshold"]:
                self.crossings["fixed threshold"].append(Crossing(now, scope, limit, count))
            total, squares = self.sums.get((scope, hour), (0.0, 0.0))
            mean = total / bins
            score = (count - mean) / math.sqrt(max(squares / bins - mean * mean, 1.0))
            if score >= LOWEST["z-score"]:
                self.crossings["z-score"].append(Crossing(now, scope, score, count))
