"""What is shown of a text that was found: a piece around the first word that was looked for, those words apart.

Pieces are plain text; the template escapes each and marks the found ones. The text is masked once more before the cut.
"""

import re
from dataclasses import dataclass

from desk.search.wanted import Wanted
from records.masking import mask

WORD = re.compile(r"[^\W_]+")
LENGTH, BEFORE = 180, 60


@dataclass(frozen=True)
class Piece:
    """A stretch of text, and whether it was looked for."""

    text: str
    found: bool = False


def fragment(text: str, wanted: Wanted, length: int = LENGTH) -> list[Piece]:
    """Return the pieces of a text around what was looked for."""
    said = " ".join(mask(text).text.split())
    hits = [it.span() for it in WORD.finditer(said) if wanted.hits(it[0].lower())]
    first = hits[0][0] if hits else 0
    start = _word_edge(said, max(0, first - BEFORE)) if len(said) > length else 0
    end = min(len(said), start + length)
    pieces = [Piece("… ")] if start else []
    place = start
    for begin, until in (span for span in hits if span[0] >= start and span[1] <= end):
        pieces += [Piece(said[place:begin]), Piece(said[begin:until], found=True)]
        place = until
    pieces.append(Piece(said[place:end] + (" …" if end < len(said) else "")))
    return [piece for piece in pieces if piece.text]


def _word_edge(said: str, place: int) -> int:
    space = said.rfind(" ", 0, place + 1)
    return space + 1 if space >= 0 else 0
