"""The status page as the bot serves it: read again every few seconds, rendered where something changed, kept in memory.

Where the records do not answer, what was last known stays and says since when. With a folder it is also kept as files,
for any static host, and for a start without a database.
"""

import asyncio
import hashlib
import logging
import time
from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bot.status_page.files import NAMES, read_files, write_files, write_read_at
from bot.status_page.public import PublicIncident, read_public
from bot.status_page.rendering import Facts, Pages, render, style_hash
from bot.web_pages import SMALL
from records.clock import Clock
from records.database import Database

log = logging.getLogger("bot.status")

EVERY_SECONDS = 3.0
LONGEST_SECONDS = 5.0
STALE_SECONDS = 30.0
"""Of real time without an answer, after which the page says so."""
KEEP = "public, max-age=15, stale-while-revalidate=60, stale-if-error=86400"
AWAY = (SQLAlchemyError, OSError, TimeoutError)
KINDS = {"html": "text/html", "json": "application/json", "atom": "application/atom+xml"}
POLICY = f"default-src 'none'; style-src '{style_hash()}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Access-Control-Allow-Origin": "*",
}


class StatusBoard:
    """Keeps the page."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        address: str,
        folder: Path | None = None,
        *,
        elapsed: Callable[[], float] = time.monotonic,
    ) -> None:
        self._database, self._clock, self._address, self._folder = database, clock, address.rstrip("/"), folder
        self._elapsed = elapsed
        self._incidents: tuple[PublicIncident, ...] | None = None
        self._read_at: datetime | None = None
        self._read_elapsed, self._remembered = elapsed(), -STALE_SECONDS
        self._shown: Pages | None = None
        self._tags: dict[str, str] = {}
        """Of what is shown; none while that is a page that knows nothing."""

    def routes(self) -> list[BaseRoute]:
        """Return the routes."""
        return [
            Route("/status", partial(self._answer, name="html"), middleware=[SMALL]),
            Route("/status.json", partial(self._answer, name="json"), middleware=[SMALL]),
            Route("/status.atom", partial(self._answer, name="atom"), middleware=[SMALL]),
        ]

    async def run(self) -> None:
        """Look again every few seconds, until cancelled."""
        self.recall()
        if self._incidents is not None:
            await self._show(self._clock())
        while True:
            await self.refresh()
            await asyncio.sleep(EVERY_SECONDS)

    async def refresh(self) -> None:
        """Read what may be known now, and render it where that changes the page."""
        now = self._clock()
        try:
            async with asyncio.timeout(LONGEST_SECONDS), self._database.read() as session:
                self._incidents = await read_public(session, now)
            self._read_at, self._read_elapsed = now, self._elapsed()
            await self._remember(now)
        except AWAY as problem:
            log.warning("status page not read: %s", type(problem).__name__)
        await self._show(now)

    async def _show(self, now: datetime) -> None:
        late = self._elapsed() - self._read_elapsed >= STALE_SECONDS
        pages = render(Facts(self._incidents, self._read_at if late else None), now, self._address)
        if pages == self._shown:
            return
        self._shown = pages
        if self._incidents is None:
            return
        self._tags = {name: f'"{hashlib.sha256(getattr(pages, name)).hexdigest()[:20]}"' for name in NAMES}
        if self._folder:
            await self._kept(write_files, self._folder, pages)

    async def _remember(self, now: datetime) -> None:
        """Keep beside the files when the records were last read, now and then."""
        if self._folder and self._read_elapsed - self._remembered >= STALE_SECONDS / 2:
            self._remembered = self._read_elapsed
            await self._kept(write_read_at, self._folder, now)

    async def _kept[**P](self, write: Callable[P, object], *args: P.args, **given: P.kwargs) -> None:
        try:
            await asyncio.to_thread(write, *args, **given)
        except OSError as problem:
            log.warning("status page not written: %s", type(problem).__name__)

    def recall(self) -> None:
        """Begin with what an earlier process kept; it is late until the records answer."""
        if self._folder and (kept := read_files(self._folder)):
            self._incidents, self._read_at = kept
            self._read_elapsed = self._elapsed() - STALE_SECONDS

    async def _answer(self, request: Request, name: str) -> Response:
        if self._shown is None:
            self._shown = render(Facts(None), self._clock(), self._address)
        tag = self._tags.get(name)
        if tag is None:
            headers = {**HEADERS, "Cache-Control": "no-store", "Retry-After": "10"}
            return Response(getattr(self._shown, name), 503, headers, KINDS[name])
        headers = {**HEADERS, "Cache-Control": KEEP, "ETag": tag}
        if tag in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
        return Response(getattr(self._shown, name), headers=headers, media_type=KINDS[name])
