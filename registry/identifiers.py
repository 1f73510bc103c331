"""Identifiers of people: matched by keyed hash, shown masked, kept in no other form.

The key comes from the data key by HKDF, so a copy of the tables alone tells nobody whose phone or NIK a row holds.
"""

import base64
import hmac
import re
from hashlib import sha256

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_PHONE_FRINGE = re.compile(r"[^\d+]")


class Keyed:
    """Turns identifiers into hashes that only the holder of the data key can make."""

    def __init__(self, data_key: str) -> None:
        derivation = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"registry identifiers 1")
        self._key = derivation.derive(base64.urlsafe_b64decode(data_key))

    def phone(self, text: str) -> str:
        """Return the hash of a phone number in any usual spelling."""
        return self._hash("phone", phone_number(text))

    def nik(self, text: str) -> str:
        """Return the hash of a NIK."""
        return self._hash("nik", text)

    def nik_last4(self, participant_id: str, last4: str) -> str:
        """Return the hash of the last four digits of one participant's NIK; alike digits of others hash otherwise."""
        return self._hash("nik last4", f"{participant_id}:{last4}")

    def card(self, text: str) -> str:
        """Return the hash of a card number."""
        return self._hash("card", text)

    def redeem_code(self, sha256_hex: str) -> str:
        """Return the keyed hash of a redeem code that arrives as its plain SHA-256."""
        return self._hash("redeem", sha256_hex.lower())

    def redeem_code_as_typed(self, code: str) -> str:
        """Return the same hash of a redeem code as somebody types it."""
        return self.redeem_code(sha256(plain_code(code).encode()).hexdigest())

    def _hash(self, kind: str, value: str) -> str:
        return hmac.digest(self._key, f"{kind}:{value}".encode(), "sha256").hex()


def phone_number(text: str) -> str:
    """Return the number as +62…; understands 08…, 62…, +62…, 0062… with any punctuation.

    A bare 8… is left alone: messengers give foreign numbers without a plus, and +81… must not become +62 81….
    """
    plain = _PHONE_FRINGE.sub("", text)
    digits = plain.replace("+", "")
    if not plain.startswith("+"):
        if digits.startswith("00"):
            digits = digits[2:]
        elif digits.startswith("0"):
            digits = "62" + digits[1:]
    return "+62" + digits[3:] if digits.startswith("620") else "+" + digits


def plain_code(text: str) -> str:
    """Return a redeem code as the programme writes it: capitals, no blanks."""
    return "".join(text.split()).upper()


def masked_phone(text: str) -> str:
    """Return what may be shown of a phone number: its last two digits."""
    return "…" + phone_number(text)[-2:]


def masked_email(text: str) -> str:
    """Return what may be shown of an e-mail address: its first letter and its domain."""
    name, _, domain = text.partition("@")
    return f"{name[:1]}…@{domain}"
