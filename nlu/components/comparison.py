"""Whether a new model may replace the one in use: not if it costs people more on messages neither was taught.

Both read the same messages, so the difference is taken message by message. It counts as worse when it is worse by more
than two standard errors of that difference: a dozen messages read a little differently is noise, and retraining is no
reason to stop anybody.
"""

from math import sqrt
from typing import Any, Dict, List, NamedTuple, Sequence

from nlu.components.outcomes import COSTS, outcome
from nlu.components.score import score

Row = Dict[str, Any]
STANDARD_ERRORS = 2
FIGURES = (
    "strict",
    "lenient",
    "top3",
    "direct_right",
    "direct_wrong",
    "asked_right",
    "refused_in_scope",
    "oos_answered",
    "calibration_error",
)


class Comparison(NamedTuple):
    """Two models side by side on the same messages."""

    worse: bool
    difference: float
    """Mean cost of a message with the new model less that with the old, in questions."""
    error: float
    old: Dict[str, float]
    new: Dict[str, float]
    lost: List[Row]
    """Messages that the new model reads worse."""


def compare(rows: Sequence[Row], old: Sequence[Row], new: Sequence[Row]) -> Comparison:
    """Compare what two models read in labelled messages."""
    before = [COSTS[outcome(row, reading)] for row, reading in zip(rows, old, strict=True)]
    after = [COSTS[outcome(row, reading)] for row, reading in zip(rows, new, strict=True)]
    differences = [b - a for a, b in zip(before, after, strict=True)]
    mean = sum(differences) / len(differences)
    error = sqrt(sum((one - mean) ** 2 for one in differences)) / len(differences)
    lost = [
        {**row, "was": outcome(row, was), "is": outcome(row, now), "read_as": now["ranking"][0]["name"]}
        for row, was, now, difference in zip(rows, old, new, differences, strict=True)
        if difference > 0
    ]
    return Comparison(
        mean > STANDARD_ERRORS * error, round(mean, 4), round(error, 4), _figures(rows, old), _figures(rows, new), lost
    )


def _figures(rows: Sequence[Row], readings: Sequence[Row]) -> Dict[str, float]:
    scored = score(rows, readings)
    return {name: scored[name] for name in FIGURES}
