"""Raw words of a participant, kept encrypted: the working copy everywhere else is masked."""

import base64
import hashlib
import hmac

from cryptography.fernet import Fernet, InvalidToken


class SealBroken(Exception):
    """The text cannot be opened with this key: look for the key it was written with."""


class Seal:
    """Encrypts and opens short texts with the data key."""

    def __init__(self, key: str) -> None:
        self._fernet = Fernet(key.encode())
        self._key = key.encode()

    def fingerprint(self, text: str) -> str:
        """Return a keyed hash: the same for the same text, and nothing to whoever has not the key."""
        return hmac.new(self._key, text.encode(), hashlib.sha256).hexdigest()

    def close(self, text: str | bytes) -> bytes:
        """Return the text encrypted."""
        return self._fernet.encrypt(text.encode() if isinstance(text, str) else text)

    def open(self, sealed: bytes) -> str:
        """Return the text; raises SealBroken for another key or an altered value."""
        try:
            return self._fernet.decrypt(sealed).decode()
        except InvalidToken as error:
            raise SealBroken("Teks tersegel tidak bisa dibuka dengan kunci ini.") from error

    def close_file(self, content: bytes) -> bytes:
        """Return a file encrypted, a quarter shorter than texts are kept."""
        return base64.urlsafe_b64decode(self._fernet.encrypt(content))

    def open_file(self, sealed: bytes) -> bytes:
        """Return the file; raises SealBroken for another key or an altered value."""
        try:
            return self._fernet.decrypt(base64.urlsafe_b64encode(sealed))
        except InvalidToken as error:
            raise SealBroken("Berkas tersegel tidak bisa dibuka dengan kunci ini.") from error
