"""From likelihoods to a decision: what was meant, what else was meant, or that it must be asked.

A wrong answer costs a participant more than a question does, so the model answers only when it is fairly sure, refuses
as out of scope only when it is surer still, and a message of bare topic words is always asked back.
"""

from typing import Any, Dict, FrozenSet, List, NamedTuple

import numpy as np

from nlu.components.clauses import clauses_of
from nlu.components.meaning import Meaning
from nlu.components.normaliser import read_words
from nlu.components.special_intents import DIALOGUE, FALLBACK, OUT_OF_SCOPE

RANKED = 6
# An answer that names a class or a platform is no question about classes or platforms.
SOUNDS_LIKE = {"inform": ("ask_training_choice", "ask_platforms")}


class Thresholds(NamedTuple):
    """How sure the model must be; measured against what each mistake costs a participant."""

    answer: float = 0.4
    refuse: float = 0.55
    second: float = 0.22
    clause: float = 0.6
    clause_margin: float = -0.4
    context: float = 0.3


class Decision:
    """Reads a normalised message with a trained model."""

    def __init__(self, meaning: Meaning, thresholds: Thresholds = Thresholds()) -> None:
        self.meaning = meaning
        self._thresholds = thresholds
        self._problems = np.array([name not in {OUT_OF_SCOPE, *DIALOGUE} for name in meaning.intents])
        words = read_words("topics")
        self._topics: FrozenSet[str] = frozenset(words["topic"])
        self._says_nothing: FrozenSet[str] = frozenset(words["topic"] + words["filler"])

    def on(self, normalised: str) -> Dict[str, Any]:
        """Return intent, ranking and `also` of a normalised message."""
        margins = self.meaning.margins(normalised)
        likely = self.meaning.likelihoods(margins)
        order = np.argsort(-likely)
        ranking = [self._named(i, likely[i]) for i in order[:RANKED]]
        intent = dict(ranking[0])
        if self._must_ask(normalised, intent):
            intent["name"] = FALLBACK
        return {"intent": intent, "ranking": ranking, "also": self._also(normalised, margins, ranking)}

    def _must_ask(self, normalised: str, intent: Dict[str, Any]) -> bool:
        words = {word for word in normalised.split() if any(map(str.isalpha, word))}
        if words <= self._says_nothing and (words & self._topics or intent["name"] not in DIALOGUE):
            return True
        needed = self._thresholds.refuse if intent["name"] == OUT_OF_SCOPE else self._thresholds.answer
        return bool(intent["confidence"] < needed) or not self.meaning.knows_anything_of(normalised)

    def _also(self, normalised: str, margins: np.ndarray, ranking: List[Dict[str, Any]]) -> List[Dict[str, Any]]:
        """Return other problems in the message: a strong second reading, or what one clause says by itself."""
        found: Dict[str, float] = {
            r["name"]: r["confidence"] for r in ranking[1:3] if r["confidence"] >= self._thresholds.second
        }
        for clause in clauses_of(normalised):
            own = self.meaning.margins(clause)
            # The rest of the message tells which OTP is meant, so some of it stays; insults must not hide a problem.
            likely = self.meaning.likelihoods(
                np.where(self._problems, own + self._thresholds.context * margins, -np.inf)
            )
            best = int(likely.argmax())
            if own[best] >= self._thresholds.clause_margin and likely[best] >= self._thresholds.clause:
                found[self.meaning.intents[best]] = float(likely[best])
        for name in (ranking[0]["name"], OUT_OF_SCOPE, *DIALOGUE, *SOUNDS_LIKE.get(ranking[0]["name"], ())):
            found.pop(name, None)
        best_first = sorted(found.items(), key=lambda pair: -pair[1])
        return [{"name": name, "confidence": round(confidence, 4)} for name, confidence in best_first[:2]]

    def _named(self, number: int, likelihood: float) -> Dict[str, Any]:
        return {"name": self.meaning.intents[number], "confidence": round(float(likelihood), 4)}
