"""E-mail addresses, also as people say them: budi at gmail dot com, budi(at)gmail.com, budi di gmail titik com."""

import re
from collections.abc import Iterator

from records.masking.reading import TAKEN, Reading, Span

PROVIDER = r"(?:gmail|gmial|gmai|yahoo|ymail|hotmail|outlook|icloud|rocketmail|live|proton)"
DOT = r"(?:\s?\.\s?|\s(?:dot|titik|d[oi]t)\s)"
ENDING = rf"{DOT}(?:com|co{DOT}id|co|id|net|org)(?![^\W_])"
COM = rf"(?:{ENDING}|\s?[,\s]\s?com(?![^\W_]))"
"""After a provider everybody knows also a comma or nothing stands for the dot."""
NAME = r"(?<![\w.+-])[\w.+-]{1,64}"
SPOKEN_NAME = rf"{NAME}(?:\s(?:titik|dot|strip|underscore|garis\sbawah)\s[\w.+-]{{1,64}}){{0,3}}"
WRITTEN = re.compile(
    rf"{NAME}(?:\s?@\s?|@\s?){PROVIDER}(?:{COM})?|{NAME}(?:@|\s@\s|@\s)[\w-]{{1,63}}(?:{DOT}[\w-]{{1,63}}){{1,4}}"
)
SPOKEN = re.compile(
    rf"{SPOKEN_NAME}\s?(?:[(\[]\s?at\s?[)\]]|\s(?:at|et|add)\s)\s?{PROVIDER}(?:{ENDING})?|"
    rf"{SPOKEN_NAME}\s?[(\[]\s?at\s?[)\]]\s?[\w-]{{1,63}}(?:(?:{DOT}|\s?[(\[]\s?dot\s?[)\]]\s?)[\w-]{{1,63}}){{1,3}}|"
    rf"{SPOKEN_NAME}\s(?:di|a)\s{PROVIDER}\s(?:dot|titik)\s(?:com|co)(?:{DOT}id)?|"
    rf"(?<![\w.+-])(?=[\w.+-]*[\d._])[\w.+-]{{3,64}}\s{PROVIDER}{COM}"
)


def emails(reading: Reading) -> Iterator[Span]:
    """Yield e-mail addresses."""
    text = reading.text
    if not reading.has("@", "gm", "mail", "yahoo", "outlook", "icloud", "rocket", "live", "proton", "(", "["):
        return
    for pattern in (WRITTEN, SPOKEN) if "@" in text else (SPOKEN,):
        for found in pattern.finditer(text):
            if TAKEN not in found[0]:
                yield Span(found.start(), found.end(), "EMAIL")
