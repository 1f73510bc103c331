"""Who a browser is: a random cookie for every visitor, and a second one for a chat that was opened by a one-time link.

A chat bound to a participant is shown only to the browser that pressed the button: somebody who sat at the same
computer before and knows the first cookie has nothing of it.
"""

import hashlib
import hmac
import secrets
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

from bot.channels import pulled
from records.database import Database

PAGES = Path(__file__).parent / "pages"
HEADERS = {
    "Content-Security-Policy": "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
COOKIE = "helpdesk_visitor"
KEY_COOKIE = "helpdesk_key"
COOKIE_SECONDS = 180 * 24 * 3600
SESSION = "SELECT session_hash FROM identities WHERE channel = %(channel)s AND external_id = %(visitor)s"


class Visitors:
    """Tells browsers apart."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of(self, request: Request) -> str | None:
        """Return the visitor a request comes from; None for one who is new or whose chat is not this browser's."""
        visitor = _cookie(request, COOKIE)
        if visitor is None:
            return None
        rows = await self._database.at_once.rows(SESSION, {"channel": pulled.WEB, "visitor": visitor})
        needed = rows[0]["session_hash"] if rows else None
        if needed is None:
            return visitor
        held = hashlib.sha256((_cookie(request, KEY_COOKIE) or "").encode()).hexdigest()
        return visitor if hmac.compare_digest(held, needed) else None

    async def ended(self, request: Request) -> bool:
        """Say whether this browser had a chat that is not shown any more."""
        return _cookie(request, COOKIE) is not None and await self.of(request) is None

    async def name(self, request: Request, answer: Response) -> None:
        """Give a browser that is nobody yet a name."""
        if await self.of(request) is None:
            _give(request, answer, COOKIE, new_visitor())

    def give(self, request: Request, answer: Response, visitor: str, key: str) -> None:
        """Give the browser a bound chat and its key."""
        _give(request, answer, COOKIE, visitor)
        _give(request, answer, KEY_COOKIE, key)


def new_visitor() -> str:
    """Return a name nobody can guess."""
    return secrets.token_urlsafe(16)


def _give(request: Request, answer: Response, name: str, value: str) -> None:
    answer.set_cookie(
        name,
        value,
        max_age=COOKIE_SECONDS,
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
    )


def _cookie(request: Request, name: str) -> str | None:
    said = request.cookies.get(name, "")
    return said if 16 <= len(said) <= 64 and said.replace("-", "").replace("_", "").isalnum() else None
