"""The picture of what more text brings: how much is read right after learning a part of the lines of every intent."""

from pathlib import Path
from typing import Any, Callable, Dict, List, NamedTuple, Sequence, Set

import numpy as np

from nlu.components.meaning import Meaning

PARTS = (1 / 32, 1 / 16, 1 / 8, 1 / 4, 1 / 2, 1.0)
SEED = 5


class Point(NamedTuple):
    """One part of the text, and what was read right after learning it."""

    lines: int
    right: Dict[str, float]


def measured(
    texts: Sequence[str], labels: Sequence[List[str]], sets: Dict[str, Any], told: Callable[[str], None]
) -> List[Point]:
    """Learn growing parts; `sets` holds (normalised messages, the set of right intents of each) by name."""
    chance, by_intent = np.random.default_rng(SEED), {}  # type: ignore[var-annotated]
    for number, names in enumerate(labels):
        by_intent.setdefault(names[0], []).append(number)
    shuffled = {intent: chance.permutation(numbers) for intent, numbers in by_intent.items()}
    points = []
    for part in PARTS:
        taken = [n for numbers in shuffled.values() for n in numbers[: max(3, round(len(numbers) * part))]]
        meaning = Meaning.learn([texts[n] for n in taken], [list(labels[n]) for n in taken])
        right = {name: _right(meaning, messages, wanted) for name, (messages, wanted) in sets.items()}
        told(f"{len(taken)} lines: {right}")
        points.append(Point(len(taken), right))
    return points


def draw(points: Sequence[Point], path: Path) -> Path:
    """Write the curve as SVG and return where it stands."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(7, 4.2), layout="constrained")
    for name in points[-1].right:
        shares = [point.right[name] for point in points]
        axes.plot([point.lines for point in points], shares, marker="o", label=name)
        for point, share in zip(points, shares, strict=True):
            axes.annotate(
                f"{share:.0%}", (point.lines, share), (0, 7), textcoords="offset points", fontsize=8, ha="center"
            )
    axes.set_xscale("log", base=2)
    axes.set_xticks([point.lines for point in points], [f"{point.lines:,}" for point in points])
    axes.minorticks_off()
    axes.set_xlabel("lines learned")
    axes.set_ylabel("read right: primary or second meaning")
    axes.set_ylim(0, 1)
    axes.grid(alpha=0.3)
    axes.legend()
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, metadata={"Date": None})
    pyplot.close(figure)
    return path


def _right(meaning: Meaning, messages: Sequence[str], wanted: Sequence[Set[str]]) -> float:
    read = (meaning.intents[int(meaning.hear(text).margins.argmax())] for text in messages)
    return sum(name in names for name, names in zip(read, wanted, strict=True)) / len(messages)
