"""How surely do two counts differ? The conditional binomial test of two Poisson rates, and the price of many tests.

Given their sum, the first of two Poisson counts of equal rate is binomial with the share of the time it was watched
(Przyborowski and Wilenski, 1940). Complaints come in bursts, not one by one: counts are first divided by how much more
they vary than Poisson counts would (quasi-likelihood). Of many bars some differ by chance: the share of false ones
among those called sure is held down after Benjamini and Hochberg (1995).
"""

import math
from collections.abc import Mapping, Sequence
from statistics import median

MEDIAN_OF_CHI_SQUARE = 0.4549
"""Of one degree of freedom: the square of two Poisson counts' difference over their sum lies below it half the time."""
WEEK = 7
EXACT_UP_TO = 200_000
CLOSE = 1e-12
MOST_STEPS = 10_000


def rate_test(now: float, before: float, exposure: float = 1.0, spread: float = 1.0) -> float:
    """Return how likely so great a difference is by chance (two-sided), where `now` was watched `exposure` as long."""
    first, second, share = now / spread, before / spread, exposure / (exposure + 1)
    if first + second == 0 or exposure <= 0:
        return 1.0
    if first + second > EXACT_UP_TO:
        return _normal(first, second, share)
    at_least = _beta(first, second + 1, share) if first else 1.0
    at_most = _beta(second, first + 1, 1 - share) if second else 1.0
    return min(1.0, 2 * min(at_least, at_most))


def adjusted(chances: Mapping[str, float]) -> dict[str, float]:
    """Return each chance as Benjamini and Hochberg adjust it for so many tests."""
    found: dict[str, float] = {}
    lowest = 1.0
    for rank, (key, chance) in reversed(list(enumerate(sorted(chances.items(), key=lambda it: it[1]), start=1))):
        lowest = min(lowest, chance * len(chances) / rank)
        found[key] = lowest
    return found


def spread_of(days: Sequence[int]) -> float:
    """Return how much more daily counts vary than Poisson counts would, at least 1.

    Each day is held against the same weekday a week before, so neither the week's rhythm nor a slow change counts; the
    median is taken, so neither does one bad week.
    """
    pairs = zip(days, days[WEEK:], strict=False)
    steps = [(later - earlier) ** 2 / (later + earlier) for earlier, later in pairs if later + earlier]
    return max(1.0, median(steps) / MEDIAN_OF_CHI_SQUARE) if steps else 1.0


def _normal(first: float, second: float, share: float) -> float:
    total = first + second
    far = (abs(first - total * share) - 0.5) / math.sqrt(total * share * (1 - share))
    return math.erfc(max(0.0, far) / math.sqrt(2))


def _beta(a: float, b: float, x: float) -> float:
    """The regularised incomplete beta function: the upper tail of a binomial, for counts that need not be whole."""
    if x <= 0 or x >= 1:
        return 0.0 if x <= 0 else 1.0
    front = math.exp(math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x))
    if x < (a + 1) / (a + b + 2):
        return min(1.0, front * _fraction(a, b, x) / a)
    return max(0.0, 1 - front * _fraction(b, a, 1 - x) / b)


def _fraction(a: float, b: float, x: float) -> float:
    """Its continued fraction, worked out after Lentz."""
    tiny = 1e-300
    upper, lower = 1.0, 1 - (a + b) * x / (a + 1)
    lower = 1 / (lower if abs(lower) > tiny else tiny)
    value = lower
    for step in range(1, MOST_STEPS):
        for term in (
            step * (b - step) * x / ((a + 2 * step - 1) * (a + 2 * step)),
            -(a + step) * (a + b + step) * x / ((a + 2 * step) * (a + 2 * step + 1)),
        ):
            lower = 1 + term * lower
            lower = 1 / (lower if abs(lower) > tiny else tiny)
            upper = 1 + term / upper
            upper = upper if abs(upper) > tiny else tiny
            value *= upper * lower
        if abs(upper * lower - 1) < CLOSE:
            break
    return value
