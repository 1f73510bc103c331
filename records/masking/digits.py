"""Digits in a row, however they are dressed: grouped, spread over lines, glued to letters, said in words.

A chain is digits with nothing between them but signs, spaces and a few spoken joints. What stands in it as a date, a
time or an amount is marked, because three amounts in a list are not an account.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from records.masking.reading import TAKEN

VALUES = {
    **dict.fromkeys(("nol", "enol", "kosong", "zero"), "0"),
    **dict.fromkeys(("satu", "siji", "hiji", "one"), "1"),
    **dict.fromkeys(("dua", "duo", "loro", "two"), "2"),
    **dict.fromkeys(("tiga", "tigo", "telu", "three"), "3"),
    **dict.fromkeys(("empat", "ampat", "papat", "opat", "four"), "4"),
    **dict.fromkeys(("lima", "limo", "five"), "5"),
    **dict.fromkeys(("enam", "anam", "enem", "genep", "six"), "6"),
    **dict.fromkeys(("tujuh", "tuju", "pitu", "seven"), "7"),
    **dict.fromkeys(("delapan", "dlapan", "dalapan", "lapan", "wolu", "eight"), "8"),
    **dict.fromkeys(("sembilan", "smbilan", "sambilan", "salapan", "songo", "nine"), "9"),
    "sepuluh": "10",
    "sebelas": "11",
}
TWICE = {"dobel": 2, "dobbel": 2, "dabel": 2, "doble": 2, "double": 2, "tripel": 3, "triple": 3}
TEENS, TENS = ("belas", "blas"), ("puluh", "puluhan")

WORD = "|".join(sorted((*VALUES, *TWICE, *TEENS, *TENS), key=len, reverse=True))
LED_BY = ("nik", "ktp", "otp", "pin", "kode", "nomor", "kartu", "hp", "wa")
FOLLOWED = re.compile(r"(?:ya|nya|kak|min|dong|kok)(?![^\W\d_])")
FIGURES = re.compile(r"\d+")
ONE_WORD = re.compile(WORD)
FEWEST_WORDS = 4
FEWEST_DIGITS = 4
SPOKEN_JOINT = r"terus|trus|lalu|kemudian|spasi|strip|titik|garis miring|kali"
GAP = re.compile(rf"(?:[^\w{TAKEN}]|_){{0,6}}(?:(?:{SPOKEN_JOINT})(?:[^\w{TAKEN}]|_){{1,3}})?")
LONGEST_GAP = 24
TIGHT = re.compile(r"[^\w]?")

DATE = r"(?:[0-2]?\d|3[01])(?P<d>[/.\-])(?:0?\d|1[0-2])(?P=d)(?:(?:19|20)\d\d|\d\d)"
ISO = r"(?:19|20)\d\d(?P<i>[/.\-])(?:0?\d|1[0-2])(?P=i)(?:[0-2]?\d|3[01])"
TIME = r"(?:[01]?\d|2[0-4])[.:][0-5]\d(?:[.:][0-5]\d)?"
RUPIAH = r"(?:rp|idr)[.\s]{0,2}(?:\d{1,3}(?:[.,]\d{3}){1,4}|\d{1,12})(?:,\d\d|,-)?"
ROUND = r"\d{1,3}(?:[.,]\d{3}){0,3}[.,][05]00(?:,\d\d|,-)?"
NO_MORE = r"(?!\d|[./,\-:]\d)"
ORDINARY = re.compile(rf"(?<![\d])(?<!\d[./,\-:])(?:{DATE}|{ISO}|{TIME}|{ROUND}){NO_MORE}|{RUPIAH}{NO_MORE}")


@dataclass(frozen=True)
class Token:
    """One group of figures, or one digit word."""

    start: int
    end: int
    said: str
    spelled: bool
    ordinary: bool = False
    """Part of a date, a time or an amount."""


@dataclass(frozen=True)
class Chain:
    """Tokens that belong together."""

    tokens: tuple[Token, ...]
    text: str

    @property
    def start(self) -> int:
        """Where it begins."""
        return self.tokens[0].start

    @property
    def end(self) -> int:
        """Where it ends."""
        return self.tokens[-1].end

    @cached_property
    def digits(self) -> str:
        """What it says, in digits."""
        return spoken(self.tokens, self.text)

    @property
    def spelled(self) -> int:
        """How many of its tokens are words."""
        return sum(token.spelled for token in self.tokens)

    @property
    def ordinary(self) -> bool:
        """Whether it is nothing but dates, times and amounts."""
        return all(token.ordinary for token in self.tokens)

    @property
    def tight(self) -> bool:
        """Whether at most one sign stands between its groups."""
        pairs = zip(self.tokens, self.tokens[1:], strict=False)
        return all(TIGHT.fullmatch(self.text[a.end : b.start]) for a, b in pairs)

    def without_ordinary(self) -> Iterator["Chain"]:
        """Yield what stands between dates, times and amounts."""
        part: list[Token] = []
        for token in (*self.tokens, None):
            if token is None or token.ordinary:
                if part:
                    yield Chain(tuple(part), self.text)
                part = []
            else:
                part.append(token)

    def without(self, taken: list[Token]) -> Iterator["Chain"]:
        """Yield what is left when some tokens are taken out."""
        places = {token.start for token in taken}
        marked = (replace(token, ordinary=token.start in places) for token in self.tokens)
        return Chain(tuple(marked), self.text).without_ordinary()


def chains(text: str) -> Iterator[Chain]:
    """Yield the chains of a folded text, first to last."""
    tokens = _tokens(text)
    if not tokens:
        return
    tokens = _marked(tokens, [it.span() for it in ORDINARY.finditer(text)])
    chain = [tokens[0]]
    for token in tokens[1:]:
        between = text[chain[-1].end : token.start]
        if len(between) > LONGEST_GAP or not GAP.fullmatch(between):
            if _long_enough(chain):
                yield Chain(tuple(chain), text)
            chain = []
        chain.append(token)
    if _long_enough(chain):
        yield Chain(tuple(chain), text)


def _long_enough(chain: list[Token]) -> bool:
    """Whether these can be four digits, the shortest anybody looks for."""
    return len(chain) > 1 or len(chain[0].said) >= FEWEST_DIGITS


def _tokens(text: str) -> list[Token]:
    """Figures and digit words; words only where there are enough of them to be a number, alone or with figures."""
    figures = [Token(it.start(), it.end(), it[0], False) for it in FIGURES.finditer(text)]
    found = [it.span() for it in ONE_WORD.finditer(text)]
    if not found or (len(found) < FEWEST_WORDS and not figures):
        return figures
    starts, ends = {start for start, _ in found}, {end for _, end in found}
    words = [
        Token(start, end, text[start:end], True)
        for start, end in found
        if (start in ends or not text[start - 1 : start].isalpha() or text.endswith(LED_BY, 0, start))
        and (end in starts or not text[end : end + 1].isalpha() or FOLLOWED.match(text, end))
    ]
    return sorted([*figures, *words], key=lambda token: token.start) if words else figures


def _marked(tokens: list[Token], ordinary: list[tuple[int, int]]) -> list[Token]:
    """Mark the tokens that lie in ordinary spans; both come in order."""
    marked, spans = [], iter([*ordinary, (len(tokens) and tokens[-1].end + 1, 1 << 62)])
    start, end = next(spans)
    for token in tokens:
        while token.start >= end:
            start, end = next(spans)
        inside = start <= token.start and token.end <= end
        marked.append(replace(token, ordinary=True) if inside else token)
    return marked


def spoken(tokens: tuple[Token, ...], text: str) -> str:
    """Return digits and digit words as digits: "dua belas" is 12, "dobel lima" 55, "tiga kali nol" 000."""
    said, times, before = "", 1, None
    for token in tokens:
        if before and said and "kali" in text[before.end : token.start] and said[-1] in "23456":
            said, times = said[:-1], int(said[-1])
        if token.said in TWICE:
            times = TWICE[token.said]
        elif token.said in TEENS:
            said = said[:-1] + "1" + said[-1:]
        elif token.said not in TENS:
            value = VALUES.get(token.said, token.said)
            said, times = said + value[0] * times + value[1:], 1
        before = token
    return said
