"""A kept line to the action server: one request at a time, whole bodies, nothing else.

A general HTTP client spends more on such a request than the action server spends on answering most of them.
"""

import asyncio
from typing import Dict, List, Optional, Tuple
from urllib.parse import urlsplit

import httptools

IDLE = 4.0
"""Seconds after which a line is not used again: the server hangs up after five."""

Answer = Tuple[int, bytes]


class LineFailed(Exception):
    """The action server could not be reached, hung up, or did not speak HTTP."""


class _Line(asyncio.Protocol):
    def __init__(self) -> None:
        self.open = True
        self.kept = False
        self.idle_since = 0.0
        self._transport: Optional[asyncio.Transport] = None
        self._answer: Optional["asyncio.Future[Answer]"] = None
        self._parser = httptools.HttpResponseParser(self)
        self._body: List[bytes] = []

    async def ask(self, request: bytes) -> Answer:
        if self._transport is None or not self.open:
            raise LineFailed("the line is closed")
        self._answer = asyncio.get_running_loop().create_future()
        self._parser, self._body, self.kept = httptools.HttpResponseParser(self), [], False
        self._transport.write(request)
        return await self._answer

    def close(self) -> None:
        self.open = False
        if self._transport is not None:
            self._transport.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport  # type: ignore[assignment]

    def data_received(self, data: bytes) -> None:
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError:
            self._fail("it does not speak HTTP")
            self.close()

    def connection_lost(self, problem: Optional[Exception]) -> None:
        self.open = False
        self._fail("it hung up")

    def on_body(self, part: bytes) -> None:
        self._body.append(part)

    def on_message_complete(self) -> None:
        self.kept = self._parser.should_keep_alive()
        if self._answer is not None and not self._answer.done():
            self._answer.set_result((self._parser.get_status_code(), b"".join(self._body)))

    def _fail(self, why: str) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(LineFailed(why))


class KeptLines:
    """Lines to one http:// address; as many as there are requests at the same time."""

    def __init__(self, url: str, headers: Dict[str, str]) -> None:
        place = urlsplit(url)
        if place.scheme != "http" or not place.hostname:
            raise ValueError(f"the action server must be at an http:// address, not at {url}")
        self._host, self._port = place.hostname, place.port or 80
        path = (place.path or "/") + (f"?{place.query}" if place.query else "")
        told = {"Host": place.netloc, "Content-Type": "application/json", **headers}
        self._head = f"POST {path} HTTP/1.1\r\n" + "".join(f"{name}: {value}\r\n" for name, value in told.items())
        self._idle: List[_Line] = []

    async def post(self, body: bytes, seconds: float) -> Answer:
        """Send a body and return status and body of the answer; raise LineFailed or asyncio.TimeoutError."""
        request = f"{self._head}Content-Length: {len(body)}\r\n\r\n".encode() + body
        return await asyncio.wait_for(self._exchange(request), seconds)

    def close(self) -> None:
        """Hang up."""
        while self._idle:
            self._idle.pop().close()

    async def _exchange(self, request: bytes) -> Answer:
        line = self._unused() or await self._new()
        try:
            answer = await line.ask(request)
        except BaseException:
            # what still comes on this line belongs to nobody
            line.close()
            raise
        if line.kept and line.open:
            line.idle_since = asyncio.get_running_loop().time()
            self._idle.append(line)
        else:
            line.close()
        return answer

    def _unused(self) -> Optional[_Line]:
        now = asyncio.get_running_loop().time()
        while self._idle:
            line = self._idle.pop()
            if line.open and now - line.idle_since < IDLE:
                return line
            line.close()
        return None

    async def _new(self) -> _Line:
        try:
            _, line = await asyncio.get_running_loop().create_connection(_Line, self._host, self._port)
        except OSError as problem:
            raise LineFailed(type(problem).__name__) from None
        return line
