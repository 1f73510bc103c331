"""The picture of how the thresholds were chosen: what each pair of them costs, and what the chosen pair brings."""

from pathlib import Path

import numpy as np

from nlu.components.thresholds import STEPS, Judged, Thresholds

SHOWN = {
    "direct_right": "answered rightly",
    "asked_right": "asked, right one offered",
    "direct_wrong": "answered wrongly",
    "oos_answered": "off topic, answered",
}


def draw(seen: Judged, chosen: Thresholds, path: Path) -> Path:
    """Write the picture as SVG and return where it stands."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    costs = np.array([[seen.cost(Thresholds(answer, refuse)) for answer in STEPS] for refuse in STEPS])
    figure, (left, right) = pyplot.subplots(1, 2, figsize=(11, 4.6), layout="constrained")
    edges = (STEPS[0], STEPS[-1], STEPS[0], STEPS[-1])
    shown = left.imshow(costs, origin="lower", extent=edges, cmap="viridis_r", aspect="auto")
    left.plot(chosen.answer, chosen.refuse, "o", color="white", markeredgecolor="black", markersize=9)
    left.annotate(
        f"chosen: {seen.cost(chosen):.2f}", (chosen.answer, chosen.refuse), (8, 8), textcoords="offset points"
    )
    left.set_xlabel("answer from")
    left.set_ylabel("refuse from")
    left.set_title("Cost of a message, in questions")
    figure.colorbar(shown, ax=left)
    _outcomes(right, seen, chosen)
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, metadata={"Date": None})
    pyplot.close(figure)
    return path


def _outcomes(axes, seen: Judged, chosen: Thresholds) -> None:  # type: ignore[no-untyped-def]
    inside, outside = max(int((~seen.outside).sum()), 1), max(int(seen.outside.sum()), 1)
    for name, label in SHOWN.items():
        of = outside if name.startswith("oos") else inside
        shares = [seen.outcomes(Thresholds(float(a), chosen.refuse))[name].sum() / of for a in STEPS]
        axes.plot(STEPS, shares, label=label)
    axes.axvline(chosen.answer, color="black", linewidth=0.8, linestyle="--")
    axes.set_xlabel("answer from")
    axes.set_ylabel("share of the messages of its side")
    axes.set_title(f"What follows, refusing from {chosen.refuse:.2f}")
    axes.set_ylim(0, 1)
    axes.legend(fontsize=8)
    axes.grid(alpha=0.3)
