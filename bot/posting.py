"""Taking a posted message: read, checked and committed before it is acknowledged. Its id is the client's own."""

import time

import orjson
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import JSONResponse

from bot import wording
from bot.channels import pulled
from bot.channels.pulled import PulledMessage
from bot.inbox import Inbox
from bot.web_pages import HEADERS
from bot.webhooks import TooLarge, body_of
from records.failpoints import reach

MESSAGE_LIMIT = 262_144
TEXT_LIMIT = 60_000
ID_LIMIT = 64
TOKEN_LIMIT = 200
MOST_FILES = 4


class Posting:
    """Puts posted messages into the inbox."""

    def __init__(self, inbox: Inbox) -> None:
        self._inbox = inbox

    async def take(self, request: Request, channel: str, visitor: str, chat: str | None = None) -> JSONResponse:
        """Store a message; one written in a chat that has another owner by now is sent back to its writer."""
        await reach("1 receive")
        try:
            body = orjson.loads(await body_of(request, MESSAGE_LIMIT))
            text, client_id, token = str(body.get("text", "")), str(body["id"])[:ID_LIMIT], body.get("token")
            written_in, files = body.get("chat"), _keys(body.get("uploads"))
        except TooLarge:
            return problem(413, wording.WEB_TOO_LONG)
        except (ValueError, KeyError, TypeError, AttributeError):
            return problem(400, wording.WEB_UNREADABLE)
        if len(text) > TEXT_LIMIT:
            return problem(413, wording.WEB_TOO_LONG)
        if chat and written_in and written_in != chat:
            return problem(409, wording.WEB_OTHER_CHAT)
        pressed = str(token)[:TOKEN_LIMIT] if token else None
        now = time.time_ns() // 1_000_000
        message = PulledMessage(client_id, visitor, text, pressed, now, files, body.get("picture") is True)
        try:
            await self._inbox.store([pulled.parse(pulled.event_body(channel, message))])
        except (SQLAlchemyError, OSError, TimeoutError):
            return problem(503, wording.WEB_NOT_STORED, again=2)
        await reach("5 ack")
        return JSONResponse({"stored": client_id}, 202, headers=HEADERS)


def problem(status: int, said: str, *, again: int = 0) -> JSONResponse:
    """Return a refusal in words, and when to come again where that helps."""
    return JSONResponse({"error": said}, status, headers=HEADERS | ({"Retry-After": str(again)} if again else {}))


def _keys(said: object) -> tuple[str, ...]:
    return tuple(str(key)[:ID_LIMIT] for key in said[:MOST_FILES]) if isinstance(said, list) else ()
