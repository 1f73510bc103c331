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
_NAMES = "|".join(alias for aliases in ALIASES.values() for alias in aliases)
NOT_THERE = re.compile(rf"\b(?:bukan|bkn|bukannya)\s+(?:(?:di|dari|lewat|pake|pakai|yang|yg)\s+)*(?:{_NAMES})\b")
AROUND = re.compile(
    rf"\b(?:{_NAMES}|bukan\w*|bkn|tapi|tp|di|dari|lewat|pake|pakai|maksud\w*|saya|aku|eh|salah|itu|yang|yg|min|kak|ding|deng|"
    r"deh|sih|kok|platform\w*|beli\w*|ternyata)\b"
)
_BY_ALIAS = {alias: platform for platform, aliases in ALIASES.items() for alias in aliases}


def platform_in(text: str) -> str | None:
    """Return the platform a text names, or none; "bukan di tokped tapi di bukalapak" names Bukalapak."""
    if text in ALIASES:
        return text
    words = NOT_THERE.sub(" ", re.sub(r"[^a-z ]", " ", text.lower()))
    for alias, platform in _BY_ALIAS.items():
        if re.search(rf"\b{alias}\b", words):
            return platform
    guesses = [word for word in words.split() if len(word) >= SHORTEST_TYPO]
    found = [process.extractOne(word, _BY_ALIAS.keys(), scorer=fuzz.ratio, score_cutoff=ALIKE) for word in guesses]
    return next((_BY_ALIAS[it[0]] for it in found if it), None)


def names_only_a_platform(text: str) -> bool:
    """Whether a text says where and nothing else."""
    return platform_in(text) is not None and not AROUND.sub(" ", re.sub(r"[^a-z ]", " ", text.lower())).split()
