"""How well a model reads, as one number each: as a classifier, and as what a participant would live through.

As a classifier its first guess counts, sure or not. As a conversation it answers, asks back (offering its likeliest
meanings) or refuses; a wrong answer, a question and a refusal are different things to the person who wrote.
"""

from collections import Counter
from typing import Any, Dict, List, Sequence, Set, Tuple

from nlu.components.outcomes import names_of, outcome
from nlu.components.special_intents import OUT_OF_SCOPE

CONFUSIONS = 15
BINS = 10

Row = Dict[str, Any]


def score(rows: Sequence[Row], readings: Sequence[Row]) -> Dict[str, Any]:
    """Return the figures of a set of labelled messages and what the model read in them."""
    pairs = list(zip(rows, readings, strict=True))
    guesses = [reading["ranking"][0]["name"] for reading in readings]
    return {
        "rows": len(rows),
        "strict": _share(sum(guess == row["intent"] for row, guess in zip(rows, guesses, strict=True)), len(rows)),
        "lenient": _share(sum(guess in _right(row) for row, guess in zip(rows, guesses, strict=True)), len(rows)),
        "top3": _share(sum(bool(_right(row) & set(names_of(reading)[:3])) for row, reading in pairs), len(rows)),
        "calibration_error": _calibration_error(pairs),
        "macro_f1": _macro_f1([row["intent"] for row in rows], guesses),
        **_as_conversation(pairs),
        "second_found": _second_found(pairs),
        "ms": _times([reading["ms"] for reading in readings]),
        "confusions": _confusions(rows, guesses),
    }


def _as_conversation(pairs: Sequence[Tuple[Row, Row]]) -> Dict[str, float]:
    inside = [outcome(row, reading) for row, reading in pairs if row["intent"] != OUT_OF_SCOPE]
    outside = [outcome(row, reading) for row, reading in pairs if row["intent"] == OUT_OF_SCOPE]
    shares = {}
    for name in ("direct_right", "direct_wrong", "asked_right", "asked_wrong", "refused_in_scope"):
        shares[name] = _share(inside.count(name), len(inside))
    for name in ("oos_refused", "oos_asked", "oos_answered"):
        shares[name] = _share(outside.count(name), len(outside))
    return shares


def _calibration_error(pairs: Sequence[Tuple[Row, Row]]) -> float:
    """Return by how much the confidence in the first meaning misses how often it is right, over ten bins."""
    bins: Dict[int, List[Tuple[float, bool]]] = {}
    for row, reading in pairs:
        first = reading["ranking"][0]
        bins.setdefault(min(int(first["confidence"] * BINS), BINS - 1), []).append(
            (first["confidence"], first["name"] in _right(row))
        )
    missed = sum(abs(sum(sure for sure, _ in met) - sum(right for _, right in met)) for met in bins.values())
    return round(missed / len(pairs), 4) if pairs else 0.0


def _second_found(pairs: Sequence[Tuple[Row, Row]]) -> float:
    """Return in how many messages with a second meaning both were found, in any order."""
    double = [(row, reading) for row, reading in pairs if row.get("also")]
    found = 0
    for row, reading in double:
        read = {names_of(reading)[0], *(second["name"] for second in reading["also"])}
        found += row["intent"] in read and bool(read & set(row["also"]))
    return _share(found, len(double))


def _macro_f1(right: Sequence[str], guesses: Sequence[str]) -> float:
    scores = []
    for intent in sorted(set(right)):
        hits = sum(a == b == intent for a, b in zip(right, guesses, strict=True))
        scores.append(2 * hits / (right.count(intent) + guesses.count(intent)))
    return round(sum(scores) / len(scores), 4) if scores else 0.0


def _confusions(rows: Sequence[Row], guesses: Sequence[str]) -> List[Dict[str, Any]]:
    mistaken = [(row["intent"], guess) for row, guess in zip(rows, guesses, strict=True) if guess not in _right(row)]
    return [
        {"is": right, "read_as": guess, "times": times}
        for (right, guess), times in Counter(mistaken).most_common(CONFUSIONS)
    ]


def _times(milliseconds: Sequence[float]) -> Dict[str, float]:
    ordered = sorted(milliseconds)
    return {"p50": ordered[len(ordered) // 2], "p99": ordered[int(len(ordered) * 0.99)]} if ordered else {}


def _right(row: Row) -> Set[str]:
    return {row["intent"], *row.get("also", [])}


def _share(part: int, whole: int) -> float:
    return round(part / whole, 4) if whole else 0.0
