"""A kept HTTP connection that costs next to nothing: the load must not eat the processors it measures."""

import asyncio
from typing import Any, Self

import orjson


class LineBroken(Exception):
    """The other side hung up or answered something other than HTTP."""


class Line:
    """One connection to one server; one request at a time."""

    def __init__(self, port: int, headers: dict[str, str] | None = None, *, json: bool = True) -> None:
        self._port, self._json = port, json
        self._more = "".join(f"{name}: {value}\r\n" for name, value in (headers or {}).items())
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def __aenter__(self) -> Self:
        self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self._port)
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._writer:
            self._writer.close()

    async def post(self, path: str, body: Any) -> tuple[int, Any]:
        """POST JSON and return status and body."""
        return await self._exchange("POST", path, orjson.dumps(body))

    async def get(self, path: str) -> tuple[int, Any]:
        """GET and return status and body."""
        return await self._exchange("GET", path, b"")

    async def _exchange(self, verb: str, path: str, body: bytes) -> tuple[int, Any]:
        if self._reader is None or self._writer is None:
            raise LineBroken("not connected")
        head = f"{verb} {path} HTTP/1.1\r\nhost: 127.0.0.1\r\n{self._more}content-type: application/json\r\n"
        self._writer.write(f"{head}content-length: {len(body)}\r\n\r\n".encode() + body)
        try:
            return await _answer(self._reader, self._json)
        except (asyncio.IncompleteReadError, ConnectionError, ValueError) as error:
            raise LineBroken(f"{verb} {path}: {error}") from error


async def _answer(reader: asyncio.StreamReader, json: bool) -> tuple[int, Any]:
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    at = head.find(b"content-length:")
    if at < 0:
        raise LineBroken("an answer without a length")
    length = int(head[at + 15 : head.index(b"\r", at)])
    body = await reader.readexactly(length)
    return int(head[9:12]), (orjson.loads(body) if json else body) if body else None
