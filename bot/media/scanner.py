"""Asking a virus scanner, where one is configured: clamd's INSTREAM over TCP.

A file is only shown once a scanner that is configured has passed it; one that cannot be asked is waited for.
"""

import asyncio
import struct

from bot.media import reasons
from bot.media.reasons import Later, Refuse

PIECE = 64 * 1024
PATIENCE_SECONDS = 30.0
LONGEST_ANSWER = 4096


class Scanner:
    """One clamd."""

    def __init__(self, host: str, port: int, *, patience_seconds: float = PATIENCE_SECONDS) -> None:
        self._host, self._port, self._patience = host, port, patience_seconds

    @classmethod
    def at(cls, place: str) -> "Scanner | None":
        """Return the scanner at host:port, or none where none is named; raises ValueError for what is no place."""
        if not place:
            return None
        host, _, port = place.rpartition(":")
        if not host or not port.isdigit():
            raise ValueError(f"MEDIA_SCANNER must be host:port, not {place!r}")
        return cls(host.strip("[]"), int(port))

    async def scan(self, content: bytes) -> None:
        """Return if the file is clean; raises Refuse for one it knows, Later where it gives no clear answer."""
        try:
            async with asyncio.timeout(self._patience):
                said = await self._ask(content)
        except (OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError) as problem:
            raise Later(reasons.SCANNER_AWAY, f"scanner: {type(problem).__name__}") from problem
        if said.endswith(" FOUND"):
            raise Refuse(reasons.INFECTED, said.removeprefix("stream: ").removesuffix(" FOUND"))
        if not said.endswith(" OK"):
            # an error of the scanner is no clean bill
            raise Later(reasons.SCANNER_AWAY, "scanner: no clear answer")

    async def _ask(self, content: bytes) -> str:
        reader, writer = await asyncio.open_connection(self._host, self._port, limit=LONGEST_ANSWER)
        try:
            writer.write(b"zINSTREAM\0")
            for start in range(0, len(content), PIECE):
                piece = content[start : start + PIECE]
                writer.write(struct.pack(">I", len(piece)) + piece)
                await writer.drain()
            writer.write(struct.pack(">I", 0))
            await writer.drain()
            return (await reader.readuntil(b"\0")).rstrip(b"\0").decode(errors="replace").strip()
        finally:
            writer.close()
