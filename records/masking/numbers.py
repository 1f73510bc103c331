"""Long numbers: NIK, KK, card and anything of 16 digits, phone numbers, accounts.

16 digits are taken first, whatever they are; the words around and a plausible birth date then name them.
"""

import re
from collections.abc import Iterator

from records.masking.digits import Chain, Token, chains
from records.masking.reading import Reading, Span

SIXTEEN, SHORTEST = 16, 9
CONTEXT = 40
ABOUT = {
    "NIK": re.compile(r"nik(?![^\W\d_])|\b(?:nik|ktp|kk|kartu\s+keluarga|kependudukan)(?:nya|ku|mu)?(?![^\W\d_])"),
    "KARTU": re.compile(r"\b(?:kartu\s+prakerja|no(?:mor|mer)?\s+(?:kartu|prakerja)|kartu(?:\s?ku|nya)?)(?![^\W\d_])"),
    "REKENING": re.compile(
        r"\b(?:no)?rek(?:ening)?(?:nya|ku)?(?![^\W\d_])|\b(?:bni|bca|bri|btn|bsi|mandiri|cimb|ovo|gopay|linkaja|dana|"
        r"shopeepay|va|virtual\s+account|atm)(?![^\W\d_])"
    ),
}
GLUED = re.compile(r"(?P<word>[^\W\d_]+)-?$")
INVOICE = re.compile(r"\b(?:inv|invoice)/\S+|(?<![^\W_])[a-z]{1,10}-(?=[a-z0-9]*[a-z])[a-z0-9]+|\bt-\d+")
OF_A_PURCHASE = re.compile(
    r"(?<![^\W_])(?:invoice|inv|transaksi|trx|order|pesanan|resi|referensi|ref|tagihan)(?:nya)?"
    r"(?:\W{1,3}(?:no|nomor|saya|nya|kode|id))?\W{0,3}$"
)
NUMBER_WORDS = {
    "no",
    "nomor",
    "nomer",
    "ke",
    "wa",
    "hp",
    "telp",
    "tlp",
    "telepon",
    "nope",
    "nohp",
    "nowa",
    "nik",
    "ktp",
}


def long_numbers(reading: Reading) -> Iterator[Span]:
    """Yield every number of nine digits and more that may belong to a person."""
    text = reading.text
    codes: list[tuple[int, int]] | None = None
    for chain in chains(text):
        if len(chain.digits) < SHORTEST:
            continue
        if codes is None:
            codes = [found.span() for found in INVOICE.finditer(text)]
        yield from _of_sixteen(chain)
        for part in _left(chain):
            yield from _shorter(part, codes)


def _is_long(chain: Chain) -> bool:
    return len(chain.digits) >= SIXTEEN and not chain.ordinary


def _of_sixteen(chain: Chain) -> Iterator[Span]:
    if not _is_long(chain):
        return
    whole = _whole(chain)
    for token in whole:
        yield Span(token.start, token.end, kind_of_sixteen(token.said, chain.text, token.start, token.end))
    rest = list(chain.without(whole)) if whole else [chain]
    for part in rest:
        narrower = [piece for piece in part.without_ordinary() if len(piece.digits) >= SIXTEEN]
        for piece in narrower or ([part] if _is_long(part) else []):
            yield Span(piece.start, piece.end, _kind_of_long(piece))


def _left(chain: Chain) -> Iterator[Chain]:
    """Yield the parts in which no 16 digits were found."""
    if not _is_long(chain):
        yield from chain.without_ordinary()
        return
    whole = _whole(chain)
    for part in chain.without(whole) if whole else ():
        if not _is_long(part):
            yield from part.without_ordinary()


def _whole(chain: Chain) -> list[Token]:
    """The tokens that are 16 digits or more by themselves."""
    return [token for token in chain.tokens if not token.spelled and len(token.said) >= SIXTEEN]


def _kind_of_long(piece: Chain) -> str:
    if len(piece.digits) != SIXTEEN and all(is_phone(token.said) for token in piece.tokens):
        return "TELEPON"
    return kind_of_sixteen(piece.digits, piece.text, piece.start, piece.end)


def _shorter(chain: Chain, codes: list[tuple[int, int]]) -> Iterator[Span]:
    alone = [token for token in chain.tokens if not token.spelled and len(token.said) >= SHORTEST]
    for part in [*(Chain((token,), chain.text) for token in alone), *chain.without(alone)]:
        digits = part.digits
        if len(digits) < SHORTEST or any(start <= part.start < end for start, end in codes):
            continue
        if len(part.tokens) > 1 and len({token.said for token in part.tokens}) == 1 < len(part.tokens[0].said):
            continue  # "503 503 503" is weariness
        plus = part.text[part.start - 1 : part.start] == "+"
        if is_phone(digits) or plus:
            yield Span(part.start - plus, part.end, "TELEPON")
        elif (part.tight or part.spelled) and _may_stand_there(part):
            unnamed = "NOMOR16" if part.spelled else "REKENING"
            yield Span(part.start, part.end, named(part.text, part.start, part.end) or unnamed)


def _may_stand_there(part: Chain) -> bool:
    """Whether it is no code of a purchase, and nothing is glued before it but a word that introduces a number."""
    if OF_A_PURCHASE.search(part.text[max(0, part.start - CONTEXT) : part.start]):
        return False
    glued = GLUED.search(part.text, max(0, part.start - 12), part.start)
    if glued is None or part.spelled:
        return True
    word = glued["word"]
    return word in NUMBER_WORDS or any(about.search(word) for about in ABOUT.values())


def is_phone(digits: str) -> bool:
    """Return whether these are the digits of an Indonesian mobile number."""
    return (digits.startswith("08") and len(digits) <= 14) or (
        digits.startswith(("628", "6208", "00628")) and len(digits) <= 16
    )


def kind_of_sixteen(digits: str, text: str, start: int, end: int) -> str:
    """Name a 16-digit number by the words around it, else by whether it can be a NIK."""
    return named(text, start, end) or ("NIK" if len(digits) == SIXTEEN and plausible_nik(digits) else "NOMOR16")


def named(text: str, start: int, end: int) -> str | None:
    """Return the kind the nearest word before says, else the first one after."""
    before = text[max(0, start - CONTEXT) : start]
    said = [(found.end(), kind) for kind, about in ABOUT.items() for found in about.finditer(before)]
    if said:
        return max(said)[1]
    after = text[end : end + CONTEXT // 2]
    following = [(found.start(), kind) for kind, about in ABOUT.items() for found in about.finditer(after)]
    return min(following)[1] if following else None


def plausible_nik(digits: str) -> bool:
    """Return whether digits 7 to 12 can be a birth date (women have 40 added to the day)."""
    day, month = int(digits[6:8]), int(digits[8:10])
    return (1 <= day <= 31 or 41 <= day <= 71) and 1 <= month <= 12
