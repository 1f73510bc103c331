"""The linear model: how likely each intent is, given the features of a message.

Trained as a one-against-the-rest linear SVM; its margins become probabilities by one temperature, fitted on messages
that the folds of the training set had not seen. Kept in the model as plain arrays and JSON, never as a pickle.
"""

import json
from pathlib import Path
from typing import List, Sequence, Tuple

import numpy as np

from nlu.components.features import Features

C = 0.5
FOLDS = 3
SEED = 7


class Meaning:
    """Intents, their weights, and the temperature of their margins."""

    def __init__(
        self, features: Features, intents: Sequence[str], weights: np.ndarray, bias: np.ndarray, temperature: float
    ) -> None:
        self.intents = list(intents)
        self._features = features
        self._weights = weights
        self._bias = bias
        self._temperature = temperature

    def margins(self, text: str) -> np.ndarray:
        """Return the margin of each intent for a normalised message."""
        where, values = self._features.of(text)
        margins: np.ndarray = values @ self._weights[where] + self._bias
        return margins

    def likelihoods(self, margins: np.ndarray) -> np.ndarray:
        """Return margins as probabilities that sum to one."""
        return _softmax(margins / self._temperature)

    def knows_anything_of(self, text: str) -> bool:
        """Tell whether any term of the message was seen in training."""
        return self._features.any_in(text)

    @classmethod
    def learn(cls, texts: Sequence[str], labels: Sequence[str]) -> "Meaning":
        """Learn from normalised messages and their intents."""
        from sklearn.svm import LinearSVC

        features = Features.learn(texts)
        matrix = _matrix(features, texts)
        intents = sorted(set(labels))
        target = np.searchsorted(intents, labels)
        temperature = _temperature(matrix, target)
        fitted = LinearSVC(C=C, random_state=SEED).fit(matrix, target)
        weights = np.ascontiguousarray(fitted.coef_.T, dtype=np.float32)
        return cls(features, intents, weights, fitted.intercept_.astype(np.float32), temperature)

    def save(self, folder: Path) -> None:
        """Write it into a folder of the model."""
        np.savez(
            folder / "meaning.npz",
            weights=self._weights.astype(np.float16),
            bias=self._bias,
            term_weights=self._features.weights,
        )
        known = {"intents": self.intents, "temperature": self._temperature, "terms": self._features.terms}
        (folder / "meaning.json").write_text(json.dumps(known, ensure_ascii=False), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> "Meaning":
        """Read what `save` wrote."""
        known = json.loads((folder / "meaning.json").read_text(encoding="utf-8"))
        with np.load(folder / "meaning.npz", allow_pickle=False) as arrays:
            features = Features(known["terms"], arrays["term_weights"])
            weights = arrays["weights"].astype(np.float32)
            return cls(features, known["intents"], weights, arrays["bias"], known["temperature"])


def _softmax(margins: np.ndarray) -> np.ndarray:
    raised = np.exp(margins - margins.max(axis=-1, keepdims=True))
    result: np.ndarray = raised / raised.sum(axis=-1, keepdims=True)
    return result


def _matrix(features: Features, texts: Sequence[str]):  # type: ignore[no-untyped-def]
    from scipy.sparse import csr_matrix

    rows: List[Tuple[np.ndarray, np.ndarray]] = [features.of(text) for text in texts]
    ends = np.cumsum([0] + [len(where) for where, _ in rows])
    numbers = np.concatenate([where for where, _ in rows])
    values = np.concatenate([value for _, value in rows])
    return csr_matrix((values.astype(np.float64), numbers, ends), shape=(len(texts), len(features.terms)))


def _temperature(matrix, target: np.ndarray) -> float:  # type: ignore[no-untyped-def]
    from sklearn.model_selection import StratifiedKFold, cross_val_predict
    from sklearn.svm import LinearSVC

    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=SEED)
    margins = cross_val_predict(LinearSVC(C=C, random_state=SEED), matrix, target, cv=folds, method="decision_function")
    rows = np.arange(len(target))

    def surprise(temperature: float) -> float:
        return float(-np.log(_softmax(margins / temperature)[rows, target] + 1e-12).mean())

    return float(min(np.geomspace(0.05, 1.0, 24), key=surprise))
