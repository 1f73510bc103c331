"""How python-telegram-bot's client reaches Telegram: over the corridor's own lines."""

from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

import httpx
from telegram.error import NetworkError, TimedOut
from telegram.request import HTTPXRequest, RequestData

from bot.lines import KeptLines, Patience

HEADERS = {"User-Agent": HTTPXRequest.USER_AGENT, "Content-Type": "application/x-www-form-urlencoded"}


class LineRequest(HTTPXRequest):
    """Posts a method call over a kept line; what carries files goes the library's own way."""

    def __init__(self, lines: KeptLines, patience: Patience) -> None:
        super().__init__(read_timeout=patience.read, connect_timeout=patience.connect, pool_timeout=patience.pool)
        self._lines, self._patience = lines, patience

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *timeouts: Any, **more: Any
    ) -> tuple[int, bytes]:
        """Send one call and return status and body; raises the library's TimedOut or NetworkError."""
        if method != "POST" or (request_data and request_data.multipart_data):
            return await super().do_request(url, method, request_data, *timeouts, **more)
        body = urlencode(request_data.json_parameters if request_data else {}).encode("ascii")
        try:
            status, answer = await self._lines.post(url, HEADERS, body, self._patience)
        except httpx.TimeoutException as problem:
            raise TimedOut(type(problem).__name__) from problem
        except httpx.TransportError as problem:
            raise NetworkError(type(problem).__name__) from problem
        if status == HTTPStatus.GATEWAY_TIMEOUT or (status == HTTPStatus.BAD_GATEWAY and answer[:1] != b"{"):
            # a machine in between gave up: Telegram may have done it all the same
            raise TimedOut(HTTPStatus(status).phrase)
        return status, answer

    async def shutdown(self) -> None:
        """Close the lines."""
        self._lines.close()
        await super().shutdown()
