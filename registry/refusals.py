"""The programme's refusals of a redeem code, told apart by their words: the codes beside them are not published."""

import re

NOT_FOUND = "not_found"
WRONG_TYPE = "wrong_type"
OTHER_INSTITUTION = "other_institution"
CODE_CANCELLED = "code_cancelled"
TRANSACTION_CANCELLED = "transaction_cancelled"
ALREADY_USED = "already_used"

_WORDS = (
    (TRANSACTION_CANCELLED, r"transaksi (?:sudah|telah) dibatalkan"),
    (CODE_CANCELLED, r"kode(?: redeem)? (?:sudah|telah) dibatalkan"),
    (ALREADY_USED, r"(?:sudah|telah) (?:pernah )?digunakan"),
    (OTHER_INSTITUTION, r"bukan milik lembaga"),
    (WRONG_TYPE, r"tipe pelatihan tidak sesuai"),
    (NOT_FOUND, r"kode(?: redeem)? tidak ditemukan"),
)
_READ = tuple((name, re.compile(words, re.IGNORECASE)) for name, words in _WORDS)


def refusal_in(words: str) -> str | None:
    """Return which refusal these words are, or none."""
    plain = " ".join(words.split())
    return next((name for name, read in _READ if read.search(plain)), None)
