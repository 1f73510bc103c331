"""A text as the finders read it: small letters, plain digits, same length, so that a place found here is a place there.

Digits of any script, full-width, circled and mathematical ones become 0 to 9; a letter O or l between digits becomes
what was meant. What has been found is taken out of the reading, and so are placeholders: nothing is found twice.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

TAKEN = "\ue000"
"""Stands where something was found: neither letter, digit, space nor sign to any finder."""

PLACEHOLDER = re.compile(r"\[[A-Z]+\d*\]")
MEANT_AS_DIGIT = re.compile(r"(?<=\d)[oil]{1,8}(?=\d)|(?<![^\W_])o(?=8[\doil]{2})")
MEANT = str.maketrans("oil", "011")
JOINED_TO_DIGITS = ("Mn", "Me", "Cf")
"""Categories of marks that are drawn upon the digit before them."""


@dataclass(frozen=True)
class Span:
    """Something personal: where it stands and what it is."""

    start: int
    end: int
    kind: str


type Finder = Callable[["Reading"], Iterable[Span]]


class Reading:
    """One text being read by one finder after the other."""

    def __init__(self, original: str) -> None:
        self.original = original
        self.text = PLACEHOLDER.sub(lambda found: TAKEN * len(found[0]), original) if "[" in original else original
        self.text = MEANT_AS_DIGIT.sub(lambda found: found[0].translate(MEANT), folded(self.text))
        self.spans: list[Span] = []

    def has(self, *hints: str) -> bool:
        """Whether any of these words is there: cheaper than looking for what they lead to."""
        return any(hint in self.text for hint in hints)

    def let(self, find: Finder) -> None:
        """Let a finder read what is left, and take out what it finds."""
        for span in sorted(find(self), key=lambda span: span.start):
            if TAKEN not in self.text[span.start : span.end]:
                end = self._with_marks(span.end)
                self.spans.append(Span(span.start, end, span.kind))
                self.text = self.text[: span.start] + TAKEN * (end - span.start) + self.text[end:]

    def _with_marks(self, end: int) -> int:
        while end < len(self.text) and unicodedata.category(self.text[end]) in JOINED_TO_DIGITS:
            end += 1
        return end

    def masked(self) -> Iterator[str]:
        """Yield the original text with placeholders where something was found."""
        at = 0
        for span in sorted(self.spans, key=lambda span: span.start):
            yield self.original[at : span.start]
            yield f"[{span.kind}]"
            at = span.end
        yield self.original[at:]


def folded(text: str) -> str:
    """Return the text in small letters and plain digits, as long as it was."""
    return text.lower() if text.isascii() else "".join(map(_fold, text))


@lru_cache(maxsize=8192)
def _fold(letter: str) -> str:
    if letter == TAKEN:
        return letter
    digit = unicodedata.digit(letter, None)
    if digit is not None:
        return str(digit)
    plain = unicodedata.normalize("NFKC", letter).lower()
    return plain if len(plain) == 1 else letter
