"""What else a message is about: the second problem of somebody who has two.

Either the whole message leans to a second meaning, or one clause of it says something of its own. Insults must not hide
a problem, and an answer that names a class or a platform is no question about classes or platforms.
"""

from typing import Any, Dict, List, NamedTuple, Sequence

import numpy as np

from nlu.components.clauses import clauses_of
from nlu.components.meaning import Meaning
from nlu.components.special_intents import DIALOGUE, OUT_OF_SCOPE

MOST = 2
SOUNDS_LIKE = {"inform": ("ask_training_choice", "ask_platforms")}


class Bounds(NamedTuple):
    """How likely a second meaning must be, of the whole message or of a clause, to be kept."""

    whole: float = 0.2
    clause: float = 0.6
    context: float = 0.3


class Seconds:
    """Finds second problems with a trained model."""

    def __init__(self, meaning: Meaning, bounds: Bounds = Bounds()) -> None:
        self._meaning = meaning
        self._bounds = bounds
        self._problems = np.array([name not in {OUT_OF_SCOPE, *DIALOGUE} for name in meaning.intents])

    def beside(self, first: str, text: str, margins: np.ndarray) -> List[Dict[str, Any]]:
        """Return other meanings of a normalised message than its first, each with how likely it is."""
        found = self._of_whole(margins)
        for name, likely in self._of_clauses(text, margins).items():
            found[name] = max(likely, found.get(name, 0.0))
        for name in (first, *SOUNDS_LIKE.get(first, ())):
            found.pop(name, None)
        best_first: Sequence[Any] = sorted(found.items(), key=lambda pair: -pair[1])
        return [{"name": name, "confidence": round(likely, 4)} for name, likely in best_first[:MOST]]

    def _of_whole(self, margins: np.ndarray) -> Dict[str, float]:
        likely = self._meaning.likelihoods(margins)
        return {
            self._meaning.intents[i]: float(likely[i])
            for i in np.flatnonzero(self._problems & (likely >= self._bounds.whole))
        }

    def _of_clauses(self, text: str, margins: np.ndarray) -> Dict[str, float]:
        found: Dict[str, float] = {}
        for clause in clauses_of(text):
            # The rest of the message tells which OTP is meant, so some of it stays.
            own = self._meaning.margins(clause) + self._bounds.context * margins
            likely = self._meaning.likelihoods(own)
            best = int(likely.argmax())
            if self._problems[best] and likely[best] >= self._bounds.clause:
                found[self._meaning.intents[best]] = float(likely[best])
        return found
