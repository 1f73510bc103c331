"""The sending half of WhatsApp: one request a message, with its outbox id, so that a status tells what became of it."""

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any

import httpx
import orjson

from bot.channels.whatsapp.bodies import body_of, file_body_of, read_body, typed_body_of
from bot.channels.whatsapp.errors import BACKOFF_SECONDS, BODY_AT_FAULT, meaning, meaning_of_status
from bot.events import InboundEvent
from bot.sending import Ambiguous, FileOut, NotReached, OutboundMessage, Refused, RetryLater, SendError, WindowClosed
from bot.settings import WhatsAppSettings
from records.clock import Clock, system_clock

log = logging.getLogger("bot.whatsapp")

SIGN_SECONDS = 3.0
UPLOAD_SECONDS = 15.0
"""Below what a claimed row is held for (bot/claiming.py)."""
MOST_SIGNS = 8
"""Signs of reading and typing under way at once: where Meta is slow they must not take the lines of the answers."""


class WhatsAppChannel:
    """Sends to one business number's chats."""

    def __init__(self, settings: WhatsAppSettings, client: httpx.AsyncClient, clock: Clock = system_clock) -> None:
        base = settings.whatsapp_api_url.rstrip("/")
        number = f"{base}/{settings.whatsapp_api_version}/{settings.whatsapp_phone_number_id}"
        self._url, self._media_url = f"{number}/messages", f"{number}/media"
        self._bearer = {"Authorization": f"Bearer {settings.whatsapp_token.get_secret_value()}"}
        self._headers = self._bearer | {"Content-Type": "application/json"}
        self._client, self._clock = client, clock
        self._signs, self._marks_read = 0, settings.whatsapp_mark_read

    async def send(self, message: OutboundMessage) -> str:
        """Send one message and return its wamid; raises SendError."""
        if message.template is None and closed(message.window_until, self._clock):
            raise WindowClosed("131047: jendela 24 jam sudah tutup")
        if message.file:
            media_id = await self._upload(message.file, message.attempts)
            return await self._post(file_body_of(message, message.file, media_id), message.attempts)
        try:
            return await self._post(body_of(message), message.attempts)
        except BodyRefused:
            if not message.buttons:
                raise
            # it surely was not sent: the same words with their choices to type
            return await self._post(typed_body_of(message), message.attempts)

    async def typing(self, event: InboundEvent) -> None:
        """Mark the person's message as read and show that an answer is being written; never fails."""
        await self._sign(read_body(event.external_id, typing=True))

    async def read(self, event: InboundEvent) -> None:
        """Mark the person's message as read; never fails."""
        if self._marks_read:
            await self._sign(read_body(event.external_id, typing=False))

    async def _sign(self, body: dict[str, Any]) -> None:
        if self._signs >= MOST_SIGNS:
            return
        self._signs += 1
        try:
            answer = await self._client.post(
                self._url, content=orjson.dumps(body), headers=self._headers, timeout=SIGN_SECONDS
            )
            if not answer.is_success:
                log.info("not marked as read: HTTP %s", answer.status_code)
        except httpx.HTTPError as problem:
            log.info("not marked as read: %s", type(problem).__name__)
        finally:
            self._signs -= 1

    async def _upload(self, file: FileOut, attempts: int) -> str:
        """Bring the file to Meta and return its id there; whatever goes wrong, nothing was sent to anybody yet."""
        parts = {"file": (file.name, file.content, file.type)}
        about = {"messaging_product": "whatsapp", "type": file.type}
        try:
            answer = await self._client.post(
                self._media_url, data=about, files=parts, headers=self._bearer, timeout=UPLOAD_SECONDS
            )
        except httpx.TransportError as problem:
            raise NotReached(BACKOFF_SECONDS, "berkas belum terunggah") from problem
        if not answer.is_success:
            refusal = _problem(answer, attempts)
            raise RetryLater(BACKOFF_SECONDS, str(refusal)) if isinstance(refusal, Ambiguous) else refusal
        try:
            return str(answer.json()["id"])
        except (ValueError, KeyError, TypeError) as problem:
            raise RetryLater(BACKOFF_SECONDS, "unggahan tanpa id") from problem

    async def _post(self, body: dict[str, Any], attempts: int) -> str:
        try:
            answer = await self._client.post(self._url, content=orjson.dumps(body), headers=self._headers)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as problem:
            raise NotReached(BACKOFF_SECONDS, "tidak tersambung") from problem
        except httpx.TransportError as problem:
            raise Ambiguous(type(problem).__name__) from problem
        if answer.is_success:
            return _wamid(answer)
        raise _problem(answer, attempts)


class BodyRefused(Refused):
    """The form of the message is at fault."""


def closed(window_until: datetime | None, clock: Callable[[], datetime]) -> bool:
    """Return whether free text may be sent no more."""
    return window_until is not None and clock() >= window_until


def _wamid(answer: httpx.Response) -> str:
    try:
        return str(answer.json()["messages"][0]["id"])
    except (ValueError, KeyError, IndexError, TypeError) as problem:
        raise Ambiguous("jawaban tanpa id pesan") from problem


def _problem(answer: httpx.Response, attempts: int) -> SendError:
    try:
        error = answer.json()["error"]
        code = int(error["code"])
        details = (error.get("error_data") or {}).get("details") or error.get("message") or ""
    except (ValueError, KeyError, TypeError, AttributeError):
        return meaning_of_status(answer.status_code)
    known = meaning(code, str(details), answer.status_code, attempts)
    return BodyRefused(str(known)) if code in BODY_AT_FAULT else known
