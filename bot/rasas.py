"""Which Rasa is asked next: all of them in turn, and one that was away is left out for a moment.

An address may be a name behind which several machines stand (a service with replicas); it is looked up again now and
then, so that machines may come and go.
"""

import asyncio
import ipaddress
import socket
import time
from collections.abc import Callable, Sequence
from urllib.parse import urlsplit

LEFT_OUT_SECONDS = 3.0
LOOK_UP_SECONDS = 5.0


class Rasas:
    """The addresses of Rasa servers, in the order in which they are to be tried."""

    def __init__(self, given: Sequence[str], monotonic: Callable[[], float] = time.monotonic) -> None:
        self._given = list(given)
        self._now = monotonic
        self._all = list(given)
        self._looked_up_at: float | None = None
        self._looking_up: asyncio.Task[None] | None = None
        self._left_out: dict[str, float] = {}
        self._turn = 0

    async def in_turn(self) -> list[str]:
        """Return every address once, the next in turn first and those that were away last."""
        await self._look_up()
        self._turn += 1
        start = self._turn % len(self._all)
        turned = self._all[start:] + self._all[:start]
        now = self._now()
        return sorted(turned, key=lambda url: self._left_out.get(url, 0.0) > now)

    def leave_out(self, url: str) -> None:
        """Ask others first for a moment."""
        self._left_out[url] = self._now() + LEFT_OUT_SECONDS

    async def _look_up(self) -> None:
        """Look the names up; the first time everybody waits for it, later nobody does."""
        if all(_is_place(url) for url in self._given):
            return
        if self._looked_up_at is None:
            await self._addresses()
        elif self._now() - self._looked_up_at > LOOK_UP_SECONDS and (not self._looking_up or self._looking_up.done()):
            self._looking_up = asyncio.create_task(self._addresses())

    async def _addresses(self) -> None:
        self._looked_up_at = self._now()
        found = [address for url in self._given for address in await _behind(url)]
        # a name that cannot be looked up now may be in a moment: what was known stays
        self._all = sorted(set(found)) or self._all
        self._left_out = {url: until for url, until in self._left_out.items() if url in self._all}


async def _behind(url: str) -> list[str]:
    if _is_place(url):
        return [url]
    parts = urlsplit(url)
    try:
        known = await asyncio.get_running_loop().getaddrinfo(parts.hostname, parts.port, type=socket.SOCK_STREAM)
    except OSError:
        return []
    hosts = [f"[{place[4][0]}]" if place[0] == socket.AF_INET6 else str(place[4][0]) for place in known]
    port = f":{parts.port}" if parts.port else ""
    return [f"{parts.scheme}://{host}{port}{parts.path}" for host in hosts]


def _is_place(url: str) -> bool:
    """Say whether the address needs no looking up; a certificate goes by the name, so that one stays as it is."""
    parts = urlsplit(url)
    try:
        ipaddress.ip_address(parts.hostname or "")
    except ValueError:
        return parts.scheme == "https"
    return True
