"""How likely each intent is, given the features of a message.

A small network and a linear machine over the message's terms, their margins added; these become probabilities by one
temperature, fitted on messages that were written apart from the training text. Kept in the model as plain arrays and
JSON, never as a pickle.
"""

import json
from pathlib import Path
from typing import Any, List, NamedTuple, Sequence, Tuple

import numpy as np

from nlu.components import linear
from nlu.components.features import Features
from nlu.components.network import Network, Told, shares, softmax

SEED = 7
# Margins of the linear machine are about a sixth as wide as those of the network.
LINEAR_SAYS = 6.0
TEMPERATURES = np.geomspace(0.4, 3.0, 40)


class Heard(NamedTuple):
    """What a message says for each intent."""

    margins: np.ndarray
    """In log-odds against the other intents: which one is meant."""
    apart: np.ndarray
    """Of the linear machines, each by itself and about 0 in doubt: which are meant at all, be they one or three."""


class Meaning:
    """Intents, what tells them apart, and the temperature of the margins."""

    def __init__(
        self,
        features: Features,
        intents: Sequence[str],
        network: Network,
        direct: Tuple[np.ndarray, np.ndarray],
        temperature: float = 1.0,
    ) -> None:
        self.intents = list(intents)
        self.temperature = temperature
        self._features = features
        self._network = network
        self._direct, self._direct_bias = direct

    def hear(self, text: str) -> Heard:
        """Return what a normalised message says for each intent."""
        where, values = self._features.of(text)
        apart: np.ndarray = values @ self._direct[where] + self._direct_bias
        return Heard((self._network.margins(where, values) + LINEAR_SAYS * apart) / self.temperature, apart)

    def likelihoods(self, margins: np.ndarray) -> np.ndarray:
        """Return margins as probabilities that sum to one."""
        return softmax(margins)

    def knows_anything_of(self, text: str) -> bool:
        """Tell whether any term of the message was seen in training."""
        return self._features.any_in(text)

    @classmethod
    def learn(cls, texts: Sequence[str], labels: Sequence[List[str]], told: Told = lambda done, of: None) -> "Meaning":
        """Learn from normalised messages and the one to three intents that each carries."""
        features = Features.learn(texts)
        intents = sorted({name for names in labels for name in names})
        matrix, target = _matrix(features, texts), shares(list(labels), intents)
        network = Network.learn(matrix, target, SEED, told)
        return cls(features, intents, network, linear.learn(matrix, target > 0))

    def calibrated(self, texts: Sequence[str], labels: Sequence[List[str]]) -> "Meaning":
        """Return this with the temperature at which unseen messages surprise it least."""
        margins = np.array([self.hear(text).margins for text in texts]) * self.temperature
        right = np.array([[name in names for name in self.intents] for names in labels])

        def surprise(temperature: float) -> float:
            return float(-np.log((softmax(margins / temperature) * right).sum(axis=1) + 1e-12).mean())

        temperature = float(min(TEMPERATURES, key=surprise))
        return Meaning(self._features, self.intents, self._network, (self._direct, self._direct_bias), temperature)

    def save(self, folder: Path) -> None:
        """Write it into a folder of the model."""
        arrays = {name: weights.astype(np.float16) for name, weights in self._network._asdict().items()}
        arrays.update(direct=self._direct.astype(np.float16), direct_bias=self._direct_bias)
        arrays.update(term_weights=self._features.weights)
        np.savez(folder / "meaning.npz", **arrays)
        known = {"intents": self.intents, "temperature": self.temperature, "terms": self._features.terms}
        (folder / "meaning.json").write_text(json.dumps(known, ensure_ascii=False), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> "Meaning":
        """Read what `save` wrote."""
        known = json.loads((folder / "meaning.json").read_text(encoding="utf-8"))
        with np.load(folder / "meaning.npz", allow_pickle=False) as arrays:
            features = Features(known["terms"], arrays["term_weights"])
            network = Network(*(arrays[name].astype(np.float32) for name in Network._fields))
            direct = (arrays["direct"].astype(np.float32), arrays["direct_bias"])
        return cls(features, known["intents"], network, direct, known["temperature"])


def _matrix(features: Features, texts: Sequence[str]) -> Any:
    from scipy.sparse import csr_matrix

    rows: List[Tuple[np.ndarray, np.ndarray]] = [features.of(text) for text in texts]
    ends = np.cumsum([0] + [len(where) for where, _ in rows])
    numbers = np.concatenate([where for where, _ in rows])
    values = np.concatenate([value for _, value in rows])
    return csr_matrix((values, numbers, ends), shape=(len(texts), len(features.terms)))
