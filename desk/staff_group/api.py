"""The Bot API as the desk uses it: one call, and what became of it told apart: done, not done, or nobody knows.

Telegram knows no key that would make a call harmless to repeat, so whoever calls must know which of the three it was.

CallFailed
├── Unsure          it may have been done: no answer came, or none that says
└── NotDone         it was not done
    ├── TooFast     wait so many seconds first
    ├── NotReached  Telegram could not be reached at all
    ├── BadToken    the token is not (or no longer) the bot's
    └── Refused     Telegram's own words why
"""

from typing import Any

import httpx

from desk.settings import StaffGroupSettings

PATIENCE = httpx.Timeout(15.0, connect=5.0)
type Json = dict[str, Any]


class CallFailed(Exception):
    """A call that was not answered with success."""


class Unsure(CallFailed):
    """Nobody knows whether it was done."""


class NotDone(CallFailed):
    """It was not done."""


class TooFast(NotDone):
    """Telegram asks to wait."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"tunggu {seconds:.0f} detik")
        self.seconds = seconds


class NotReached(NotDone):
    """No connection came about."""


class BadToken(NotDone):
    """Telegram does not know this bot."""


class Refused(NotDone):
    """Telegram says no."""

    def __init__(self, description: str, moved_to: int | None = None) -> None:
        super().__init__(description)
        self.moved_to = moved_to


class BotApi:
    """Calls methods of the Bot API; whoever made the client closes it."""

    def __init__(self, settings: StaffGroupSettings, client: httpx.AsyncClient) -> None:
        self._base = f"{settings.telegram_api_url.rstrip('/')}/bot{settings.telegram_token.get_secret_value()}"
        self._client = client
        self._me: Json | None = None

    async def call(self, method: str, **params: Any) -> Any:
        """Return what the method returned; raises CallFailed."""
        try:
            answer = await self._client.post(f"{self._base}/{method}", json=params, timeout=PATIENCE)
            body = answer.json()
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as problem:
            raise NotReached(type(problem).__name__) from None
        except (httpx.HTTPError, ValueError) as problem:
            # the address holds the token, so of the error only its kind is told
            raise Unsure(type(problem).__name__) from None
        if isinstance(body, dict) and body.get("ok") is True:
            return body.get("result")
        raise _failure(answer.status_code, body if isinstance(body, dict) else {})

    async def me(self) -> Json:
        """Return who the bot is; asked once."""
        if self._me is None:
            self._me = dict(await self.call("getMe"))
        return self._me


def _failure(status: int, body: Json) -> CallFailed:
    said = str(body.get("description") or f"HTTP {status}")
    more = body.get("parameters") or {}
    if status == httpx.codes.TOO_MANY_REQUESTS:
        return TooFast(float(more.get("retry_after") or 5))
    if status in (httpx.codes.UNAUTHORIZED, httpx.codes.NOT_FOUND):
        return BadToken(said)
    if status >= httpx.codes.INTERNAL_SERVER_ERROR or not body:
        return Unsure(said[:200])
    return Refused(said.removeprefix("Bad Request: "), more.get("migrate_to_chat_id"))
