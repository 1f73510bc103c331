"""How unlikely so many are (the tail of the negative binomial), and where a rise is clearest (the likelihood ratio).

The negative binomial is a Poisson count whose level is itself uncertain; `spread` is the variance of that level (0 is
plain Poisson). Kept in logarithms, so a tail of 1e-40 is a number like any other.
"""

import math

NEVER = -1e9
CLOSE_ENOUGH = 1e-9
NOTHING_UNUSUAL = 4.0
"""Within two standard deviations the tail is not worked out."""


def log_tail(observed: float, expected: float, spread: float) -> float:
    """Return log10 of the chance of at least so many."""
    count = observed
    if count <= 0:
        return 0.0
    if expected <= 0:
        return NEVER
    if (count - expected) ** 2 < NOTHING_UNUSUAL * (expected + spread * expected * expected):
        return 0.0
    # the sum over the tail, each term from the one before
    log_first = _log_chance(count, expected, spread)
    term = total = 1.0
    while term > CLOSE_ENOUGH * total:
        term *= _ratio(count, expected, spread)
        total += term
        count += 1
    return min(0.0, (log_first + math.log(total)) / math.log(10))


def _log_chance(count: float, expected: float, spread: float) -> float:
    if spread <= 0:
        return count * math.log(expected) - expected - math.lgamma(count + 1)
    shape = 1 / spread
    return (
        math.lgamma(count + shape)
        - math.lgamma(shape)
        - math.lgamma(count + 1)
        + shape * math.log(shape / (shape + expected))
        + count * math.log(expected / (shape + expected))
    )


def _ratio(count: float, expected: float, spread: float) -> float:
    """Return the chance of one more, divided by the chance of this many."""
    if spread <= 0:
        return expected / (count + 1)
    shape = 1 / spread
    return (count + shape) / (count + 1) * expected / (shape + expected)


def gain(observed: float, expected: float, spread: float) -> float:
    """Return how much better "it rose" explains the count than "it is usual" (0 where it did not rise)."""
    if observed <= expected:
        return 0.0
    expected = max(expected, 1e-6)
    return (observed * math.log(observed / expected) - (observed - expected)) / (1 + spread * expected)
