"""The pictures behind docs/understanding.md.

`nlu/.venv/bin/python nlu/study.py thresholds` draws how the newest model's thresholds were chosen; `… curve [FILE …]`
learns growing parts of the training text (some minutes) and draws how much of the regression set, and of other labelled
files, is read right.
"""

import argparse
import sys
from pathlib import Path
from typing import Any, Dict, List, Sequence

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402

from nlu.components.archive import NoModel, Reader  # noqa: E402
from nlu.components.calibration import calibration  # noqa: E402
from nlu.components.labelled import rows_of  # noqa: E402
from nlu.components.normaliser import Normaliser  # noqa: E402
from nlu.components.special_intents import OUT_OF_SCOPE  # noqa: E402
from nlu.components.thresholds import judged  # noqa: E402
from nlu.components.training_files import examples_of  # noqa: E402
from nlu.report import learning_curve, threshold_map  # noqa: E402

OUT = ROOT / "docs" / "understanding"
REGRESSION = ROOT / "nlu" / "heldout" / "regression.jsonl"


def thresholds(out: Path) -> Path:
    """Draw how the thresholds of the newest model were chosen."""
    decision = Reader.newest(ROOT / "models").decision
    texts, labels = calibration(Normaliser.from_words())
    likely = np.array([decision.meaning.likelihoods(decision.meaning.hear(text).margins) for text in texts])
    outside = [names[0] == OUT_OF_SCOPE for names in labels]
    seen = judged(likely, decision.meaning.intents, [set(names) for names in labels], outside)
    return threshold_map.draw(seen, decision.thresholds, out / "thresholds.svg")


def curve(files: Sequence[Path], out: Path) -> Path:
    """Draw how much more text brings."""
    spelled = Normaliser.from_words()
    examples = list(examples_of(ROOT / "nlu" / "training"))
    sets: Dict[str, Any] = {}
    for file in (REGRESSION, *files):
        rows: List[Dict[str, Any]] = rows_of(file)
        sets[file.stem] = ([spelled(r["text"]) for r in rows], [{r["intent"], *r["also"]} for r in rows])
    points = learning_curve.measured(
        [spelled(one.text) for one in examples],
        [[one.intent, *one.also] for one in examples],
        sets,
        lambda line: sys.stderr.write(line + "\n"),
    )
    return learning_curve.draw(points, out / "learning-curve.svg")


def main() -> int:
    """Draw from the command line."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("what", choices=["thresholds", "curve"])
    arguments.add_argument("files", type=Path, nargs="*")
    arguments.add_argument("--out", type=Path, default=OUT)
    given = arguments.parse_args()
    try:
        drawn = thresholds(given.out) if given.what == "thresholds" else curve(given.files, given.out)
    except (NoModel, OSError, ValueError) as failed:
        sys.stderr.write(f"{failed}\n")
        return 1
    sys.stdout.write(f"{drawn}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
