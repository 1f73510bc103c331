"""The picture of an evaluation: rows are what was meant, columns what was read; a good model is a dark diagonal."""

from collections import Counter
from pathlib import Path
from typing import Any, Dict, List, Sequence

import numpy as np

INCHES_EACH = 0.24
LEAST_INCHES = 4.0
WRITTEN_FROM = 0.1
LIGHT_FROM = 0.55


def draw(rows: Sequence[Dict[str, Any]], readings: Sequence[Dict[str, Any]], path: Path) -> Path:
    """Write the map as SVG and return where it stands."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    names, shares = _shares(rows, readings)
    size = max(LEAST_INCHES, len(names) * INCHES_EACH)
    figure, axes = pyplot.subplots(figsize=(size + 2.6, size + 2.2), layout="constrained")
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    axes.set_xticks(range(len(names)), names, rotation=90, fontsize=7)
    axes.set_yticks(range(len(names)), names, fontsize=7)
    axes.set_xlabel("read as (its likeliest meaning)")
    axes.set_ylabel("meant")
    axes.set_title("Share of each row's messages; a second meaning that was accepted counts as right", fontsize=9)
    for row, column in zip(*np.nonzero(shares >= WRITTEN_FROM), strict=True):
        share = shares[row, column]
        colour = "white" if share >= LIGHT_FROM else "black"
        axes.text(column, row, f"{share * 100:.0f}", ha="center", va="center", fontsize=5.5, color=colour)
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, metadata={"Date": None})
    pyplot.close(figure)
    return path


def _shares(rows: Sequence[Dict[str, Any]], readings: Sequence[Dict[str, Any]]) -> "tuple[List[str], np.ndarray]":
    counts: Counter = Counter()
    for row, reading in zip(rows, readings, strict=True):
        read = reading["ranking"][0]["name"]
        counts[row["intent"], row["intent"] if read in row["also"] else read] += 1
    names = sorted({name for pair in counts for name in pair})
    table = np.array([[counts[row, column] for column in names] for row in names], dtype=float)
    return names, table / np.maximum(table.sum(axis=1, keepdims=True), 1)
