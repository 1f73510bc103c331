"""What a message names: platform, partner, course, order and ticket numbers, error texts, money and time.

Rules, not a learned tagger: the names are a short known list, the numbers have shapes, and a wrong platform in a ticket
costs more than a missed one. A course title is taken only where the message plainly introduces it.
"""

import json
import re
from typing import Any, Dict, Iterator, List, Mapping, Sequence, Tuple

from nlu.components.normaliser import read_words
from nlu.components.quantities import Found, amounts, dates, spans, waves
from nlu.components.spelling import one_letter_off

TYPO_LENGTH = 6

_TICKET = re.compile(
    r"\bt\s?-\s?(\d{6})\b|\b(?:tiket|ticket|laporan)(?:nya)?\s*(?:no(?:mor|mer)?\.?|#)?\s*t?-?(\d{6})\b"
)
_INVOICE = re.compile(r"\b[a-z]{3,10}[-/](?=[a-z0-9/-]*\d)[a-z0-9]{5,}(?:[-/][a-z0-9]+)*\b")
_ERROR_CODE = re.compile(r"\berr[a-z]{2,6}\d{3,6}\b|\b(?:http|error)\s?[45]\d\d\b")
_COURSE = re.compile(r"\b(?:kelas|pelatihan|kursus)(?:nya)?\s+(?:yang\s+|yg\s+|judulnya\s+|tentang\s+|soal\s+)?")
_QUOTED = re.compile(r"[\"“']([^\"”']{3,60})[\"”']")
_WORD = re.compile(r"[\w&+.#-]+")
_NOT_TITLE = frozenset(read_words("not_titles")["words"].split())
# "dibatalin", "kubeli", "terkunci": something was done to the class.
_ACTION = re.compile(r"(?:di|ku|ter)[a-z]{4,}$")
TITLE_WORDS = 6


class Names:
    """The platforms and partners, in every spelling."""

    def __init__(self, words: Mapping[str, Any]) -> None:
        self._leads = frozenset(words["leads"])
        self._not_before = frozenset(words["not_before"])
        self._alone = frozenset(words["alone"])
        self._plain: Dict[str, Tuple[str, str]] = {}
        self._led: Dict[str, Tuple[str, str]] = {}
        for kind in ("platform", "partner"):
            for name, spellings in words[kind].items():
                self._plain.update(dict.fromkeys(spellings.get("plain", []), (kind, name)))
                self._led.update(dict.fromkeys(spellings.get("led_by", []), (kind, name)))
        self._pattern = re.compile(
            r"(?<![\w@./-])("
            + "|".join(re.escape(s) for s in sorted({*self._plain, *self._led}, key=len, reverse=True))
            + r")(?:nya|ku|mu)?(?![\w@])"
        )
        self._forgiven = [s for s in self._plain if len(s) >= TYPO_LENGTH and " " not in s]

    def found_in(self, text: str) -> Iterator[Found]:
        """Yield the platforms and partners named in a lower-cased message."""
        taken = []
        for found in self._pattern.finditer(text):
            known = self._plain.get(found[1]) or (self._led[found[1]] if self._is_led(text, found) else None)
            if known:
                taken.append(found.span())
                yield (*known, found.start(1), found.end(1))
        for word in re.finditer(r"(?<![\w@./-])[a-z]{5,}", text):
            if not any(start <= word.start() < end for start, end in taken):
                close = next((s for s in self._forgiven if one_letter_off(word[0], s)), None)
                if close:
                    yield (*self._plain[close], word.start(), word.end())

    def _is_led(self, text: str, found: "re.Match[str]") -> bool:
        after = text[found.end() :].split(maxsplit=1)
        if after and after[0].strip(".,?!") in self._not_before:
            return False
        before = text[: found.start()].split()
        if not before and not after:
            return found[1] in self._alone
        return bool(before) and before[-1].strip(",/(") in self._leads


class Entities:
    """Finds what a message names."""

    def __init__(self, names: Mapping[str, Any], errors: Sequence[Mapping[str, str]]) -> None:
        self._words = {"names": dict(names), "errors": [dict(error) for error in errors]}
        self._names = Names(names)
        no = r"(?:tidak|tdk|gak|ga|gk|nggak|ngga|enggak|kagak|kaga|tak|ndak|belum|blm)"
        has = r"(?:sudah|udah|udh|sdh|dah|telah|pernah)"
        self._errors = [(re.compile(e["pattern"].replace("{no}", no).replace("{has}", has)), e["says"]) for e in errors]

    @classmethod
    def from_words(cls) -> "Entities":
        """Build it from the reviewed word lists."""
        return cls(read_words("names"), read_words("errors"))

    @classmethod
    def loads(cls, text: str) -> "Entities":
        """Build it from what `dumps` wrote into a model."""
        return cls(**json.loads(text))

    def dumps(self) -> str:
        """Return everything it knows, to be kept in the model."""
        return json.dumps(self._words, ensure_ascii=False)

    def found_in(self, text: str) -> List[Dict[str, Any]]:
        """Return the entities of a message, first to last, none overlapping."""
        # Lower-casing may change the length of a few letters; then places would lie, so such a text is left alone.
        lower = text.lower() if len(text.lower()) == len(text) else text
        chosen: List[Found] = []
        for found in self._candidates(lower):
            if all(found[3] <= other[2] or other[3] <= found[2] for other in chosen):
                chosen.append(found)
        chosen += [c for c in self._courses(text, lower) if all(c[3] <= o[2] or o[3] <= c[2] for o in chosen)]
        return [
            {"entity": kind, "value": value, "start": start, "end": end, "text": text[start:end]}
            for kind, value, start, end in sorted(chosen, key=lambda found: found[2])
        ]

    def _candidates(self, lower: str) -> Iterator[Found]:
        """Yield what was found, the surest kind first."""
        for found in _TICKET.finditer(lower):
            yield "ticket_number", f"T-{found[1] or found[2]}", found.start(), found.end()
        for found in _INVOICE.finditer(lower):
            yield "invoice_code", found[0].upper(), found.start(), found.end()
        for found in _ERROR_CODE.finditer(lower):
            yield "error_text", found[0].upper(), found.start(), found.end()
        yield from self._error_texts(lower)
        yield from self._names.found_in(lower)
        yield from waves(lower)
        yield from spans(lower)  # before dates: in "3 hari ini" the three days count, not the day
        yield from dates(lower)
        yield from amounts(lower)

    def _error_texts(self, lower: str) -> Iterator[Found]:
        for pattern, says in self._errors:
            found = pattern.search(lower)
            if found:
                yield "error_text", says, found.start(), found.end()
                return

    def _courses(self, text: str, lower: str) -> Iterator[Found]:
        for lead in _COURSE.finditer(lower):
            quoted = _QUOTED.match(lower, lead.end())
            start, end = quoted.span(1) if quoted else _title_after(lower, lead.end())
            if end > start:
                yield "course_title", text[start:end], start, end
                return


def _title_after(lower: str, place: int) -> Tuple[int, int]:
    """Return where a title that begins at a place ends; an empty span when there is none."""
    start = end = place
    for _ in range(TITLE_WORDS):
        word = _WORD.match(lower, end + (end > start))
        plain = word[0].rstrip(".") if word else ""
        if not word or plain in _NOT_TITLE or plain.isdigit() or plain.endswith("nya") or _ACTION.match(plain):
            break
        end = word.start() + len(plain)
        if len(plain) < len(word[0]) or lower[end : end + 1] != " ":
            break
    return start, end
