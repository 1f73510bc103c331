"""How the model in use reads a message now: asked of Rasa's turn channel when a reviewer looks, and kept for a while.

A Rasa that is away, or slow under load, is no trouble: the page then shows what was read when it was said.
"""

import asyncio
import time
from collections.abc import Iterable
from dataclasses import dataclass

import httpx
from pydantic import SecretStr

PATIENCE_SECONDS = 1.5
AT_ONCE = 4
KEPT_SECONDS = 60.0
MOST_KEPT = 5_000


@dataclass(frozen=True)
class ReadNow:
    """What the model in use makes of a message."""

    intent: str
    confidence: float
    model: str


class PresentModel:
    """Asks the model in use."""

    def __init__(self, url: str, token: SecretStr, client: httpx.AsyncClient) -> None:
        """Take Rasa's address and secret; without a secret nothing is asked."""
        self._url, self._client = f"{url.rstrip('/')}/webhooks/turn/parse", client
        self._headers = {"authorization": f"Bearer {token.get_secret_value()}"} if token.get_secret_value() else None
        self._kept: dict[str, tuple[float, ReadNow]] = {}
        self._few = asyncio.Semaphore(AT_ONCE)

    async def read(self, texts: Iterable[str]) -> dict[str, ReadNow]:
        """Return the readings of those texts that were read in time."""
        wanted = dict.fromkeys(texts)
        if self._headers is None:
            return {}
        fresh = time.monotonic() - KEPT_SECONDS
        missing = [it for it in wanted if self._kept.get(it, (0.0, None))[0] < fresh]
        if len(self._kept) > MOST_KEPT:
            self._kept.clear()
        asking = [asyncio.create_task(self._ask(it)) for it in missing]
        if asking:
            _, slow = await asyncio.wait(asking, timeout=PATIENCE_SECONDS)
            for one in slow:
                one.cancel()
        return {it: kept[1] for it in wanted if (kept := self._kept.get(it)) and kept[0] >= fresh}

    async def _ask(self, text: str) -> None:
        async with self._few:
            try:
                answer = await self._client.post(self._url, json={"text": text}, headers=self._headers, timeout=5.0)
                said = answer.raise_for_status().json()
                read = ReadNow(str(said["intent"]["name"]), float(said["intent"]["confidence"]), str(said["model"]))
            except (httpx.HTTPError, ValueError, KeyError, TypeError):
                return
        self._kept[text] = (time.monotonic(), read)
