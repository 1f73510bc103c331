"""From what people type to stems: amounts made whole, informal words made standard, chatter left out.

The informal words and the chatter are data (`informal.yml`, `chatter.txt`), so that whoever reads the
conversations can add to them.
"""

import re
import unicodedata
from functools import cache, lru_cache
from pathlib import Path
from threading import local

import snowballstemmer
import yaml

INFORMAL_TABLE = Path(__file__).parent / "informal.yml"
CHATTER_LIST = Path(__file__).parent / "chatter.txt"
TOKEN = re.compile(r"\d[\d.,]*\d|\d+|[^\W\d_]+(?:[.-][^\W\d_]+)*(?:2\b)?")
AMOUNT = re.compile(r"(\d+(?:[.,]\d+)?)\s*(ribu|rb|juta|jt|k)\b")
CURRENCY = re.compile(r"\brp\.?\s*(?=\d)")
REPEATED = re.compile(r"(.)\1{2,}")
SCALE = {"ribu": 1_000, "rb": 1_000, "k": 1_000, "juta": 1_000_000, "jt": 1_000_000}


# A stemmer keeps the word it works on in itself, so two threads may not share one.
_own = local()


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """Return the stem of one written Indonesian word."""
    if not hasattr(_own, "stemmer"):
        _own.stemmer = snowballstemmer.stemmer("indonesian")
    return str(_own.stemmer.stemWord(word))


@cache
def informal_words() -> dict[str, tuple[str, ...]]:
    """The table turned round: informal word → standard words."""
    table: dict[str, list[str]] = yaml.safe_load(INFORMAL_TABLE.read_text(encoding="utf-8"))
    return {informal: tuple(standard.split()) for standard, all_ in table.items() for informal in all_}


@cache
def chatter() -> frozenset[str]:
    """Words that tell nothing about the question: particles, greetings, pronouns, the bare programme name."""
    return frozenset(CHATTER_LIST.read_text(encoding="utf-8").split())


def stems(text: str) -> list[str]:
    """Break a message into the stems that carry its meaning, in order, repeats kept."""
    plain = unicodedata.normalize("NFKC", text).lower()
    plain = AMOUNT.sub(_in_full, CURRENCY.sub("", plain))
    return [stem for token in TOKEN.findall(plain) for stem in _standard(token)]


def _in_full(match: re.Match[str]) -> str:
    return str(round(float(match[1].replace(",", ".")) * SCALE[match[2]]))


def _standard(token: str) -> list[str]:
    if token[0].isdigit():
        return [re.sub(r"[.,]", "", token)]
    token = REPEATED.sub(r"\1", token.rstrip("2"))  # cair2 is reduplicated, yaaa is drawn out
    bare = token.removesuffix("nya")
    if bare in chatter():
        return []
    parts = informal_words().get(token) or informal_words().get(bare)
    words = parts or tuple(re.split(r"[.-]", token))
    return [stem(word) for word in dict.fromkeys(words) if len(word) > 1 and word not in chatter()]
