"""Messages written apart from the training text, by which a new model learns how far to trust itself.

Real messages are harder than written ones: of the words of a register of public messages 7.8 % stand in fewer than
three training messages, of the words of these 2.2 %. So each is read several times with one word in eighteen hidden, as
if the model had never met it; on messages read whole it would trust itself too much.
"""

from pathlib import Path
from typing import Callable, List, Tuple

import numpy as np

from nlu.components.labelled import rows_of

FILE = Path(__file__).parent.parent / "heldout" / "calibration.jsonl"
HIDDEN = 1 / 18
TIMES = 4
SEED = 11


def calibration(normalised: Callable[[str], str], file: Path = FILE) -> Tuple[List[str], List[List[str]]]:
    """Return the normalised messages, words hidden, and the intents that each carries, the first of them first."""
    chance = np.random.default_rng(SEED)
    rows = rows_of(file) * TIMES
    texts = [_some_hidden(normalised(row["text"]), chance) for row in rows]
    return texts, [[row["intent"], *row["also"]] for row in rows]


def _some_hidden(text: str, chance: np.random.Generator) -> str:
    words = text.split()
    return " ".join(word for word in words if chance.random() >= HIDDEN) or text
