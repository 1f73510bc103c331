"""One spelling for a message, before the model reads it.

Lower case, drawn-out letters shortened, reduplication written once ("muter-muter", "cair2"), slang in its plain form,
numbers and names made alike. The words come from words/slang.yml and words/names.yml. Placeholders of masked data
([NIK], [OTP] ...) survive as words of their own. What was tried and did not pay (splitting -nya, lemmas, larger slang
tables) is in docs/understanding.md.
"""

import json
import re
from pathlib import Path
from typing import Any, Dict, List, Mapping

import yaml

WORDS = Path(__file__).parent / "words"

_PLACEHOLDER = re.compile(r"\[([A-Za-z0-9_]{2,20})\]|<([A-Z_]{2,20})>")
_LINK = re.compile(r"\b(?:https?://|www\.)\S+")
_HANDLE = re.compile(r"@\w+")
_DRAWN_OUT = re.compile(r"([^\W\d_])\1{2,}")
_DOUBLED = re.compile(r"\b([^\W\d_]{3,})2(?=\b|nya)")
_REDUPLICATED = re.compile(r"\b([^\W\d_]{3,})(?:-\1)+(?=\b|nya|an|in)")
_DIGITS = re.compile(r"\d+")
_SIGNS = re.compile(r"([^\w\s])")
_INVISIBLE = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad]")


def read_words(name: str) -> Any:
    """Return what stands in words/<name>.yml."""
    return yaml.safe_load((WORDS / f"{name}.yml").read_text(encoding="utf-8"))


class Normaliser:
    """Brings a message to the one spelling that the model knows."""

    def __init__(self, slang: Mapping[str, str], names: Mapping[str, List[str]]) -> None:
        self._slang = dict(slang)
        self._names = {kind: sorted(spellings, key=len, reverse=True) for kind, spellings in names.items()}
        self._name_patterns = {
            kind: re.compile(r"\b(?:" + "|".join(re.escape(name) for name in spellings) + r")(?:nya)?\b")
            for kind, spellings in self._names.items()
        }

    @classmethod
    def from_words(cls) -> "Normaliser":
        """Build it from the reviewed word lists."""
        plain_of = {slang: plain for plain, group in read_words("slang").items() for slang in group}
        names = read_words("names")
        spellings = {
            f"z{kind}": [
                s for known in names[kind].values() for group in ("plain", "led_by") for s in known.get(group, [])
            ]
            for kind in ("platform", "partner")
        }
        return cls(plain_of, spellings)

    @classmethod
    def loads(cls, text: str) -> "Normaliser":
        """Build it from what `dumps` wrote into a model."""
        kept: Dict[str, Any] = json.loads(text)
        return cls(kept["slang"], kept["names"])

    def dumps(self) -> str:
        """Return everything it knows, to be kept in the model."""
        return json.dumps({"slang": self._slang, "names": self._names}, ensure_ascii=False, sort_keys=True)

    def __call__(self, text: str) -> str:
        """Return the message in its one spelling."""
        text = _INVISIBLE.sub("", text)
        text = _PLACEHOLDER.sub(lambda found: f" z{found[1] or found[2]} ", text).lower()
        text = _HANDLE.sub(" zhandle ", _LINK.sub(" zlink ", text))
        text = _REDUPLICATED.sub(r"\1", _DOUBLED.sub(r"\1", _DRAWN_OUT.sub(r"\1", text)))
        for kind, pattern in self._name_patterns.items():
            text = pattern.sub(f" {kind} ", text)
        text = _SIGNS.sub(r" \1 ", _DIGITS.sub("0", text))
        return " ".join(self._slang.get(word, word) for word in text.split())
