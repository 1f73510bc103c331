"""A small network from the terms of a message to how strongly each intent is meant.

One hidden layer over the same TF-IDF terms a linear model would see. It is written out in numpy: a message touches some
two hundred of sixty thousand terms, so both the learning (Adam, on the rows a batch touches) and the reading (a gather
and two small products) cost a fraction of what a general framework spends on the same sums.
"""

from typing import Any, Callable, Dict, Iterator, List, NamedTuple, Tuple

import numpy as np

HIDDEN = 64
EPOCHS = 9
BATCH = 128
RATE = 5e-3
HIDDEN_DROPPED = 0.5
TERMS_DROPPED = 0.2
BETA_MEAN, BETA_SQUARE, TINY = 0.9, 0.999, 1e-7
SLOWEST = 0.05

Told = Callable[[int, int], None]


class Network(NamedTuple):
    """Weights: terms x hidden, hidden, hidden x intents, intents."""

    into: np.ndarray
    into_bias: np.ndarray
    out: np.ndarray
    out_bias: np.ndarray

    def margins(self, where: np.ndarray, values: np.ndarray) -> np.ndarray:
        """Return the margin of each intent for the terms of one message."""
        hidden = np.maximum(values @ self.into[where] + self.into_bias, 0)
        margins: np.ndarray = hidden @ self.out + self.out_bias
        return margins

    @classmethod
    def learn(cls, matrix: Any, target: np.ndarray, seed: int, told: Told = lambda done, of: None) -> "Network":
        """Learn from a sparse matrix (messages x terms) and targets whose rows sum to one (messages x intents)."""
        from threadpoolctl import threadpool_limits

        # the products are too small to share: a second thread only spins
        with threadpool_limits(limits=1):
            return _Learning(matrix, target, seed).run(told)


class _Learning:
    """Adam with a falling rate; what a batch does not touch is not moved."""

    def __init__(self, matrix: Any, target: np.ndarray, seed: int) -> None:
        self._matrix = matrix.astype(np.float32).tocsr()
        self._target = target.astype(np.float32)
        self._random = np.random.default_rng(seed)
        terms, intents = matrix.shape[1], target.shape[1]
        self._weights: Dict[str, np.ndarray] = {
            "into": self._small((terms, HIDDEN), 0.08),
            "into_bias": np.zeros(HIDDEN, np.float32),
            "out": self._small((HIDDEN, intents), HIDDEN**-0.5),
            "out_bias": np.zeros(intents, np.float32),
        }
        self._means = {name: np.zeros_like(weights) for name, weights in self._weights.items()}
        self._squares = {name: np.zeros_like(weights) for name, weights in self._weights.items()}

    def run(self, told: Told) -> Network:
        batches = [batch for _ in range(EPOCHS) for batch in self._batches()]
        for number, rows in enumerate(batches, start=1):
            rate = RATE * (1 - (1 - SLOWEST) * number / len(batches))
            rate *= np.sqrt(1 - BETA_SQUARE**number) / (1 - BETA_MEAN**number)
            self._step(rows, np.float32(rate))
            if number % 100 == 0 or number == len(batches):
                told(number, len(batches))
        return Network(**self._weights)

    def _batches(self) -> Iterator[np.ndarray]:
        order = self._random.permutation(len(self._target))
        return (order[start : start + BATCH] for start in range(0, len(order), BATCH))

    def _step(self, rows: np.ndarray, rate: np.float32) -> None:
        touched, batch = self._touched(rows)
        weights = self._weights
        hidden = batch @ weights["into"][touched] + weights["into_bias"]
        kept = self._kept(hidden.shape, HIDDEN_DROPPED)
        active = np.maximum(hidden, 0) * kept
        missed = (softmax(active @ weights["out"] + weights["out_bias"]) - self._target[rows]) / np.float32(len(rows))
        back = (missed @ weights["out"].T) * kept * (hidden > 0)
        everything: Any = slice(None)
        self._move("out", everything, active.T @ missed, rate)
        self._move("out_bias", everything, missed.sum(0), rate)
        self._move("into", touched, batch.T @ back, rate)
        self._move("into_bias", everything, back.sum(0), rate)

    def _touched(self, rows: np.ndarray) -> Tuple[np.ndarray, Any]:
        """Return the terms a batch touches, and the batch over those alone, some of its terms dropped."""
        from scipy.sparse import csr_matrix

        batch = self._matrix[rows]
        values = batch.data * self._kept(batch.data.shape, TERMS_DROPPED)
        touched, places = np.unique(batch.indices, return_inverse=True)
        return touched, csr_matrix((values, places, batch.indptr), shape=(len(rows), len(touched)))

    def _move(self, name: str, where: Any, slope: np.ndarray, rate: np.float32) -> None:
        mean = self._means[name][where] * np.float32(BETA_MEAN) + slope * np.float32(1 - BETA_MEAN)
        square = self._squares[name][where] * np.float32(BETA_SQUARE) + slope * slope * np.float32(1 - BETA_SQUARE)
        self._means[name][where] = mean
        self._squares[name][where] = square
        self._weights[name][where] -= rate * mean / (np.sqrt(square) + np.float32(TINY))

    def _small(self, shape: Tuple[int, int], size: float) -> np.ndarray:
        return (self._random.standard_normal(shape) * size).astype(np.float32)

    def _kept(self, shape: Tuple[int, ...], dropped: float) -> np.ndarray:
        kept = self._random.random(shape, dtype=np.float32) > dropped
        return kept.astype(np.float32) / np.float32(1 - dropped)


def softmax(margins: np.ndarray) -> np.ndarray:
    """Return margins as probabilities that sum to one along the last axis."""
    raised = np.exp(margins - margins.max(axis=-1, keepdims=True))
    result: np.ndarray = raised / raised.sum(axis=-1, keepdims=True)
    return result


def shares(labels: List[List[str]], intents: List[str]) -> np.ndarray:
    """Return targets: each message's weight, shared equally among the intents it carries."""
    target = np.zeros((len(labels), len(intents)), np.float32)
    place = {name: number for number, name in enumerate(intents)}
    for row, names in enumerate(labels):
        for name in names:
            target[row, place[name]] = 1 / len(names)
    return target
