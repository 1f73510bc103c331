"""The line to the action server, against a server that answers as it is told. Runs in Rasa's environment."""

import asyncio
import unittest

from nlu.components.kept_line import KeptLines, LineFailed

WHOLE = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}"
CHUNKED = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\n{\r\n1\r\n}\r\n0\r\n\r\n"


class Server:
    """Answers each request with the next of its answers; None says nothing, empty hangs up."""

    def __init__(self, *answers):
        self.answers, self.heard, self.connections = list(answers), [], 0

    async def __aenter__(self):
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        port = self._server.sockets[0].getsockname()[1]
        self.lines = KeptLines(f"http://127.0.0.1:{port}/webhook?token=x", {"X-Own": "1"})
        return self

    async def __aexit__(self, *_):
        self.lines.close()
        self._server.close()

    async def _serve(self, reader, writer):
        self.connections += 1
        try:
            while self.answers:
                head = await reader.readuntil(b"\r\n\r\n")
                length = int(head.lower().split(b"content-length:")[1].split(b"\r")[0])
                self.heard.append(head + await reader.readexactly(length))
                answer = self.answers.pop(0)
                if answer is None:
                    await asyncio.sleep(3)
                if not answer:
                    break
                writer.write(answer)
        except asyncio.IncompleteReadError:
            pass
        finally:
            writer.close()


class TheLine(unittest.IsolatedAsyncioTestCase):
    """It stays open, and its failures are told apart from answers."""

    async def test_a_line_is_kept_and_the_request_arrives_whole(self):
        async with Server(WHOLE, CHUNKED) as server:
            for _ in range(2):
                assert await server.lines.post(b'{"a":1}', 30) == (200, b"{}")
        assert server.connections == 1
        assert server.heard[0].startswith(b"POST /webhook?token=x HTTP/1.1\r\n")
        assert b"X-Own: 1\r\n" in server.heard[0]
        assert server.heard[0].endswith(b'{"a":1}')

    async def test_a_refusal_is_an_answer(self):
        async with Server(b"HTTP/1.1 400 Bad Request\r\ncontent-length: 1\r\n\r\nx") as server:
            assert await server.lines.post(b"{}", 30) == (400, b"x")

    async def test_a_hang_up_is_a_failure_and_the_next_request_gets_a_new_line(self):
        async with Server(WHOLE, b"", WHOLE) as server:
            await server.lines.post(b"{}", 30)
            with self.assertRaises(LineFailed):  # noqa: PT027 (no pytest there)
                await server.lines.post(b"{}", 30)
            assert await server.lines.post(b"{}", 30) == (200, b"{}")

    async def test_a_late_answer_is_not_taken_for_the_next_one(self):
        async with Server(None, WHOLE) as server:
            with self.assertRaises(asyncio.TimeoutError):  # noqa: PT027 (no pytest there)
                await server.lines.post(b"{}", 0.1)
            assert await server.lines.post(b"{}", 30) == (200, b"{}")
        assert server.connections == 2

    async def test_nobody_there_and_no_http_are_failures(self):
        with self.assertRaises(LineFailed):  # noqa: PT027 (no pytest there)
            await KeptLines("http://127.0.0.1:9/", {}).post(b"{}", 30)
        async with Server(b"SSH-2.0\r\n\r\n") as server:
            with self.assertRaises(LineFailed):  # noqa: PT027 (no pytest there)
                await server.lines.post(b"{}", 30)

    async def test_requests_at_the_same_time_have_a_line_each(self):
        async with Server(*[WHOLE] * 5) as server:
            answers = await asyncio.gather(*(server.lines.post(b"{}", 30) for _ in range(5)))
        assert answers == [(200, b"{}")] * 5


if __name__ == "__main__":
    unittest.main()
