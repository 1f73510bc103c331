"""Problems named in plain words beside a call for a person, where the model kept only the call.

Used by the hand-over alone: there a problem too many costs nothing, one lost costs the participant a repetition.
"""

import re

BUYING = r"beli|bayar|checkout|pembelian|pembayaran"
CANNOT = r"(?:ga|gak|g|nggak|ngga|tidak|tdk|gk|kaga|kagak|enggak)\s*(?:bisa|bs|dapat)"
CUES: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "package_not_found",
        re.compile(
            rf"\b{CANNOT}\s*(?:beli|milih|pilih)|(?:paket|kursus|kelas)\b.{{0,20}}\b(?:ga|gak|tidak)\s*(?:ketemu|ditemukan)",
            re.I,
        ),
    ),
    ("payment_failed", re.compile(rf"\b{CANNOT}\s*(?:bayar|checkout)|\bgagal\s*bayar", re.I)),
    ("purchase_otp", re.compile(rf"\botp\b(?=.*\b(?:{BUYING})\b)|\b(?:{BUYING})\b.*\botp\b", re.I | re.S)),
    ("login_otp", re.compile(rf"\botp\b(?!.*\b(?:{BUYING})\b)", re.I | re.S)),
    ("incentive_not_received", re.compile(r"\binsentif\b.{0,30}\b(?:belum|blm|ga|gak|tidak|gagal)\b", re.I)),
    ("certificate_missing", re.compile(r"\bserti(?:f|fikat)\w*\b.{0,20}\b(?:belum|blm|ga|gak|tidak)\b", re.I)),
    ("login_failed", re.compile(rf"\b{CANNOT}\s*(?:masuk|login)", re.I)),
)


def cued_problems(text: str) -> tuple[str, ...]:
    """Return the problems a text names in plain words, in the order of the table."""
    found = [intent for intent, cue in CUES if cue.search(text)]
    if "purchase_otp" in found and "login_otp" in found:
        found.remove("login_otp")
    return tuple(found)
