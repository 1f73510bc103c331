"""Messages written apart from the training text, by which a new model learns how far to trust itself."""

from pathlib import Path
from typing import Callable, List, Tuple

from nlu.components.labelled import rows_of

FILE = Path(__file__).parent.parent / "heldout" / "calibration.jsonl"


def calibration(normalised: Callable[[str], str], file: Path = FILE) -> Tuple[List[str], List[List[str]]]:
    """Return the normalised messages and the intents that each carries, the first of them first."""
    rows = rows_of(file)
    return [normalised(row["text"]) for row in rows], [[row["intent"], *row["also"]] for row in rows]
