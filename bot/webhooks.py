"""The providers' doors: verify, store, commit, and only then say 200.

401 or 403 for a forged call, 413 for a body no provider sends, 503 when the inbox cannot commit within the deadline,
200 otherwise.
"""

import asyncio
import hashlib
import logging
from collections.abc import Callable, Sequence
from datetime import timedelta

from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.channels import telegram, whatsapp
from bot.events import Unreadable
from bot.inbox import Arrival, Illegible, Inbox
from bot.settings import TelegramSettings, WhatsAppSettings
from bot.staff_group import of_staff
from records.failpoints import reach

log = logging.getLogger("bot.webhooks")

BODY_LIMIT = 4 * 1024 * 1024
READ_WHATSAPP: dict[str, Callable[[bytes], Arrival]] = {
    "message": whatsapp.parse,
    "status": whatsapp.parse_status,
    "news": whatsapp.parse_news,
}


type Count = Callable[[str, str], None]
"""Told the channel and what was answered: stored, forged, too_large, unreadable (kept all the same), not_stored."""


def count_nothing(channel: str, answer: str) -> None:
    """Leave the answers uncounted."""


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

    def __init__(
        self,
        inbox: Inbox,
        telegram_settings: TelegramSettings,
        whatsapp_settings: WhatsAppSettings,
        count: Count = count_nothing,
        deadline: timedelta = timedelta(seconds=3),
    ) -> None:
        self._inbox, self._count, self._deadline = inbox, count, deadline.total_seconds()
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
            self._count(telegram.CHANNEL, "forged")
            return PlainTextResponse("forbidden", 403)
        try:
            body = await body_of(request)
        except TooLarge:
            self._count(telegram.CHANNEL, "too_large")
            return PlainTextResponse("too large", 413)
        await reach("2 verify")
        return await self._store(telegram.CHANNEL, [telegram_arrival(body, self._telegram.telegram_staff_group)])

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
            self._count(whatsapp.CHANNEL, "too_large")
            return PlainTextResponse("too large", 413)
        if not whatsapp.genuine(self._whatsapp, request.headers.get("X-Hub-Signature-256"), body):
            log.warning("forged WhatsApp webhook refused")
            self._count(whatsapp.CHANNEL, "forged")
            return PlainTextResponse("forbidden", 401)
        await reach("2 verify")
        return await self._store(whatsapp.CHANNEL, whatsapp_arrivals(body))

    async def _store(self, channel: str, arrivals: Sequence[Arrival]) -> Response:
        try:
            async with asyncio.timeout(self._deadline):
                await self._inbox.store(arrivals)
        except (SQLAlchemyError, OSError, TimeoutError):
            # the provider keeps it and comes again; what is committed after all is then known already
            self._count(channel, "not_stored")
            return PlainTextResponse("not stored, try again", 503, headers={"Retry-After": "2"})
        await reach("5 ack")
        unreadable = any(isinstance(arrival, Illegible) for arrival in arrivals)
        self._count(channel, "unreadable" if unreadable else "stored")
        return PlainTextResponse("ok")


def telegram_arrival(body: bytes, staff_group: int | None = None) -> Arrival:
    """Return the update as an event, as the desk's where it is of the staff group, or as something illegible."""
    if staff_group and (theirs := of_staff(body, staff_group)):
        return theirs
    try:
        return telegram.parse(body)
    except Unreadable as problem:
        number = telegram.update_id_of(body)
        return _illegible(telegram.CHANNEL, body, str(problem), None if number is None else f"update:{number}")


def whatsapp_arrivals(body: bytes) -> list[Arrival]:
    """Return everything in a webhook body; a malformed part is kept and takes nothing else with it."""
    arrivals: list[Arrival] = []
    try:
        for kind, part in whatsapp.unpack(body):
            try:
                arrivals.append(READ_WHATSAPP[kind](part))
            except Unreadable as problem:
                arrivals.append(_illegible(whatsapp.CHANNEL, part, str(problem)))
    except Unreadable as problem:
        arrivals.append(_illegible(whatsapp.CHANNEL, body, str(problem)))
    return arrivals


def _illegible(channel: str, body: bytes, reason: str, external_id: str | None = None) -> Illegible:
    return Illegible(channel, external_id or f"illegible:{hashlib.sha256(body).hexdigest()}", body, reason)
