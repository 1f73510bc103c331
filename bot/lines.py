"""Kept lines to the servers we talk to: what the corridor needs of HTTP and no more.

Two requests leave with every turn, one to Rasa and one to the channel; a general client spends more on each than the
rest of the corridor together. Whole bodies only, HTTP/1.1, no redirect or proxy of its own.
"""

import asyncio
import ssl
import time
from collections import defaultdict
from collections.abc import Awaitable, Mapping
from dataclasses import dataclass

import httptools
import httpx

IDLE_SECONDS = 4.0
"""Servers hang up idle lines after five; one that hangs up while we speak leaves us not knowing."""

type Place = tuple[str, str, int]


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer."""

    status_code: int
    headers: list[tuple[bytes, bytes]]
    content: bytes


class _Line(asyncio.Protocol):
    """One connection, one request at a time."""

    def __init__(self) -> None:
        self.idle_since = 0.0
        self.closed = False
        self.keep = True
        self._transport: asyncio.Transport | None = None
        self._answer: asyncio.Future[Answer] | None = None
        self._parser = httptools.HttpResponseParser(self)
        self._headers: list[tuple[bytes, bytes]] = []
        self._body: list[bytes] = []
        self._until_the_end = False

    async def ask(self, request: bytes) -> Answer:
        """Send a request and return the whole answer."""
        if self._transport is None or self.closed:
            raise httpx.ConnectError("the line is closed")
        self._answer = asyncio.get_running_loop().create_future()
        self._parser = httptools.HttpResponseParser(self)
        self._transport.write(request)
        return await self._answer

    def close(self) -> None:
        """Hang up."""
        self.closed = True
        if self._transport:
            self._transport.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take the connection."""
        self._transport = transport  # type: ignore[assignment]

    def data_received(self, data: bytes) -> None:
        """Read on."""
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError as problem:
            self._fail(httpx.RemoteProtocolError(f"not HTTP: {type(problem).__name__}"))
            self.close()

    def connection_lost(self, problem: Exception | None) -> None:
        """Tell who waits that no answer will come."""
        self.closed = True
        if problem is None and self._until_the_end:
            self._finish()
        self._fail(httpx.ReadError(f"the other side hung up: {problem or 'end of stream'}"))

    def on_message_begin(self) -> None:
        """Begin anew, also after an interim answer."""
        self._headers, self._body, self._until_the_end = [], [], False

    def on_header(self, name: bytes, value: bytes) -> None:
        """Keep a header."""
        self._headers.append((name, value))

    def on_headers_complete(self) -> None:
        """See whether the body ends only with the connection."""
        named = {name.lower() for name, _ in self._headers}
        self._until_the_end = not named & {b"content-length", b"transfer-encoding"}

    def on_body(self, part: bytes) -> None:
        """Keep a part of the body."""
        self._body.append(part)

    def on_message_complete(self) -> None:
        """See whether the line stays, and hand the answer over."""
        self.keep = self._parser.should_keep_alive()
        self._finish()

    def _finish(self) -> None:
        status = self._parser.get_status_code()
        if self._answer and not self._answer.done() and status >= 200:
            self._answer.set_result(Answer(status, self._headers, b"".join(self._body)))

    def _fail(self, problem: httpx.TransportError) -> None:
        if self._answer and not self._answer.done():
            self._answer.set_exception(problem)


@dataclass(frozen=True)
class Patience:
    """How many seconds each step may take; None is for ever."""

    connect: float | None = 5.0
    read: float | None = 15.0
    pool: float | None = 10.0


class KeptLines:
    """Keeps up to `limit` lines to each server. What fails is said in httpx's errors, which tell it apart."""

    def __init__(self, limit: int = 32) -> None:
        self._idle: dict[Place, list[_Line]] = defaultdict(list)
        self._room: dict[Place, asyncio.Semaphore] = defaultdict(lambda: asyncio.Semaphore(limit))
        self._places: dict[str, tuple[Place, bytes, str]] = {}
        self._secure: ssl.SSLContext | None = None

    async def post(self, url: str, headers: Mapping[str, str], body: bytes, patience: Patience) -> tuple[int, bytes]:
        """POST a body and return status and body of the answer."""
        place, path, host = self._place(url)
        told = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        head = f"Host: {host}\r\n{told}Content-Length: {len(body)}\r\n\r\n".encode("latin-1")
        answer = await self.ask(place, b"POST " + path + b" HTTP/1.1\r\n" + head + body, patience)
        return answer.status_code, answer.content

    async def ask(self, place: Place, request: bytes, patience: Patience) -> Answer:
        """Send one whole request over a kept or a new line."""
        room = self._room[place]
        await _within(patience.pool, room.acquire(), httpx.PoolTimeout)
        try:
            line = self._kept(place) or await self._new(place, patience.connect)
            return await self._ask(place, line, request, patience.read)
        finally:
            room.release()

    def close(self) -> None:
        """Hang up everywhere."""
        for lines in self._idle.values():
            for line in lines:
                line.close()
        self._idle.clear()

    def _place(self, url: str) -> tuple[Place, bytes, str]:
        known = self._places.get(url)
        if known is None:
            parts = httpx.URL(url)
            known = self._places[url] = (place_of(parts), parts.raw_path, parts.netloc.decode("ascii"))
        return known

    async def _ask(self, place: Place, line: _Line, request: bytes, seconds: float | None) -> Answer:
        try:
            answer = await _within(seconds, line.ask(request), httpx.ReadTimeout)
        except BaseException:
            # an answer may still be on its way, and must not be taken for the next one's
            line.close()
            raise
        if line.keep and not line.closed:
            line.idle_since = time.monotonic()
            self._idle[place].append(line)
        else:
            line.close()
        return answer

    def _kept(self, place: Place) -> _Line | None:
        lines = self._idle[place]
        while lines:
            line = lines.pop()
            if not line.closed and time.monotonic() - line.idle_since < IDLE_SECONDS:
                return line
            line.close()
        return None

    async def _new(self, place: Place, seconds: float | None) -> _Line:
        scheme, host, port = place
        if scheme == "https" and self._secure is None:
            self._secure = httpx.create_ssl_context()
        secure = self._secure if scheme == "https" else None
        connecting = asyncio.get_running_loop().create_connection(_Line, host, port, ssl=secure)
        try:
            _, line = await _within(seconds, connecting, httpx.ConnectTimeout)
        except OSError as problem:
            raise httpx.ConnectError(str(problem)) from problem
        return line


class HttpxLines(httpx.AsyncBaseTransport):
    """The same lines under an httpx client, for who needs more of HTTP than a POST."""

    def __init__(self, lines: KeptLines) -> None:
        self._lines = lines

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request."""
        body = await request.aread()
        given = request.extensions.get("timeout", {})
        patience = Patience(given.get("connect"), given.get("read"), given.get("pool"))
        answer = await self._lines.ask(place_of(request.url), _head(request) + body, patience)
        return httpx.Response(answer.status_code, headers=answer.headers, content=answer.content)

    async def aclose(self) -> None:
        """Hang up everywhere."""
        self._lines.close()


def place_of(url: httpx.URL) -> Place:
    """Return where an address leads."""
    return url.scheme, url.host, url.port or (443 if url.scheme == "https" else 80)


def _head(request: httpx.Request) -> bytes:
    lines = [b"%b %b HTTP/1.1" % (request.method.encode(), request.url.raw_path)]
    lines += [b"%b: %b" % header for header in request.headers.raw]
    return b"\r\n".join(lines) + b"\r\n\r\n"


async def _within[T](seconds: float | None, work: Awaitable[T], late: type[httpx.TimeoutException]) -> T:
    try:
        async with asyncio.timeout(seconds):
            return await work
    except TimeoutError as problem:
        raise late(f"after {seconds} s") from problem
