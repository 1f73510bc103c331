"""From likelihoods to a decision: what was meant, what else was meant, or that it must be asked.

A wrong answer costs a participant more than a question does, so the model answers only when it is sure enough, refuses
as out of scope only when it is surer still, and a message of bare topic words is always asked back. How sure is enough
was chosen by what mistakes cost (thresholds.py), on messages kept apart from the training text.
"""

import json
from pathlib import Path
from typing import Any, Dict, FrozenSet, List, Sequence

import numpy as np

from nlu.components import prior
from nlu.components.meaning import Heard, Meaning
from nlu.components.normaliser import read_words
from nlu.components.prior import Prior
from nlu.components.seconds import Said, Seconds
from nlu.components.special_intents import COURTESY, DIALOGUE, FALLBACK, OUT_OF_SCOPE, PERSON
from nlu.components.thresholds import Thresholds, cheapest, judged

RANKED = 7
# From here a reading is plain: thanks stay thanks ("makasih, insentifnya sudah masuk" names a problem that is none any
# more), and two problems of which each has its clause are taken as two.
PLAIN = 0.95


class Decision:
    """Reads a normalised message with a trained model."""

    def __init__(self, meaning: Meaning, thresholds: Thresholds) -> None:
        self.meaning = meaning
        self.thresholds = thresholds
        self._seconds = Seconds(meaning)
        self._courteous = np.array([name in COURTESY for name in meaning.intents])
        words = read_words("topics")
        self._topics: FrozenSet[str] = frozenset(words["topic"])
        self._says_nothing: FrozenSet[str] = frozenset(words["topic"] + words["filler"])

    @classmethod
    def chosen(cls, meaning: Meaning, texts: Sequence[str], labels: Sequence[List[str]]) -> "Decision":
        """Return a decision whose thresholds cost least on normalised messages kept apart."""
        likelihoods = np.array([meaning.likelihoods(meaning.hear(text).margins) for text in texts])
        outside = [names[0] == OUT_OF_SCOPE for names in labels]
        return cls(meaning, cheapest(judged(likelihoods, meaning.intents, [set(names) for names in labels], outside)))

    def on(self, normalised: str, priors: Sequence[Prior] = ()) -> Dict[str, Any]:
        """Return intent, ranking, `also` and what the records changed, of a normalised message."""
        heard = self._courtesy_aside(normalised, self.meaning.hear(normalised))
        margins = prior.weighed(heard.margins, self.meaning.intents, priors) if priors else heard.margins
        likely = self.meaning.likelihoods(margins)
        ranking = [self._named(i, likely[i]) for i in np.argsort(-likely)[:RANKED]]
        said = self._seconds.said(normalised, heard)
        also = self._seconds.beside(ranking[0]["name"], said)
        intent = dict(ranking[0])
        if self._must_ask(normalised, intent, self._sure(likely, said, intent, also)):
            intent["name"] = FALLBACK
        decided: Dict[str, Any] = {"intent": intent, "ranking": ranking, "also": also}
        if priors:
            decided["prior"] = prior.told(self.meaning.likelihoods(heard.margins), likely, self.meaning.intents, priors)
        return decided

    def save(self, folder: Path) -> None:
        """Write it into a folder of the model."""
        self.meaning.save(folder)
        (folder / "decision.json").write_text(json.dumps(self.thresholds._asdict()), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> "Decision":
        """Read what `save` wrote."""
        thresholds = json.loads((folder / "decision.json").read_text(encoding="utf-8"))
        return cls(Meaning.load(folder), Thresholds(**thresholds))

    def _courtesy_aside(self, normalised: str, heard: Heard) -> Heard:
        """Return what is heard once a greeting or thanks has given way to the problem it leads up to."""
        likely = self.meaning.likelihoods(heard.margins)
        first = self.meaning.intents[int(likely.argmax())]
        plain = first not in COURTESY or likely.max() >= PLAIN
        if plain or not self._seconds.beside(first, self._seconds.said(normalised, heard)):
            return heard
        return heard._replace(margins=np.where(self._courteous, -np.inf, heard.margins))

    def _must_ask(self, normalised: str, intent: Dict[str, Any], sure: float) -> bool:
        words = {word for word in normalised.split() if any(map(str.isalpha, word))}
        if words <= self._says_nothing and (words & self._topics or intent["name"] not in DIALOGUE):
            return True
        needed = self.thresholds.refuse if intent["name"] == OUT_OF_SCOPE else self.thresholds.answer
        return sure < needed or not self.meaning.knows_anything_of(normalised)

    def _sure(self, likely: np.ndarray, said: Said, intent: Dict[str, Any], also: List[Dict[str, Any]]) -> float:
        """Return how sure it is what to do; which of several plain problems comes first is not worth a question."""
        meant = [intent["name"], *(second["name"] for second in also)]
        if PERSON in meant and intent["name"] != OUT_OF_SCOPE:  # whichever comes first, who wants a person gets one
            return float(sum(likely[self.meaning.intents.index(name)] for name in meant))
        together = float(sum(likely[self.meaning.intents.index(name)] for name in said.clauses))
        if intent["name"] in said.clauses and together >= PLAIN:  # each said in a clause of its own
            return together
        return float(intent["confidence"])

    def _named(self, number: int, likelihood: float) -> Dict[str, Any]:
        return {"name": self.meaning.intents[number], "confidence": round(float(likelihood), 4)}
