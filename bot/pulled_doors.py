"""The doors of web chat and console: post a message with an id of one's own, fetch what was said since.

A visitor is a random 128-bit cookie; they see their own conversation and nothing else. The console needs its token.
"""

import hmac
import time

import orjson
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from bot import wording
from bot.channels import pulled
from bot.channels.pulled import PulledMessage
from bot.inbox import Inbox
from bot.settings import BotSettings
from bot.visitors import HEADERS, PAGES, Visitors
from bot.webhooks import TooLarge, body_of
from records.database import Database
from records.failpoints import reach
from records.models import Conversation, Message, Outbound

MESSAGE_LIMIT = 262_144
TEXT_LIMIT = 60_000
PAGE = 100


class PulledDoors:
    """Web chat and console."""

    def __init__(self, inbox: Inbox, database: Database, settings: BotSettings, visitors: Visitors) -> None:
        self._inbox, self._database, self._visitors = inbox, database, visitors
        self._console_token = settings.bot_console_token.get_secret_value()

    def routes(self) -> list[BaseRoute]:
        """Return the routes."""
        return [
            Route("/chat", self.page),
            Route("/webchat/messages", self.web_post, methods=["POST"]),
            Route("/webchat/messages", self.web_fetch, methods=["GET"]),
            Route("/console/messages", self.console_post, methods=["POST"]),
            Route("/console/messages", self.console_fetch, methods=["GET"]),
            Mount("/static", StaticFiles(directory=PAGES / "static")),
        ]

    async def page(self, request: Request) -> Response:
        """Show the chat page, naming the visitor if they are new."""
        answer = FileResponse(PAGES / "chat.html", headers=HEADERS)
        await self._visitors.name(request, answer)
        return answer

    async def web_post(self, request: Request) -> Response:
        """Take a visitor's message."""
        visitor = await self._visitors.of(request)
        if not visitor:
            return _problem(401, "Obrolan di halaman ini sudah berakhir. Muat ulang halamannya, ya.")
        return await self._post(request, pulled.WEB, visitor)

    async def web_fetch(self, request: Request) -> Response:
        """Return what was said since `after`."""
        visitor = await self._visitors.of(request)
        if visitor:
            return await self._fetch(request, pulled.WEB, visitor)
        ended = {"ended": wording.WEB_ENDED} if await self._visitors.ended(request) else {}
        return JSONResponse({"messages": [], **ended}, headers=HEADERS)

    async def console_post(self, request: Request) -> Response:
        """Take a message from a terminal."""
        if not self._console(request):
            return _problem(401, "Token konsol salah.")
        return await self._post(request, pulled.CONSOLE, request.headers.get("X-Console-User", "konsol"))

    async def console_fetch(self, request: Request) -> Response:
        """Return what was said since `after`."""
        if not self._console(request):
            return _problem(401, "Token konsol salah.")
        return await self._fetch(request, pulled.CONSOLE, request.headers.get("X-Console-User", "konsol"))

    def _console(self, request: Request) -> bool:
        presented = request.headers.get("Authorization", "").removeprefix("Bearer ")
        return hmac.compare_digest(presented.encode(), self._console_token.encode())

    async def _post(self, request: Request, channel: str, visitor: str) -> Response:
        try:
            body = orjson.loads(await body_of(request, MESSAGE_LIMIT))
            text, client_id, token = str(body.get("text", "")), str(body["id"])[:64], body.get("token")
        except TooLarge:
            return _problem(413, "Pesan terlalu panjang. Kirim paling banyak 60.000 huruf.")
        except (ValueError, KeyError, TypeError, AttributeError):
            return _problem(400, "Pesan tidak terbaca. Kirim JSON dengan id dan text.")
        if len(text) > TEXT_LIMIT:
            return _problem(413, "Pesan terlalu panjang. Kirim paling banyak 60.000 huruf.")
        message = PulledMessage(client_id, visitor, text, str(token) if token else None, time.time_ns() // 1_000_000)
        try:
            await self._inbox.store([pulled.parse(pulled.event_body(channel, message))])
        except (SQLAlchemyError, OSError, TimeoutError):
            return _problem(503, "Belum tersimpan. Kirim lagi dengan id yang sama.")
        await reach("5 ack")
        return JSONResponse({"stored": client_id}, 202)

    async def _fetch(self, request: Request, channel: str, visitor: str) -> Response:
        after = request.query_params.get("after", "0")
        position = int(after) if after.isdigit() else 0
        async with self._database.read() as session:
            rows = await session.execute(
                select(Message, Outbound.payload, Conversation.offered)
                .join(Conversation, Conversation.id == Message.conversation_id)
                .outerjoin(Outbound, Outbound.message_id == Message.id)
                .where(
                    Conversation.channel == channel,
                    Conversation.external_id == visitor,
                    Message.position > position,
                    Message.direction.in_(("in", "out")),
                )
                .order_by(Message.position)
                .limit(PAGE)
            )
            messages = [_shown(message, payload, offered) for message, payload, offered in rows]
        return JSONResponse({"messages": messages}, headers=HEADERS)


def _shown(message: Message, payload: dict[str, object] | None, offered: list[dict[str, object]]) -> dict[str, object]:
    alive = {button["token"] for button in offered}
    buttons = payload.get("buttons", []) if payload else []
    return {
        "position": message.position,
        "from": "me" if message.direction == "in" else message.author,
        "text": message.text,
        "at": message.created_at.isoformat(),
        "buttons": [b for b in buttons if isinstance(b, dict) and b["token"] in alive]
        if isinstance(buttons, list)
        else [],
    }


def _problem(status: int, said: str) -> JSONResponse:
    return JSONResponse({"error": said}, status)
