"""HTTP as bytes: posting webhooks over kept connections, and a server protocol that can hang up.

A webhook costs a fraction of what a general HTTP client spends on it; the benchmark needs that.
"""

import asyncio
import ssl
from collections import defaultdict
from collections.abc import Awaitable
from typing import Any, Protocol
from urllib.parse import urlsplit

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

ANSWER_TIMEOUT = 60.0
type Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class WebhookFailed(Exception):
    """The other side could not be reached, hung up or did not answer."""


class Reply:
    """Status, headers and body of what the other side answered."""

    __slots__ = ("body", "headers", "status")

    def __init__(self, status: int, headers: dict[str, str] | None = None, body: bytes = b"") -> None:
        self.status, self.headers, self.body = status, headers or {}, body


class Post(Protocol):
    """Sends one request and waits for the answer; raises WebhookFailed."""

    def __call__(self, url: str, headers: dict[str, str], body: bytes | None) -> Awaitable[Reply]:
        """POST the body, or GET where there is none."""


class Poster:
    """Posts over kept connections, one pool an address."""

    def __init__(self, timeout: float = ANSWER_TIMEOUT) -> None:
        self._timeout = timeout
        self._idle: dict[tuple[str, int, bool], list[Connection]] = defaultdict(list)

    async def __call__(self, url: str, headers: dict[str, str], body: bytes | None) -> Reply:
        """Send one request; a kept connection that went stale is replaced once."""
        parts = urlsplit(url)
        secure = parts.scheme == "https"
        where = (parts.hostname or "", parts.port or (443 if secure else 80), secure)
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        request = _request(path, parts.netloc, headers, body)
        try:
            async with asyncio.timeout(self._timeout):
                return await self._exchange(where, request)
        except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, ValueError) as error:
            raise WebhookFailed(f"{type(error).__name__}: {error}") from error

    async def _exchange(self, where: tuple[str, int, bool], request: bytes) -> Reply:
        idle = self._idle[where]
        while idle:
            reader, writer = idle.pop()
            if reader.at_eof() or writer.is_closing():
                writer.close()
                continue
            return await self._send(where, (reader, writer), request)
        host, port, secure = where
        context = ssl.create_default_context() if secure else None
        return await self._send(where, await asyncio.open_connection(host, port, ssl=context), request)

    async def _send(self, where: tuple[str, int, bool], connection: Connection, request: bytes) -> Reply:
        reader, writer = connection
        kept = False
        try:
            writer.write(request)
            reply = await _read_reply(reader)
            kept = reply.headers.get("connection", "").lower() != "close"
        finally:
            if kept:
                self._idle[where].append(connection)
            else:
                writer.close()
        return reply

    def close(self) -> None:
        """Hang up everywhere."""
        for connections in self._idle.values():
            for _, writer in connections:
                writer.close()
        self._idle.clear()


def _request(path: str, host: str, headers: dict[str, str], body: bytes | None) -> bytes:
    verb = "GET" if body is None else "POST"
    lines = [f"{verb} {path} HTTP/1.1", f"host: {host}", f"content-length: {len(body or b'')}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + (body or b"")


async def _read_reply(reader: asyncio.StreamReader) -> Reply:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    first, *lines = head[:-4].split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    status = int(first.split(" ", 2)[1])
    if headers.get("transfer-encoding", "").lower() == "chunked":
        return Reply(status, headers, await _read_chunks(reader))
    return Reply(status, headers, await reader.readexactly(int(headers.get("content-length", "0"))))


async def _read_chunks(reader: asyncio.StreamReader) -> bytes:
    body = b""
    while size := int((await reader.readline()).split(b";")[0], 16):
        body += await reader.readexactly(size)
        await reader.readline()
    await reader.readline()
    return body


class DroppableProtocol(HttpToolsProtocol):
    """Uvicorn's own protocol that also lets an application hang up without an answer."""

    def on_message_begin(self) -> None:
        """Put the hang-up into the scope of the request that begins."""
        super().on_message_begin()
        scope: dict[str, Any] = self.scope  # type: ignore[assignment]
        scope.setdefault("extensions", {})["simulator.drop"] = self.transport.abort
