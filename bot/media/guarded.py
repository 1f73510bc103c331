"""The way out for fetching files: only to places that are listed, only to public addresses, never further than asked.

A provider tells us where a file lies, and somebody may have told the provider. So every address is compared with the
list, its name is resolved here and the line goes to that very address; a redirect counts as a new address; nothing
is unpacked, and reading stops at the cap. Places that are configured as a provider's own may be private: the
rehearsal's are.
"""

import asyncio
import ipaddress
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass

import httpcore
import httpx

from bot.lines import place_of
from bot.media import reasons
from bot.media.reasons import Later, Refuse

REDIRECTS = (301, 302, 303, 307, 308)
MOST_REDIRECTS = 2
STEP_SECONDS = {"connect": 5.0, "read": 15.0, "write": 5.0, "pool": 30.0}
LINES = 8
NAT64 = ipaddress.ip_network("64:ff9b::/96")

type Resolve = Callable[[str, int], Awaitable[list[str]]]


@dataclass(frozen=True)
class Answer:
    """A whole answer."""

    status: int
    content: bytes


class GuardedLines:
    """Asks, and fetches."""

    def __init__(self, own: Iterable[str], hosts: Iterable[str], *, resolve: Resolve | None = None) -> None:
        """Keep the list.

        Args:
            own: addresses of the providers as configured.
            hosts: further hosts, reached over TLS and at public addresses only.
            resolve: how a name becomes addresses.
        """
        own_places = {place_of(httpx.URL(address)) for address in own}
        self._places = own_places | {("https", host, 443) for host in hosts}
        backend = _ToCheckedAddresses({place[1:] for place in own_places}, resolve or _resolve)
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=httpx.create_ssl_context(), max_connections=LINES, network_backend=backend
        )

    async def ask(
        self,
        url: str,
        *,
        cap: int,
        seconds: float,
        method: str = "GET",
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
    ) -> Answer:
        """Return the answer, at most `cap` bytes of it; raises Refuse or Later."""
        given = {"Accept-Encoding": "identity", "User-Agent": "helpdesk", **(headers or {})}
        try:
            async with asyncio.timeout(seconds):
                return await self._follow(method, url, given, body, cap)
        except (TimeoutError, httpcore.TimeoutException) as late:
            raise Later(reasons.AWAY, "too slow") from late
        except (httpcore.NetworkError, httpcore.ProtocolError, OSError) as problem:
            raise Later(reasons.AWAY, type(problem).__name__) from problem

    async def close(self) -> None:
        """Hang up everywhere."""
        await self._pool.aclose()

    async def _follow(self, method: str, url: str, headers: Mapping[str, str], body: bytes | None, cap: int) -> Answer:
        for _ in range(MOST_REDIRECTS + 1):
            parts = self._listed(url)
            async with self._pool.stream(
                method, str(parts), headers=[*headers.items()], content=body, extensions={"timeout": STEP_SECONDS}
            ) as answer:
                if answer.status not in REDIRECTS:
                    return Answer(answer.status, await _read(answer, cap))
                url = str(parts.join(_header(answer, b"location") or "/"))
        raise Refuse(reasons.FOREIGN, "too many redirects")

    def _listed(self, url: str) -> httpx.URL:
        """Return the address taken apart; raises Refuse for one we do not go to."""
        try:
            parts = httpx.URL(url)
            known = not parts.userinfo and place_of(parts) in self._places
        except (httpx.InvalidURL, TypeError, ValueError):
            known = False
        if not known:
            raise Refuse(reasons.FOREIGN, "an address that is not listed")
        return parts


class _ToCheckedAddresses(httpcore.AnyIOBackend):
    """Connects to an address that was looked at, so that a name cannot mean another one a moment later."""

    def __init__(self, own: set[tuple[str, int]], resolve: Resolve) -> None:
        self._own, self._resolve = own, resolve

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 (httpcore's signature)
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Open a connection; raises Refuse for a private address that is not configured."""
        async with asyncio.timeout(timeout):
            addresses = await self._resolve(host, port)
        if (host, port) not in self._own and not all(map(is_public, addresses)):
            raise Refuse(reasons.FOREIGN, "a private address")
        return await super().connect_tcp(addresses[0], port, timeout, local_address, socket_options)


def is_public(address: str) -> bool:
    """Say whether an address is one of the open network, by itself and by what it may stand for."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address) and (ip.ipv4_mapped or ip.sixtofour or ip.teredo or ip in NAT64):
        # what carries an IPv4 address inside can lead anywhere
        return False
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


async def _resolve(host: str, port: int) -> list[str]:
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(entry[4][0]) for entry in found]


async def _read(answer: httpcore.Response, cap: int) -> bytes:
    if (_header(answer, b"content-encoding") or "identity").lower() != "identity":
        raise Refuse(reasons.BROKEN, "packed content")
    announced = _header(answer, b"content-length") or "0"
    if announced.isdecimal() and int(announced) > cap:
        raise Refuse(reasons.TOO_LARGE)
    return b"".join([piece async for piece in _capped(answer.aiter_stream(), cap)])


async def _capped(pieces: AsyncIterator[bytes], cap: int) -> AsyncIterator[bytes]:
    read = 0
    async for piece in pieces:
        read += len(piece)
        if read > cap:
            raise Refuse(reasons.TOO_LARGE)
        yield piece


def _header(answer: httpcore.Response, name: bytes) -> str | None:
    found = next((value for given, value in answer.headers if given.lower() == name), None)
    return found.decode("latin-1").strip() if found is not None else None
