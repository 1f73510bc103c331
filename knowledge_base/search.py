"""Finding articles: BM25 over an inverted index of stems, kept in memory, a fraction of a millisecond a query.

Versions of one question count as one document when a word's rarity is measured, or a much-revised question would
make its own words look common. `coverage` says how much of the query's weight the article knows; it is what
keeps a near miss from being taken for an answer.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from heapq import nsmallest
from math import log

from rapidfuzz import fuzz, process

from knowledge_base.article import Article
from knowledge_base.articles import load_articles
from knowledge_base.colloquial import plain_forms
from knowledge_base.words import stems

TITLE_WEIGHT, KEYWORD_WEIGHT, ANSWER_WEIGHT = 3.0, 3.0, 1.0
SATURATION, LENGTH_PENALTY = 1.4, 0.3
# A word the articles have never seen tells less against them than one they know and the hit lacks.
UNSEEN_WEIGHT = 0.7
# A word that stands only in the answer is a weaker sign that the article is about it.
PASSING_MENTION = 0.6
# The first words say what is wanted; a pasted page must not cost more than a message.
MOST_WORDS = 80
MOST_DAYS, MOST_CORRECTIONS = 256, 20_000
# A misspelt word shorter than this resembles too many others.
SHORTEST_TYPO, TYPO_LIKENESS, TYPO_DISCOUNT = 6, 82, 0.8
# Where words decide nothing, the article meant for most wordings is the better guess.
MEANT_FOR_MOST = 1.15


@dataclass(frozen=True, slots=True)
class Hit:
    """An article found, how well it fits, and how much of the query (0 to 1) it knows."""

    article: Article
    score: float
    coverage: float


class Index:
    """All articles, ready to be searched on any day."""

    def __init__(self, articles: Iterable[Article]) -> None:
        self.articles = tuple(articles)
        self._postings: dict[str, dict[int, float]] = {}
        lengths = [self._add(number, article) for number, article in enumerate(self.articles)]
        mean = sum(lengths) / len(lengths) if lengths else 1.0
        self._norms = [SATURATION * (1 - LENGTH_PENALTY + LENGTH_PENALTY * length / mean) for length in lengths]
        keys = len({article.key for article in self.articles})
        self._rarity = {stem: _rarity(keys, self._keys_with(stem)) for stem in self._postings}
        self._rarest = _rarity(keys, 1)
        self._worth = {stem: self._worth_of(stem) for stem in self._postings}
        self._kept: dict[tuple[date, str | None], frozenset[int]] = {}
        self._corrections: dict[str, str | None] = {}
        self._guessable: defaultdict[str, list[str]] = defaultdict(list)
        for stem in self._postings:
            if len(stem) >= SHORTEST_TYPO - 1 and stem.isalpha():
                self._guessable[stem[0]].append(stem)

    def search(self, query: str, on: date, limit: int = 5, intent: str | None = None) -> list[Hit]:
        """Find the articles valid on a day that fit a message best, only those of one intent if it is given."""
        terms = self._terms(query)
        weight = sum(self._rarity.get(stem, self._rarest * UNSEEN_WEIGHT) for stem in terms)
        allowed = self._allowed(on, intent)
        scores: dict[int, float] = {}
        known: dict[int, float] = {}
        for stem, trust in terms.items():
            for number, score, covered in self._worth.get(stem, ()):
                if number in allowed:
                    scores[number] = scores.get(number, 0.0) + score * trust
                    known[number] = known.get(number, 0.0) + covered * trust
        ranked = [(score * _prior(self.articles[number], intent), number) for number, score in scores.items()]
        best = nsmallest(limit, ranked, key=lambda it: (-it[0], self.articles[it[1]].id))
        return [Hit(self.articles[number], score, known[number] / weight) for score, number in best]

    def foreign_share(self, query: str) -> float:
        """Say how much of a message (0 to 1) stands in no article at all."""
        terms = self._terms(query)
        return sum(stem not in self._postings for stem in terms) / len(terms) if terms else 0.0

    def for_intent(self, intent: str, on: date) -> list[Article]:
        """Articles valid on a day that answer an intent, the ones meant for it first."""
        valid = [article for article in self.articles if intent in article.intents and article.valid_on(on)]
        return sorted(valid, key=lambda it: (intent not in it.default_for, it.intents.index(intent), it.id))

    def _add(self, number: int, article: Article) -> float:
        frequencies: defaultdict[str, float] = defaultdict(float)
        fields = ((article.title, TITLE_WEIGHT), (" . ".join(article.keywords), KEYWORD_WEIGHT))
        for text, weight in (*fields, (article.answer, ANSWER_WEIGHT)):
            for stem, times in Counter(stems(text)).items():
                frequencies[stem] += weight * min(times, 2)
        for stem, frequency in frequencies.items():
            self._postings.setdefault(stem, {})[number] = frequency
        return sum(frequencies.values())

    def _worth_of(self, stem: str) -> list[tuple[int, float, float]]:
        """What the stem adds to the score and to the coverage of each article that has it."""
        rarity = self._rarity[stem]
        return [
            (
                number,
                rarity * frequency * (SATURATION + 1) / (frequency + self._norms[number]),
                rarity * (1.0 if frequency >= KEYWORD_WEIGHT else PASSING_MENTION),
            )
            for number, frequency in self._postings[stem].items()
        ]

    def _allowed(self, on: date, intent: str | None) -> frozenset[int]:
        """Articles valid on a day, kept for the day: many questions are about today."""
        if (kept := self._kept.get((on, intent))) is not None:
            return kept
        if len(self._kept) >= MOST_DAYS:
            self._kept.clear()
        valid = ((number, it) for number, it in enumerate(self.articles) if it.valid_on(on))
        allowed = frozenset(number for number, it in valid if intent is None or intent in it.intents)
        self._kept[on, intent] = allowed
        return allowed

    def _keys_with(self, stem: str) -> int:
        return len({self.articles[number].key for number in self._postings[stem]})

    def _terms(self, query: str) -> dict[str, float]:
        """Stems of the query with the trust they deserve: a guessed correction counts less."""
        terms: dict[str, float] = {}
        for stem in stems(query)[:MOST_WORDS]:
            known = stem if stem in self._postings else self._remembered(stem)
            terms[known or stem] = max(terms.get(known or stem, 0.0), 1.0 if known == stem else TYPO_DISCOUNT)
        return terms

    def _remembered(self, stem: str) -> str | None:
        """The same words are misspelt again and again, and one message is looked at more than once."""
        if (kept := self._corrections.get(stem, stem)) != stem:
            return kept
        if len(self._corrections) >= MOST_CORRECTIONS:
            self._corrections.clear()
        self._corrections[stem] = corrected = self._corrected(stem)
        return corrected

    def _corrected(self, stem: str) -> str | None:
        for plain in plain_forms(stem):
            if plain in self._postings:
                return plain
        if len(stem) < SHORTEST_TYPO:
            return None
        alike = self._guessable.get(stem[0], ())
        found = process.extractOne(stem, alike, scorer=fuzz.ratio, score_cutoff=TYPO_LIKENESS)
        return found[0] if found else None


def _prior(article: Article, intent: str | None) -> float:
    meant = intent in article.default_for if intent else bool(article.default_for)
    return MEANT_FOR_MOST if meant else 1.0


def _rarity(documents: int, holding: int) -> float:
    return log(1 + (documents - holding + 0.5) / (holding + 0.5))


@cache
def default_index() -> Index:
    """The index over the articles of this package, read on first use."""
    return Index(load_articles())


def search(query: str, on: date, limit: int = 5, *, index: Index | None = None) -> list[Hit]:
    """Find the articles valid on a day that fit a message best."""
    return (index or default_index()).search(query, on, limit)


def for_intent(intent: str, on: date, *, index: Index | None = None) -> list[Article]:
    """Articles valid on a day that answer an intent, the ones meant for it first."""
    return (index or default_index()).for_intent(intent, on)
