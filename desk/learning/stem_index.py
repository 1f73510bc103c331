"""Which of many texts are nearest to one: only texts that share its rarest stems are looked at, never every pair.

Near means a large common part of the stems, each weighed by how rare it is, and like spelling, which tells "sudah
cair" from "belum cair". Where spelling mistakes part two texts that share a rare stem, their letters decide.
"""

import heapq
import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rapidfuzz import fuzz

from knowledge_base.words import stems

RAREST = 5
COMPARED = 6
BY_LETTERS = 0.25
SPELLED_ALIKE = 86


@dataclass(frozen=True)
class Gist:
    """A text with the stems that carry its meaning."""

    text: str
    stems: frozenset[str]

    @classmethod
    def of(cls, text: str) -> "Gist":
        """Return the gist of a text; one of chatter alone is its own only stem."""
        plain = " ".join(text.lower().split())
        return cls(plain, frozenset(stems(text)) or frozenset({plain}))


def weights(gists: Iterable[Gist]) -> dict[str, float]:
    """Return how much each stem tells: the rarer, the more."""
    every = list(gists)
    counted = Counter(stem for gist in every for stem in gist.stems)
    return {stem: math.log(1 + len(every) / times) for stem, times in counted.items()}


class StemIndex:
    """Texts by their stems."""

    def __init__(self, weights: Mapping[str, float], longest: int) -> None:
        """Take the weights of stems, and how many texts of a stem are looked at."""
        self._weights, self._longest = weights, longest
        self._rare = max(weights.values(), default=1.0)
        self._where: dict[str, list[int]] = {}
        self._gists: dict[int, Gist] = {}
        self._heavy: dict[int, float] = {}
        self.compared = 0
        """How many pairs were looked at closely so far."""

    def add(self, key: int, gist: Gist) -> None:
        """Put a text in."""
        self._gists[key], self._heavy[key] = gist, self._weight(gist.stems)
        for stem in gist.stems:
            self._where.setdefault(stem, []).append(key)

    def nearest(self, gist: Gist, most: int) -> list[tuple[int, float]]:
        """Return the nearest texts with how near each is (0 to 1), nearest first."""
        shared: dict[int, float] = {}
        for stem in self._rarest(gist.stems):
            weight = self._weights.get(stem, self._rare)
            for key in self._where.get(stem, ())[: self._longest]:
                shared[key] = shared.get(key, 0.0) + weight
        size, heavy = len(gist.stems), self._heavy
        promising = heapq.nlargest(max(COMPARED, most), ((it / (size + heavy[key]), key) for key, it in shared.items()))
        self.compared += len(promising)
        scored = [(key, self._near(gist, self._gists[key], key)) for _, key in promising]
        return sorted(scored, key=lambda one: -one[1])[:most]

    def _near(self, gist: Gist, other: Gist, key: int) -> float:
        common = self._weight(gist.stems & other.stems)
        near = common / (self._weight(gist.stems) + self._heavy[key] - common)
        spelled = fuzz.token_sort_ratio(gist.text, other.text)
        mixed = (1 - BY_LETTERS) * near + BY_LETTERS * spelled / 100
        return max(mixed, spelled / 100) if spelled >= SPELLED_ALIKE else mixed

    def _rarest(self, said: frozenset[str]) -> list[str]:
        known = [stem for stem in said if stem in self._where]
        return sorted(known, key=lambda stem: (-self._weights.get(stem, self._rare), stem))[:RAREST]

    def _weight(self, said: frozenset[str]) -> float:
        return sum(self._weights.get(stem, self._rare) for stem in said)
