"""Passwords: kept as argon2 hashes, checked off the event loop, and as slow for an unknown name as for a known one."""

import asyncio

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from desk.refusals import NotWellSaid

SHORTEST, LONGEST = 10, 200


class Passwords:
    """Hashes and checks; the cost is argon2's default unless a test asks for less."""

    def __init__(self, hasher: Argon2Hasher | None = None) -> None:
        self._hash = PasswordHash((hasher or Argon2Hasher(),))
        self._nobodys = self._hash.hash("nobody has this password")

    async def hashed(self, password: str) -> str:
        """Return the hash to keep; raises NotWellSaid for a password too short to protect anything."""
        if not SHORTEST <= len(password) <= LONGEST:
            raise NotWellSaid(f"Kata sandi harus {SHORTEST} sampai {LONGEST} huruf.")
        return await asyncio.to_thread(self._hash.hash, password)

    async def fits(self, password: str, kept: str | None) -> bool:
        """Say whether the password fits the kept hash; without one the answer is no, after the same work."""
        fits = await asyncio.to_thread(self._hash.verify, password[: LONGEST + 1], kept or self._nobodys)
        return fits and kept is not None
