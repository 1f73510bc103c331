"""A message as numbers: TF-IDF over words, pairs of words, and letter groups inside words.

Written out here rather than taken from scikit-learn because a turn has one message: this costs a fraction of a
millisecond where the library's machinery costs several times that, and the model needs nothing but numpy to be read.
"""

from collections import Counter
from itertools import pairwise
from typing import Dict, Iterable, List, Sequence, Tuple

import numpy as np

LETTERS = (2, 5)
SEEN_IN = 3
REMEMBERED = 50_000


def words_of(text: str) -> Iterable[str]:
    """Yield the words and pairs of words of a normalised message."""
    words = text.split()
    yield from words
    yield from map(" ".join, pairwise(words))


def letters_of(text: str) -> Iterable[str]:
    """Yield the letter groups of each word, its edges marked by a blank; `~` keeps them apart from words."""
    shortest, longest = LETTERS
    for word in text.split():
        edged = f" {word} "
        for size in range(shortest, min(longest, len(edged)) + 1):
            for start in range(len(edged) - size + 1):
                yield "~" + edged[start : start + size]


class Features:
    """Knows every term seen in training and how much each says."""

    def __init__(self, terms: Sequence[str], weights: np.ndarray) -> None:
        self.terms = list(terms)
        self.weights = weights
        self._index: Dict[str, int] = {term: i for i, term in enumerate(self.terms)}
        self._spelled: Dict[str, Tuple[int, ...]] = {}

    @classmethod
    def learn(cls, texts: Sequence[str]) -> "Features":
        """Learn the terms that three training messages share, and their inverse document frequency."""
        seen: Counter = Counter()
        for text in texts:
            seen.update({*words_of(text), *letters_of(text)})
        terms = sorted(term for term, messages in seen.items() if messages >= SEEN_IN)
        counts = np.array([seen[term] for term in terms], dtype=np.float64)
        return cls(terms, (np.log((1 + len(texts)) / (1 + counts)) + 1).astype(np.float32))

    def any_in(self, text: str) -> bool:
        """Tell whether any term of a message was seen in training."""
        return any(term in self._index for term in letters_of(text)) or any(
            term in self._index for term in words_of(text)
        )

    def of(self, text: str) -> Tuple[np.ndarray, np.ndarray]:
        """Return (term numbers, values) of one message; words and letter groups each have length one."""
        numbers: List[np.ndarray] = []
        values: List[np.ndarray] = []
        words = [self._index[term] for term in words_of(text) if term in self._index]
        letters = [number for word in text.split() for number in self._letters_in(word)]
        for found in (words, letters):
            counted = Counter(found)
            if not counted:
                continue
            where = np.fromiter(counted.keys(), dtype=np.int64, count=len(counted))
            often = np.fromiter(counted.values(), dtype=np.float32, count=len(counted))
            value = (1 + np.log(often)) * self.weights[where]
            numbers.append(where)
            values.append(value / np.sqrt(np.dot(value, value)))
        if not numbers:
            return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.float32)
        return np.concatenate(numbers), np.concatenate(values).astype(np.float32)

    def _letters_in(self, word: str) -> Tuple[int, ...]:
        """Return the numbers of a word's letter groups; most words of a message were met before."""
        known = self._spelled.get(word)
        if known is None:
            if len(self._spelled) >= REMEMBERED:
                self._spelled.clear()
            known = tuple(self._index[term] for term in letters_of(word) if term in self._index)
            self._spelled[word] = known
        return known
