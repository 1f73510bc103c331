"""The programme's refusals of a redeem code, told apart by their words (the codes beside them are not published).

The same words are what a participant reads on the screen and copies into the chat, so they are understood in the usual
short spellings too.
"""

import re

NOT_FOUND = "not_found"
WRONG_TYPE = "wrong_type"
OTHER_INSTITUTION = "other_institution"
CODE_CANCELLED = "code_cancelled"
TRANSACTION_CANCELLED = "transaction_cancelled"
ALREADY_USED = "already_used"

_ALREADY = r"(?:sudah|udah|udh|sdh|telah)\s+(?:pernah\s+|di\s*)?"
_CANCELLED = r"\W+(?:\w+\W+)?(?:(?:sudah|udah|udh|sdh|telah)\s+)?di\s?batal(?:kan|in)"
_WORDS = (
    (TRANSACTION_CANCELLED, rf"\btransaksi(?:nya)?{_CANCELLED}"),
    (CODE_CANCELLED, rf"\b(?:kode|redeem|redem|voucher)(?:nya)?{_CANCELLED}"),
    (ALREADY_USED, _ALREADY + r"(?:di\s?)?(?:guna(?:kan|in)?|pakai|pake|redeem|tukar(?:kan)?)\b"),
    (OTHER_INSTITUTION, r"\bbukan\s+(?:milik|punya)\s+lembaga"),
    (WRONG_TYPE, r"\b(?:tipe|jenis)\s+pelatihan(?:nya)?\s+(?:tidak|tdk|ga|gak|nggak|ngga)\s+sesuai"),
    (NOT_FOUND, r"\bkode(?:\s+\w+)?\s+(?:tidak|tdk|ga|gak|nggak|ngga)\s+(?:ditemukan|ketemu)"),
)
_READ = tuple((name, re.compile(words, re.IGNORECASE)) for name, words in _WORDS)


def refusal_in(words: str) -> str | None:
    """Return which refusal these words are, or none."""
    return next((name for name, read in _READ if read.search(words)), None)
