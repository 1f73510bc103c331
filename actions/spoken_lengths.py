"""Lengths of time and counts as people type them: `3 hari`, `seminggu`, `2x24 jam`, `dari semalam`, `udah 5x`."""

import re
from datetime import timedelta

NUMBERS = {
    **{"se": 1, "satu": 1, "dua": 2, "tiga": 3, "empat": 4, "lima": 5, "enam": 6, "tujuh": 7, "delapan": 8},
    **{"sembilan": 9, "sepuluh": 10, "beberapa": 3},
}
UNITS = {
    **{"menit": timedelta(minutes=1), "mnt": timedelta(minutes=1), "jam": timedelta(hours=1)},
    **{"hari": timedelta(days=1), "hr": timedelta(days=1), "minggu": timedelta(weeks=1), "mgg": timedelta(weeks=1)},
    **{"bulan": timedelta(days=30), "bln": timedelta(days=30)},
}
_NUMBER = r"\d{1,3}|satu|dua|tiga|empat|lima|enam|tujuh|delapan|sembilan|sepuluh|beberapa"
LENGTH = re.compile(
    rf"(?<![\w])(?:(?P<number>{_NUMBER})\s*(?:(?:x|kali)\s*(?P<each>\d{{1,2}})\s*)?|(?P<one>se))(?P<unit>{'|'.join(UNITS)})",
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
    return _number(found["number"] or found["one"]) * each * UNITS[found["unit"].lower()]


def _number(word: str) -> int:
    return int(word) if word.isdigit() else NUMBERS[word.lower()]
