"""The providers' doors: verify, store, commit, and only then say 200.

401 or 403 for a forged call, 400 for a body that is no JSON at all, 503 when the inbox cannot commit, 200 otherwise.
"""

import hashlib
import logging
from collections.abc import Sequence

from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.channels import telegram, whatsapp
from bot.events import Unreadable
from bot.inbox import Arrival, Illegible, Inbox
from bot.settings import TelegramSettings, WhatsAppSettings
from records.failpoints import reach

log = logging.getLogger("bot.webhooks")

BODY_LIMIT = 4 * 1024 * 1024


class TooLarge(Exception):
    """The body is larger than any provider sends."""


async def body_of(request: Request, limit: int = BODY_LIMIT) -> bytes:
    """Return the raw body; raises TooLarge."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > limit:
            raise TooLarge
    return bytes(body)


class Webhooks:
    """The doors of Telegram and WhatsApp."""

    def __init__(self, inbox: Inbox, telegram_settings: TelegramSettings, whatsapp_settings: WhatsAppSettings) -> None:
        self._inbox = inbox
        self._telegram, self._whatsapp = telegram_settings, whatsapp_settings

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [
            Route("/telegram/webhook", self.telegram_update, methods=["POST"]),
            Route("/whatsapp/webhook", self.whatsapp_challenge, methods=["GET"]),
            Route("/whatsapp/webhook", self.whatsapp_events, methods=["POST"]),
        ]

    async def telegram_update(self, request: Request) -> Response:
        """Take one update."""
        await reach("1 receive")
        if not telegram.genuine(self._telegram, request.headers.get("X-Telegram-Bot-Api-Secret-Token")):
            log.warning("forged Telegram webhook refused")
            return PlainTextResponse("forbidden", 403)
        try:
            body = await body_of(request)
        except TooLarge:
            return PlainTextResponse("too large", 413)
        await reach("2 verify")
        return await self._store([telegram_arrival(body)])

    async def whatsapp_challenge(self, request: Request) -> Response:
        """Answer Meta's set-up call."""
        asked = request.query_params
        if whatsapp.challenge(self._whatsapp, asked.get("hub.mode"), asked.get("hub.verify_token")):
            return PlainTextResponse(asked.get("hub.challenge", ""))
        return PlainTextResponse("forbidden", 403)

    async def whatsapp_events(self, request: Request) -> Response:
        """Take one signed body with any number of messages and statuses."""
        await reach("1 receive")
        try:
            body = await body_of(request)
        except TooLarge:
            return PlainTextResponse("too large", 413)
        if not whatsapp.genuine(self._whatsapp, request.headers.get("X-Hub-Signature-256"), body):
            log.warning("forged WhatsApp webhook refused")
            return PlainTextResponse("forbidden", 401)
        await reach("2 verify")
        return await self._store(whatsapp_arrivals(body))

    async def _store(self, arrivals: Sequence[Arrival]) -> Response:
        try:
            await self._inbox.store(arrivals)
        except (SQLAlchemyError, OSError, TimeoutError):
            # the provider keeps it and comes again
            return PlainTextResponse("not stored, try again", 503, headers={"Retry-After": "2"})
        await reach("5 ack")
        return PlainTextResponse("ok")


def telegram_arrival(body: bytes) -> Arrival:
    """Return the update as an event, or as something illegible that is kept."""
    try:
        return telegram.parse(body)
    except Unreadable as problem:
        return _illegible(telegram.CHANNEL, body, str(problem))


def whatsapp_arrivals(body: bytes) -> list[Arrival]:
    """Return everything in a webhook body; a malformed part is kept and takes nothing else with it."""
    arrivals: list[Arrival] = []
    try:
        for kind, part in whatsapp.unpack(body):
            try:
                arrivals.append(whatsapp.parse(part) if kind == "message" else whatsapp.parse_status(part))
            except Unreadable as problem:
                arrivals.append(_illegible(whatsapp.CHANNEL, part, str(problem)))
    except Unreadable as problem:
        arrivals.append(_illegible(whatsapp.CHANNEL, body, str(problem)))
    return arrivals


def _illegible(channel: str, body: bytes, reason: str) -> Illegible:
    return Illegible(channel, f"illegible:{hashlib.sha256(body).hexdigest()}", body, reason)
