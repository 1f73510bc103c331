"""Who a browser is: a random name for every visitor, and a second cookie for a chat that was opened by a one-time link.

The name is a cookie no script can read. In a frame on another site it is a cookie of that site alone (Partitioned);
where a browser keeps no such cookie, or there is no TLS, the page keeps the name itself and sends it as a header. A
chat bound to a participant is shown only to the browser that pressed the button: somebody who sat at the same computer
before and knows the first cookie has nothing of it.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from bot.channels import pulled
from records.database import Database

COOKIE = "helpdesk_visitor"
KEY_COOKIE = "helpdesk_key"
HEADER = "x-helpdesk-visitor"
COOKIE_SECONDS = 180 * 24 * 3600
SESSION = "SELECT session_hash FROM identities WHERE channel = %(channel)s AND external_id = %(visitor)s"


@dataclass(frozen=True)
class Visitor:
    """Somebody at a browser."""

    name: str
    """Opens the chat: nobody else is told it."""
    chat: str
    """Stands for this chat in the page; changes when the chat gets another owner, opens nothing."""
    new: bool
    """Whether they never wrote."""


class Visitors:
    """Tells browsers apart."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def who(self, request: Request) -> Visitor | None:
        """Return the visitor a request comes from; None for one who is new or whose chat is not this browser's."""
        name = _said(request.headers.get(HEADER)) or _said(request.cookies.get(COOKIE))
        if name is None:
            return None
        rows = await self._database.at_once.rows(SESSION, {"channel": pulled.WEB, "visitor": name})
        needed = rows[0]["session_hash"] if rows else None
        if needed is not None:
            held = hashlib.sha256((_said(request.cookies.get(KEY_COOKIE)) or "").encode()).hexdigest()
            if not hmac.compare_digest(held, needed):
                return None
        return Visitor(name, chat_of(name, needed), new=not rows)

    async def of(self, request: Request) -> str | None:
        """Return the visitor's name, or None."""
        visitor = await self.who(request)
        return visitor.name if visitor else None

    async def ended(self, request: Request) -> bool:
        """Say whether this browser had a chat that is not shown any more."""
        named = _said(request.headers.get(HEADER)) or _said(request.cookies.get(COOKIE))
        return named is not None and await self.who(request) is None

    async def name(self, request: Request, answer: Response, *, framed: bool = False) -> None:
        """Give a browser that is nobody yet a name."""
        if await self.who(request) is None:
            give(request, answer, COOKIE, new_visitor(), framed=framed)

    def give(self, request: Request, answer: Response, visitor: str, key: str) -> None:
        """Give the browser a bound chat and its key."""
        give(request, answer, COOKIE, visitor)
        give(request, answer, KEY_COOKIE, key)


def new_visitor() -> str:
    """Return a name nobody can guess."""
    return secrets.token_urlsafe(16)


def chat_of(visitor: str, session_hash: str | None) -> str:
    """Return what stands for a chat in the page."""
    return hashlib.sha256(f"chat:{visitor}:{session_hash or ''}".encode()).hexdigest()[:16]


def give(request: Request, answer: Response, name: str, value: str, *, framed: bool = False) -> None:
    """Set a cookie no script can read; in a frame on another site it belongs to that site's visitors alone."""
    if framed and request.url.scheme == "https":
        # Python's cookies know no Partitioned before 3.14
        parts = f"{name}={value}; HttpOnly; Max-Age={COOKIE_SECONDS}; Path=/; SameSite=None; Secure; Partitioned"
        answer.headers.append("set-cookie", parts)
        return
    secure = request.url.scheme == "https"
    answer.set_cookie(name, value, max_age=COOKIE_SECONDS, httponly=True, samesite="lax", secure=secure)


def _said(name: str | None) -> str | None:
    said = name or ""
    return said if 16 <= len(said) <= 64 and said.replace("-", "").replace("_", "").isalnum() else None
