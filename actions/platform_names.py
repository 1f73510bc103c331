"""A platform as people type it, where the model did not already recognise it."""

import re

from rapidfuzz import fuzz, process

ALIASES: dict[str, tuple[str, ...]] = {
    "tokopedia": ("tokopedia", "tokped", "toped", "tkpd"),
    "bukalapak": ("bukalapak", "bukalapk", "buka lapak"),
    "pintaria": ("pintaria", "pintar ria"),
    "sekolahmu": ("sekolahmu", "sekolah mu", "karier mu", "kariermu"),
    "pijarmahir": ("pijar mahir", "pijarmahir", "pijar"),
    "maubelajarapa": ("maubelajarapa", "mau belajar apa", "mba"),
    "sisnaker": ("sisnaker", "kemnaker", "kemenaker", "siapkerja"),
    "ruangguru": ("ruangguru", "ruang guru", "skill academy", "skillacademy"),
}
ALIKE = 86
SHORTEST_TYPO = 5
_BY_ALIAS = {alias: platform for platform, aliases in ALIASES.items() for alias in aliases}


def platform_in(text: str) -> str | None:
    """Return the platform a text names, or none."""
    if text in ALIASES:
        return text
    words = re.sub(r"[^a-z ]", " ", text.lower())
    for alias, platform in _BY_ALIAS.items():
        if re.search(rf"\b{alias}\b", words):
            return platform
    guesses = [word for word in words.split() if len(word) >= SHORTEST_TYPO]
    found = [process.extractOne(word, _BY_ALIAS.keys(), scorer=fuzz.ratio, score_cutoff=ALIKE) for word in guesses]
    return next((_BY_ALIAS[it[0]] for it in found if it), None)
