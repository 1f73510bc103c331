"""What else a message is about: the second problem of somebody who has two.

Either the linear machine of another intent claims the whole message too, or one clause of it says something of its own.
Insults must not hide a problem, and an answer that names a class or a platform is no question about classes or
platforms.
"""

from typing import Any, Dict, List, NamedTuple, Sequence

import numpy as np

from nlu.components.clauses import clauses_of
from nlu.components.meaning import Heard, Meaning
from nlu.components.special_intents import DIALOGUE, OUT_OF_SCOPE

MOST = 2
SOUNDS_LIKE = {"inform": ("ask_training_choice", "ask_platforms")}


class Bounds(NamedTuple):
    """What a second meaning needs; chosen on the calibration set, where half of the seconds they find are labelled."""

    whole: float = -0.2
    """Margin of its own machine for the whole message."""
    clause: float = 0.9
    """How likely it must be in a clause."""
    clause_apart: float = 0.2
    """Margin of its own machine for that clause."""
    context: float = 0.5
    """How much of the whole message a clause is read with: the rest tells which OTP is meant."""


class Said(NamedTuple):
    """The problems a message claims, with how likely each is."""

    whole: Dict[str, float]
    clauses: Dict[str, float]
    """Those that a clause says plainly by itself."""


class Seconds:
    """Finds second problems with a trained model."""

    def __init__(self, meaning: Meaning, bounds: Bounds = Bounds()) -> None:
        self._meaning = meaning
        self._bounds = bounds
        self._problems = np.array([name not in {OUT_OF_SCOPE, *DIALOGUE} for name in meaning.intents])

    def said(self, text: str, heard: Heard) -> Said:
        """Return the problems that a normalised message claims."""
        return Said(self._of_whole(heard), self._of_clauses(text, heard))

    def beside(self, first: str, said: Said) -> List[Dict[str, Any]]:
        """Return other meanings of a message than its first, each with how likely it is."""
        found = {**said.whole, **said.clauses}
        for name in (first, *SOUNDS_LIKE.get(first, ())):
            found.pop(name, None)
        best_first: Sequence[Any] = sorted(found.items(), key=lambda pair: -pair[1])
        return [{"name": name, "confidence": round(likely, 4)} for name, likely in best_first[:MOST]]

    def _of_whole(self, heard: Heard) -> Dict[str, float]:
        likely = self._meaning.likelihoods(heard.margins)
        claimed = self._problems & (heard.apart >= self._bounds.whole)
        return {self._meaning.intents[i]: float(likely[i]) for i in np.flatnonzero(claimed)}

    def _of_clauses(self, text: str, heard: Heard) -> Dict[str, float]:
        found: Dict[str, float] = {}
        for clause in clauses_of(text):
            own = self._meaning.hear(clause)
            likely = self._meaning.likelihoods(own.margins + self._bounds.context * heard.margins)
            best = int(likely.argmax())
            plain = likely[best] >= self._bounds.clause and own.apart[best] >= self._bounds.clause_apart
            if self._problems[best] and plain:
                found[self._meaning.intents[best]] = float(likely[best])
        return found
