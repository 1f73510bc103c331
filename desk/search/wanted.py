"""What was typed into the search box, as the database is asked: words as written, their stems, their other spellings.

The last word may still be unfinished, so it also stands for every word it begins. Numbers of people, addresses and
codes are no words here (the tables that are searched do not hold them either); a case's number is looked up as it is.
"""

import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from functools import cache, lru_cache

from knowledge_base.words import informal_words, stem
from records.masking import mask

CASE = re.compile(r"(?<![\w-])t-?(\d{1,9})(?![\w-])|(?<![\w.@-])(\d{5,9})(?![\w.@-])", re.IGNORECASE)
PERSONAL = re.compile(r"\S+@\S*|(?:\d[\W_]*){5,}|\b(?=\w*\d\w*\d\w*\d)\w{8,}")
"""As in the migration that made the tables (0017)."""
WORD = re.compile(r"[^\W_]+")
SHORTEST, SHORTEST_BEGINNING, SHORTEST_NUMBER = 2, 3, 4
MOST_WORDS, LONGEST_WORD, MOST_SPELLINGS = 8, 40, 12


@dataclass(frozen=True)
class Wanted:
    """What is looked for."""

    typed: str
    words: tuple[str, ...] = ()
    beginning: str = ""
    """The last word where it may be unfinished; it is not among the words."""
    number: str = ""
    """Digits of a case's number."""
    left_out: bool = False
    """Whether something personal was typed, which cannot be searched."""

    def __bool__(self) -> bool:
        return bool(self.words or self.beginning or self.number)

    @property
    def audited(self) -> str:
        """The words as the audit keeps them."""
        return mask(self.typed).text[:200]

    def texts(self) -> str:
        """Return the question to what was said and written, or nothing."""
        parts = [_any(spellings(word)) for word in self.words]
        if self.beginning:
            parts.append(_any(spellings(self.beginning), beginning=self.beginning))
        return " & ".join(parts)

    def cases(self) -> str:
        """Return the question to cases: their texts, or the beginning of a number."""
        by_number = f"'{self.number}':*" if len(self.number) >= SHORTEST_NUMBER else ""
        return " & ".join(part for part in (by_number, self.texts()) if part)

    def names(self) -> str:
        """Return the question to names: a name has one spelling."""
        parts = [_any((word,)) for word in self.words]
        if self.beginning:
            parts.append(_any((self.beginning,), beginning=self.beginning))
        return " & ".join(parts)

    def hits(self, word: str) -> bool:
        """Say whether a word of a text is one of those looked for."""
        return word in _looked_for(self.words, self.beginning) or (
            stem(word) in _looked_for(self.words, self.beginning)
            or bool(len(self.beginning) >= SHORTEST_BEGINNING and word.startswith(self.beginning))
        )


def read(typed: str) -> Wanted:
    """Return what these words ask for."""
    plain = unicodedata.normalize("NFKC", typed).replace("\0", "").lower()
    found = CASE.search(plain)
    number = (found[1] or found[2]) if found else ""
    rest = CASE.sub(" ", plain)
    said = PERSONAL.sub(" ", rest)
    words = [word[:LONGEST_WORD] for word in WORD.findall(said) if len(word) >= SHORTEST][:MOST_WORDS]
    unfinished = bool(words) and said.rstrip() == said and said.endswith(words[-1])
    beginning = words.pop() if unfinished else ""
    return Wanted(typed, tuple(dict.fromkeys(words)), beginning, number, left_out=said != rest)


@lru_cache(maxsize=20_000)
def spellings(word: str) -> tuple[str, ...]:
    """Return the word, its stem, and what else people write for it ("tokped" and "tokopedia" find each other)."""
    standard = informal_words().get(word, ())
    base = standard[0] if len(standard) == 1 else word
    every = dict.fromkeys((word, stem(word), base, stem(base), *_informal().get(base, ())))
    return tuple(spelling for spelling in every if WORD.fullmatch(spelling))[:MOST_SPELLINGS]


@cache
def _informal() -> dict[str, tuple[str, ...]]:
    table: dict[str, list[str]] = defaultdict(list)
    for informal, standard in informal_words().items():
        if len(standard) == 1:
            table[standard[0]].append(informal)
    return {standard: tuple(spoken) for standard, spoken in table.items()}


@lru_cache(maxsize=1_000)
def _looked_for(words: tuple[str, ...], beginning: str) -> frozenset[str]:
    return frozenset(spelling for word in (*words, beginning) if word for spelling in spellings(word))


def _any(words: tuple[str, ...], beginning: str = "") -> str:
    parts = [f"'{word}'" for word in words]
    if len(beginning) >= SHORTEST_BEGINNING:
        parts.append(f"'{beginning}':*")
    return f"({' | '.join(parts)})"
