"""The kept lines against a real server that answers as it is told."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import httpx
import pytest

from bot.lines import HttpxLines, KeptLines, Patience

PLAIN = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 4\r\n\r\n[42]"


class Server:
    """Answers each request with the next of the given bytes; empty bytes hang up, None says nothing."""

    def __init__(self, *answers: bytes | None, hang_up_after: bool = False) -> None:
        self._answers, self._hang_up_after = list(answers), hang_up_after
        self.connections = 0
        self.requests: list[bytes] = []

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while self._answers:
                head = await reader.readuntil(b"\r\n\r\n")
                length = int(head.lower().split(b"content-length:")[1].split(b"\r")[0])
                self.requests.append(head + await reader.readexactly(length))
                answer = self._answers.pop(0)
                if answer is None:
                    await asyncio.sleep(5)
                writer.write(answer or b"")
                if not answer or self._hang_up_after:
                    break
        except asyncio.IncompleteReadError:
            pass
        finally:
            writer.close()


@asynccontextmanager
async def speaking_to(server: Callable[..., Awaitable[None]], limit: int = 4) -> AsyncIterator[httpx.AsyncClient]:
    listening = await asyncio.start_server(server, "127.0.0.1", 0)
    port = listening.sockets[0].getsockname()[1]
    async with httpx.AsyncClient(
        transport=HttpxLines(KeptLines(limit)), base_url=f"http://127.0.0.1:{port}", timeout=30
    ) as client:
        yield client
    listening.close()


async def test_a_line_is_kept_and_the_request_arrives_whole() -> None:
    server = Server(PLAIN, PLAIN)
    async with speaking_to(server) as client:
        for _ in range(2):
            assert (await client.post("/a?b=c", json={"x": "é"}, headers={"x-own": "1"})).json() == [42]
    assert server.connections == 1
    assert server.requests[0].startswith(b"POST /a?b=c HTTP/1.1\r\n")
    assert b"x-own: 1\r\n" in server.requests[0]
    assert server.requests[0].endswith('{"x":"é"}'.encode())


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\n[4\r\n2\r\n2]\r\n0\r\n\r\n",
        b"HTTP/1.1 100 Continue\r\n\r\n" + PLAIN,
        b"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 4\r\n\r\n[42]",
    ],
)
async def test_every_form_of_answer_is_read(answer: bytes) -> None:
    async with speaking_to(Server(answer, PLAIN)) as client:
        assert (await client.post("/", json={})).json() == [42]
        if b"close" not in answer:
            assert (await client.post("/", json={})).json() == [42]


async def test_a_page_that_ends_with_the_connection_is_an_answer() -> None:
    page = b"HTTP/1.1 502 Bad Gateway\r\ncontent-type: text/html\r\n\r\n<h1>502</h1>"
    async with speaking_to(Server(page, hang_up_after=True)) as client:
        answer = await client.post("/", json={})
    assert (answer.status_code, answer.text) == (502, "<h1>502</h1>")


async def test_a_hang_up_instead_of_an_answer_is_a_read_error() -> None:
    async with speaking_to(Server(b"")) as client:
        with pytest.raises(httpx.ReadError):
            await client.post("/", json={})


async def test_half_an_answer_is_no_answer() -> None:
    async with speaking_to(Server(PLAIN[:-2], hang_up_after=True)) as client:
        with pytest.raises(httpx.ReadError):
            await client.post("/", json={})


async def test_something_other_than_http_is_a_protocol_error() -> None:
    async with speaking_to(Server(b"SSH-2.0-OpenSSH\r\n\r\n")) as client:
        with pytest.raises(httpx.RemoteProtocolError):
            await client.post("/", json={})


async def test_an_answer_that_comes_too_late_is_not_taken_for_the_next_one() -> None:
    server = Server(None, PLAIN)
    async with speaking_to(server) as client:
        with pytest.raises(httpx.ReadTimeout):
            await client.post("/", json={}, timeout=httpx.Timeout(30, read=0.3))
        assert (await client.post("/", json={})).json() == [42]
    assert server.connections == 2


async def test_nobody_there_is_a_connect_error() -> None:
    async with httpx.AsyncClient(transport=HttpxLines(KeptLines())) as client:
        with pytest.raises(httpx.ConnectError):
            await client.post("http://127.0.0.1:9/", json={})


async def test_a_line_the_server_closed_while_idle_is_replaced() -> None:
    server = Server(PLAIN, PLAIN, hang_up_after=True)
    async with speaking_to(server) as client:
        await client.post("/", json={})
        await asyncio.sleep(0.05)
        assert (await client.post("/", json={})).status_code == 200
    assert server.connections == 2


async def test_more_requests_than_lines_wait_for_a_line() -> None:
    server = Server(*[PLAIN] * 12)
    async with speaking_to(server, limit=3) as client:
        answers = await asyncio.gather(*(client.post("/", json={}) for _ in range(12)))
    assert [answer.status_code for answer in answers] == [200] * 12
    assert server.connections == 3


async def test_a_post_past_httpx_is_the_same_request() -> None:
    server = Server(PLAIN, PLAIN)
    async with speaking_to(server) as client:
        lines = KeptLines()
        for _ in range(2):
            answer = await lines.post(f"{str(client.base_url).rstrip('/')}/a?b=c", {"x-own": "1"}, b"{}", Patience())
            assert answer == (200, b"[42]")
        lines.close()
    assert server.connections == 1
    assert server.requests[1].startswith(b"POST /a?b=c HTTP/1.1\r\nHost: 127.0.0.1:")
    assert b"x-own: 1\r\n" in server.requests[1]
    assert server.requests[1].endswith(b"{}")
