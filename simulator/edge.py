"""The edge of each simulated server: bytes in, faults, bytes out.

A plain ASGI application, because a benchmark sends thousands of messages through it; the servers behind it are
functions from a Call to an Answer. Closing a connection without an answer needs simulator.wire.DroppableProtocol.
"""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

import orjson

from simulator.faults import Fault, FaultBoard, Kind, Target

MAX_BODY = 50 * 1024 * 1024
type Scope = MutableMapping[str, Any]
type Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
type Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Call:
    """An HTTP request as the servers need it; `path` is below the server's own prefix."""

    http_method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP response."""

    status: int
    body: bytes
    content_type: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Addressed:
    """What a fault switch may name: the method called and the chat it is about."""

    method: str
    chat: str


def json_answer(data: Any, status: int = 200) -> Answer:
    """Answer with JSON."""
    return Answer(status, orjson.dumps(data))


class Edge:
    """Serves one simulated server as an ASGI application.

    Args:
        target: its name on the fault board.
        handle: does what the call asks.
        address: names method and chat of a call for the fault board.
        spoil: words a limit or an error the way this server does.
        board: the fault switches.
    """

    def __init__(
        self,
        target: Target,
        handle: Callable[[Call], Awaitable[Answer]],
        address: Callable[[Call], Addressed],
        spoil: Callable[[Fault], Answer],
        board: FaultBoard,
    ) -> None:
        self._target: Target = target
        self._handle, self._address, self._spoil, self._board = handle, address, spoil, board

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return
        call = await read_call(scope, receive)
        answer = await self._answer(call)
        if answer is None:
            await _drop(scope, receive)
        else:
            await write_answer(send, answer)

    async def _answer(self, call: Call) -> Answer | None:
        if not self._board.on:
            return await self._handle(call)
        named = self._address(call)
        if delay := self._fault("delay", named):
            await asyncio.sleep(delay.seconds)
        if self._fault("refuse", named):
            return None
        if spoiled := self._fault("limit", named) or self._fault("error", named):
            return self._spoil(spoiled)
        reset = self._fault("accept_then_reset", named)
        late = self._fault("late", named)
        answer = await self._handle(call)
        if late:
            await asyncio.sleep(late.seconds)
        return None if reset else answer

    def _fault(self, kind: Kind, named: Addressed) -> Fault | None:
        return self._board.strike(self._target, "api", kind, named.method, named.chat)


async def read_call(scope: Scope, receive: Receive) -> Call:
    """Read a whole request."""
    body = b""
    while True:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body") or len(body) > MAX_BODY:
            break
    path: str = scope["path"].removeprefix(scope.get("root_path", ""))
    query = dict(parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True))
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    return Call(scope["method"], path, query, headers, body)


async def write_answer(send: Send, answer: Answer) -> None:
    """Send a whole response."""
    headers = [(b"content-type", answer.content_type.encode()), (b"content-length", b"%d" % len(answer.body))]
    headers += [(name.encode("latin-1"), value.encode("latin-1")) for name, value in answer.headers.items()]
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.body})


async def _drop(scope: Scope, receive: Receive) -> None:
    drop = scope.get("extensions", {}).get("simulator.drop")
    if drop is None:
        raise ConnectionResetError("the simulated server closed the connection")
    drop()
    while (await receive())["type"] != "http.disconnect":
        pass
