"""Personal data is replaced by a placeholder before a text reaches the model, a log, a ticket or the trends.

Finders read the text one after the other, surest first; each takes out what it finds. An OTP, PIN or password is a
secret: of a message that holds one the raw text is not kept at all. Everything runs in time linear in the text.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from records.masking.addresses import emails
from records.masking.codes import redeem_codes
from records.masking.numbers import long_numbers
from records.masking.one_time import one_time_codes, passwords
from records.masking.people import births, homes, names
from records.masking.reading import Reading

SECRETS = frozenset({"OTP", "SANDI"})
FINDERS = (emails, redeem_codes, births, homes, long_numbers, passwords, one_time_codes, names)
# fmt: off
HINTS = (
    "@", "(at", "[at", "gmail", "yahoo", "mail", "nama", "a/n", "a.n", "an.", "perkenalkan", "panggil", "alamat", "jl",
    "sandi", "pas", "pw", "prat", "satu", "dua", "tiga", "empat", "lima", "nol", "enam", "lapan", "tuju", "one", "two",
    "three", "siji", "loro", "hiji",
)
# fmt: on
A_DIGIT = re.compile(r"\d")


@dataclass(frozen=True)
class Masked:
    """A text without personal data, what kinds were taken out, and whether a secret was among them."""

    text: str
    kinds: tuple[str, ...]
    codes: tuple[str, ...] = field(default=(), repr=False, compare=False)
    """Redeem codes as they were written: to be sealed or forgotten, never shown."""

    @property
    def secret(self) -> bool:
        """Whether the raw text held a secret, which is not kept even encrypted."""
        return not SECRETS.isdisjoint(self.kinds)


def mask(text: str) -> Masked:
    """Return the text with everything personal replaced by its placeholder."""
    if not worth_reading(text):
        return Masked(text, ())
    reading = Reading(text)
    for find in FINDERS:
        reading.let(find)
    kinds = dict.fromkeys(span.kind for span in sorted(reading.spans, key=lambda span: span.start))
    codes = tuple(text[span.start : span.end] for span in reading.spans if span.kind == "KODE")
    return Masked("".join(reading.masked()), tuple(kinds), codes)


def worth_reading(text: str) -> bool:
    """Return whether anything the finders look for can be there at all; most messages are short talk without it."""
    if A_DIGIT.search(text) or not text.isascii():
        return True
    small = text.lower()
    return any(hint in small for hint in HINTS)


def holds_secret(value: Any, *, besides: str = "") -> bool:
    """Return whether any string in a decoded body (captions, names, titles, file names) holds a secret.

    A string of digits alone is an id or a time here, and no code.
    """
    return any(mask(text).secret for text in _strings(value) if text != besides and not text.isdigit())


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _strings(inner)
