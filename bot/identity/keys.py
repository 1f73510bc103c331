"""What only the holder of the data key can make: hashes of numbers and subjects, and the tokens of one-time links.

A token is made from its link's id, so nothing in the database, not even a message waiting to be sent, holds it.
"""

import base64
import hashlib
import hmac
from uuid import UUID

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from registry.identifiers import Keyed

TOKEN_BYTES = 24
"""192 bits."""


class IdentityKeys:
    """Makes them."""

    def __init__(self, data_key: str) -> None:
        derivation = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"identity of channels 1")
        self._key = derivation.derive(base64.urlsafe_b64decode(data_key))
        self._registry = Keyed(data_key)

    def phone(self, text: str) -> str:
        """Return the hash of a phone number, as the registry makes it."""
        return self._registry.phone(text)

    def subject(self, kind: str, value: str) -> str:
        """Return what a lookup is counted under."""
        return hmac.digest(self._key, f"subject {kind}:{value}".encode(), "sha256").hex()

    def token(self, link: UUID) -> str:
        """Return the token of a link."""
        return base64.urlsafe_b64encode(hmac.digest(self._key, b"link " + link.bytes, "sha256")[:TOKEN_BYTES]).decode()


def token_hash(token: str) -> str:
    """Return the hash under which a token is kept; its bits are random, so no key and no salt are needed."""
    return hashlib.sha256(token.encode()).hexdigest()
