"""Plain statistics: quantiles of what was measured, and medians over rounds."""

from collections.abc import Sequence
from statistics import median

__all__ = ["median", "milliseconds", "quantile", "spread"]


def quantile(values: Sequence[float], share: float) -> float:
    """Return the smallest value that at least this share of the values do not exceed; 0 of nothing."""
    if not values:
        return 0.0
    ordered = sorted(values)
    # a whole number of values times a share may come out a hair above the whole number
    rank = -(-round(share * len(ordered) * 1e9) // 10**9)
    return ordered[max(0, min(len(ordered), rank) - 1)]


def milliseconds(seconds: float) -> float:
    """Return milliseconds with one decimal."""
    return round(seconds * 1000, 1)


def spread(values: Sequence[float]) -> str:
    """Say a median with the least and the greatest."""
    return f"{median(values):.1f} ({min(values):.1f} to {max(values):.1f})"
