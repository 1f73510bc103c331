"""Lengths of time and counts as people type them: `3 hari`, `seminggu`, `2x24 jam`, `dari semalam`, `udah 5x`."""

import re
from datetime import timedelta

NUMBERS = {
    **{"satu": 1, "dua": 2, "tiga": 3, "empat": 4, "lima": 5, "enam": 6, "tujuh": 7, "delapan": 8, "sembilan": 9},
    **{"sepuluh": 10, "beberapa": 3},
    # Javanese and Sundanese, as their speakers mix them in
    **{"rong": 2, "loro": 2, "telung": 3, "telu": 3, "patang": 4, "papat": 4, "limang": 5, "enem": 6, "pitung": 7},
    **{"hiji": 1, "tilu": 3, "opat": 4, "genep": 6},
}
ONE = ("se", "sak", "sa")
"""Grown together with what is counted: seminggu, sakdina, sapoe."""
UNITS = {
    **{"menit": timedelta(minutes=1), "mnt": timedelta(minutes=1), "jam": timedelta(hours=1)},
    **dict.fromkeys(("hari", "hr", "dina", "dino", "poe", "dinten"), timedelta(days=1)),
    **dict.fromkeys(("minggu", "mgg"), timedelta(weeks=1)),
    **dict.fromkeys(("bulan", "bln", "wulan", "sasih"), timedelta(days=30)),
}
_NUMBER = rf"\d{{1,3}}|{'|'.join(NUMBERS)}"
LENGTH = re.compile(
    rf"(?<![\w])(?:(?P<number>{_NUMBER})\s*(?:(?:x|kali)\s*(?P<each>\d{{1,2}})\s*)?|(?P<one>{'|'.join(ONE)}))"
    rf"(?P<unit>{'|'.join(UNITS)})",
    re.IGNORECASE,
)
RULE_BEFORE = re.compile(r"\b(?:batas|dalam|tenggat|maksimal|deadline)\s*$", re.IGNORECASE)
SINCE = {"kemarin lusa": timedelta(days=2), "kemaren lusa": timedelta(days=2), "semalam": timedelta(hours=12)}
SINCE_YESTERDAY = re.compile(r"\b(?:dari|sejak|dr)\s+(?:hari\s+)?(?:kemarin|kemaren|kmrn)\b", re.IGNORECASE)
TIMES = re.compile(rf"(?<![\w])(?P<number>{_NUMBER})\s*(?:x|kali|kl)\b(?!\s*\d)", re.IGNORECASE)


def spoken_length(text: str) -> timedelta | None:
    """Return the longest time a text speaks of as gone by, or none (`batas 30 hari` is a rule, not a wait)."""
    found = [_length(it) for it in LENGTH.finditer(text) if not RULE_BEFORE.search(text[: it.start()])]
    found += [length for words, length in SINCE.items() if words in text.lower()]
    if SINCE_YESTERDAY.search(text):
        found.append(timedelta(days=1))
    return max(found, default=None)


def spoken_times(text: str) -> int | None:
    """Return the largest number of attempts a text speaks of, or none."""
    found = [_number(it["number"]) for it in TIMES.finditer(text)]
    return max(found, default=None)


def _length(found: re.Match[str]) -> timedelta:
    each = int(found["each"]) if found["each"] else 1
    number = _number(found["number"]) if found["number"] else 1
    return number * each * UNITS[found["unit"].lower()]


def _number(word: str) -> int:
    return int(word) if word.isdigit() else NUMBERS[word.lower()]
