"""What a spoken form may stand for: endings and beginnings of everyday Indonesian, Javanese and Sundanese.

The stemmer knows the written language only. These are guesses; the index takes the first one the articles know.
"""

from collections.abc import Iterator

# "cairin", Javanese "kodene", Sundanese "saldona", "emailku"
ENDINGS = ("in", "ne", "na", "ku", "mu", "an", "e")
# "ngisi" is isi, "ngasih" is kasih; "nyambung" sambung, "nyari" cari; "nerima" terima; "milih" pilih; "kepotong" potong
NASALS = (("ng", ("", "k")), ("ny", ("s", "c")), ("n", ("t",)), ("m", ("p",)), ("ke", ("",)))
SHORTEST = 3


def plain_forms(stem: str) -> Iterator[str]:
    """Yield what the stem may be in plain words, the likeliest first."""
    shorter = [stem.removesuffix(ending) for ending in ENDINGS if stem.endswith(ending)]
    for form in (stem, *shorter):
        if form != stem and len(form) >= SHORTEST:
            yield form
        for nasal, plain in NASALS:
            if form.startswith(nasal) and len(form) - len(nasal) >= SHORTEST:
                yield from (begin + form.removeprefix(nasal) for begin in plain)
