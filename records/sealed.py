"""Raw words of a participant, kept encrypted: the working copy everywhere else is masked."""

from cryptography.fernet import Fernet, InvalidToken


class SealBroken(Exception):
    """The text cannot be opened with this key: look for the key it was written with."""


class Seal:
    """Encrypts and opens short texts with the data key."""

    def __init__(self, key: str) -> None:
        self._fernet = Fernet(key.encode())

    def close(self, text: str | bytes) -> bytes:
        """Return the text encrypted."""
        return self._fernet.encrypt(text.encode() if isinstance(text, str) else text)

    def open(self, sealed: bytes) -> str:
        """Return the text; raises SealBroken for another key or an altered value."""
        try:
            return self._fernet.decrypt(sealed).decode()
        except InvalidToken as error:
            raise SealBroken("Teks tersegel tidak bisa dibuka dengan kunci ini.") from error
