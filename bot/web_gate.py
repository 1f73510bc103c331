"""Who may knock at the web chat, and how often: our own pages only, and no visitor or address faster than a person.

Buckets are kept in memory, per process and bounded. They protect storage and workers; what is refused is told when to
come again, and the page comes again with the same id, so nothing is lost by it.
"""

import ipaddress
import math
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from starlette.requests import Request

REMEMBERED = 20_000
ADDRESS_BITS = 64
"""An IPv6 subscriber has at least this prefix to themselves."""


@dataclass(frozen=True)
class Rate:
    """So many at once, and then so many a second."""

    at_once: float
    per_second: float


POSTS = Rate(15, 0.5)
"""Of one visitor: below what the inbox calls a flood, so a page's message is never dropped as one."""
LOOKS = Rate(30, 2)
"""Of one visitor."""
FILES = Rate(6, 0.05)
"""Of one visitor."""
ADDRESS_FILES = Rate(60, 1)
ADDRESS_POSTS = Rate(300, 20)
"""Of one address: hundreds of phones stand behind the address of a mobile network."""
ADDRESS_LOOKS = Rate(1000, 200)
NEW_VISITORS = Rate(120, 1)
"""First messages of visitors nobody knows, from one address."""


class Buckets:
    """One bucket for each key; the key unused for longest is forgotten first."""

    def __init__(self, rate: Rate, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._rate, self._now = rate, monotonic
        self._kept: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, key: str) -> float:
        """Take one and return 0, or return the seconds until there is one."""
        now = self._now()
        left, at = self._kept.pop(key, (self._rate.at_once, now))
        left = min(self._rate.at_once, left + (now - at) * self._rate.per_second)
        missing = 0.0 if left >= 1 else (1 - left) / self._rate.per_second
        self._kept[key] = (left - 1 if not missing else left, now)
        if len(self._kept) > REMEMBERED:
            self._kept.popitem(last=False)
        return missing


class Gate:
    """The limits of the web chat's doors."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._posts, self._looks = Buckets(POSTS, monotonic), Buckets(LOOKS, monotonic)
        self._address_posts = Buckets(ADDRESS_POSTS, monotonic)
        self._address_looks = Buckets(ADDRESS_LOOKS, monotonic)
        self._files, self._address_files = Buckets(FILES, monotonic), Buckets(ADDRESS_FILES, monotonic)
        self._new = Buckets(NEW_VISITORS, monotonic)

    def post(self, request: Request, visitor: str, *, new: bool) -> int:
        """Return 0 where a message may be taken, or the seconds to wait."""
        address = address_of(request)
        waits = [self._posts.take(visitor), self._address_posts.take(address)]
        if new:
            waits.append(self._new.take(address))
        return math.ceil(max(waits))

    def file(self, request: Request, visitor: str) -> int:
        """Return 0 where a file may be taken, or the seconds to wait."""
        return math.ceil(max(self._files.take(visitor), self._address_files.take(address_of(request))))

    def look(self, request: Request, visitor: str) -> int:
        """Return 0 where a reader may look, or the seconds to wait."""
        return math.ceil(max(self._looks.take(visitor), self._address_looks.take(address_of(request))))


def address_of(request: Request) -> str:
    """Return where a request comes from; of IPv6 the subscriber's part."""
    host = request.client.host if request.client else ""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if isinstance(address, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((address, ADDRESS_BITS), strict=False))
    return host


def from_our_page(request: Request) -> bool:
    """Say whether a request was made by a page of ours; a browser says so itself and no page can make it lie."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = request.headers.get("origin")
    return origin is None or origin.partition("://")[2] == request.headers.get("host")
