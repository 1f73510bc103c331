"""The line to the programme's partner API: signed calls, retried with jitter within one deadline.

The help desk only looks: the line carries the three questions of ASKED and nothing else. The same API also buys,
cancels and redeems, and no mistake of ours may ever reach that.

What can go wrong:

- NotReached: no usable answer (refused, timeout, 429, 5xx, not the JSON that was agreed); ask again later
- Refused: a clear error of the API, with its code
- NotAQuestion: we would have sent something else than a question; nothing was sent
"""

import asyncio
import json
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx

from registry.breaker import Breaker
from registry.signature import signature

INTEGRATION = "/api/v1/integration/payment/"
PAYMENT_STATUS = INTEGRATION + "status"
REDEEM_STATUS = INTEGRATION + "redeem-code/status"
QUOTA = INTEGRATION + "quota-schedule"
ASKED = frozenset({PAYMENT_STATUS, REDEEM_STATUS, QUOTA})
"""All that may be sent."""
FIRST_PAUSE_SECONDS = 0.05
AGAIN = frozenset({429, 500, 502, 503, 504})


class NotReached(Exception):
    """There was no answer that could be used."""


class NotAQuestion(Exception):
    """A call that does more than look, or is not known to do no more."""


class Refused(Exception):
    """The API said no, with its own code and words."""

    def __init__(self, http_status: int, code: str, message: str) -> None:
        super().__init__(code)
        self.http_status = http_status
        self.code = code
        self.message = message


@dataclass(frozen=True)
class Partner:
    """Who we are to the programme and where it is."""

    url: str
    client_code: str
    sign_key: str
    deadline: timedelta = timedelta(milliseconds=1800)
    attempt_timeout: timedelta = timedelta(milliseconds=800)


class PartnerLine:
    """Posts signed JSON and returns the `data` of the reply."""

    def __init__(
        self, partner: Partner, client: httpx.AsyncClient, breaker: Breaker, seconds: Callable[[], float] = time.time
    ) -> None:
        self._partner = partner
        self._client = client
        self._breaker = breaker
        self._seconds = seconds

    async def post(self, path: str, question: dict[str, Any]) -> dict[str, Any]:
        """Return the reply's data; raises NotReached or Refused within the deadline, NotAQuestion before sending."""
        if path not in ASKED:
            raise NotAQuestion(path)
        if not self._breaker.lets_through():
            raise NotReached("berkali-kali tidak menjawab, sebentar lagi dicoba lagi")
        try:
            data = _data(await self._response(path, json.dumps(question, separators=(",", ":")).encode()))
        except NotReached:
            self._breaker.failed()
            raise
        except Refused:
            self._breaker.answered()
            raise
        self._breaker.answered()
        return data

    async def _response(self, path: str, body: bytes) -> httpx.Response:
        until = time.monotonic() + self._partner.deadline.total_seconds()
        attempt = 0
        while True:
            left = min(self._partner.attempt_timeout.total_seconds(), until - time.monotonic())
            reason = "tidak menjawab tepat waktu"
            try:
                async with asyncio.timeout(left):
                    response = await self._send(path, body)
                if response.status_code not in AGAIN:
                    return response
                reason = f"sedang bermasalah (HTTP {response.status_code})"
            except (TimeoutError, httpx.TimeoutException):
                pass
            except httpx.HTTPError as error:
                reason = f"tidak tersambung ({type(error).__name__})"
            pause = random.uniform(0.5, 1.5) * FIRST_PAUSE_SECONDS * 2**attempt  # noqa: S311 (jitter, no secret)
            if time.monotonic() + pause >= until:
                raise NotReached(reason)
            await asyncio.sleep(pause)
            attempt += 1

    async def _send(self, path: str, body: bytes) -> httpx.Response:
        partner, timestamp = self._partner, str(int(self._seconds()))
        headers = {
            "Content-Type": "application/json",
            "client_code": partner.client_code,
            "timestamp": timestamp,
            "signature": signature(partner.sign_key, partner.client_code, timestamp, "POST", path, body),
        }
        return await self._client.post(partner.url.rstrip("/") + path, content=body, headers=headers)


def _data(response: httpx.Response) -> dict[str, Any]:
    try:
        said = response.json()
    except ValueError:
        said = None
    if not isinstance(said, dict):
        raise NotReached(f"menjawab dengan isi yang tidak dikenal (HTTP {response.status_code})")
    if response.status_code >= 400:
        raise Refused(response.status_code, str(said.get("code", "")), str(said.get("message", "")))
    data = said.get("data")
    if response.status_code != 200 or said.get("success") is not True or not isinstance(data, dict):
        raise NotReached(f"menjawab dengan isi yang tidak dikenal (HTTP {response.status_code})")
    return data
