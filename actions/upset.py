"""Anger, heard in the words: one line of understanding goes before what is done about it."""

import re

UPSET = re.compile(
    r"!!|\b(?:goblok|goblog|tolol|bego|anjing|anjir|bangsat|brengsek|kesal|kesel|kecewa|marah|capek|cape|emosi|parah|"
    r"payah|gila|sialan|stres+|muak)\b",
    re.IGNORECASE,
)


def upset(text: str) -> bool:
    """Whether these words are angry."""
    return UPSET.search(text) is not None
