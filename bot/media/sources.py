"""Where files come from: each provider asked by its own id of the file, and by nothing else.

Telegram: getFile gives a path below the API's own address; at most 20 MB, the link lives an hour.
WhatsApp: the id gives an address for five minutes, fetched with the bearer token; ids die after seven days; the sha256
that was announced must be that of what comes.
"""

import base64
import hashlib
import hmac
import re
from dataclasses import dataclass
from typing import Any, Protocol

import orjson

from bot.media import reasons
from bot.media.guarded import Answer, GuardedLines
from bot.media.reasons import Gone, Later, Refuse
from bot.settings import TelegramSettings, WhatsAppSettings

TALK = 65_536
"""No answer about a file is longer."""
ASK_SECONDS = 15.0
PATH = re.compile(r"[A-Za-z0-9_-]+(?:[./][A-Za-z0-9_-]+)*")
MEDIA_ID = re.compile(r"[A-Za-z0-9_-]{1,200}")


@dataclass(frozen=True)
class Wanted:
    """A file to fetch."""

    reference: str
    cap: int
    seconds: float
    digest: str | None = None


class Source(Protocol):
    """One provider of files."""

    async def fetch(self, wanted: Wanted) -> bytes:
        """Return the bytes of a file; raises Refuse, Gone or Later."""


class TelegramFiles:
    """Files of the Bot API."""

    def __init__(self, lines: GuardedLines, settings: TelegramSettings) -> None:
        self._lines = lines
        self._base = settings.telegram_api_url.rstrip("/")
        self._token = settings.telegram_token

    async def fetch(self, wanted: Wanted) -> bytes:
        """Return the bytes of a file; raises Refuse, Gone or Later."""
        token = self._token.get_secret_value()
        asked = await self._lines.ask(
            f"{self._base}/bot{token}/getFile",
            method="POST",
            headers={"Content-Type": "application/json"},
            body=orjson.dumps({"file_id": wanted.reference}),
            cap=TALK,
            seconds=ASK_SECONDS,
        )
        file = _told(asked).get("result") or {}
        _raise_for_telegram(asked)
        if int(file.get("file_size") or 0) > wanted.cap:
            raise Refuse(reasons.TOO_LARGE)
        path = str(file.get("file_path") or "")
        if not PATH.fullmatch(path):
            raise Refuse(reasons.FOREIGN, "a path that is none")
        given = await self._lines.ask(f"{self._base}/file/bot{token}/{path}", cap=wanted.cap, seconds=wanted.seconds)
        return _content(given)


class WhatsAppFiles:
    """Media of the Cloud API."""

    def __init__(self, lines: GuardedLines, settings: WhatsAppSettings) -> None:
        self._lines = lines
        self._base = f"{settings.whatsapp_api_url.rstrip('/')}/{settings.whatsapp_api_version}"
        self._token = settings.whatsapp_token

    async def fetch(self, wanted: Wanted) -> bytes:
        """Return the bytes of a file; raises Refuse, Gone or Later."""
        if not MEDIA_ID.fullmatch(wanted.reference):
            raise Refuse(reasons.FOREIGN, "an id that is none")
        headers = {"Authorization": f"Bearer {self._token.get_secret_value()}"}
        asked = await self._lines.ask(
            f"{self._base}/{wanted.reference}", headers=headers, cap=TALK, seconds=ASK_SECONDS
        )
        _raise_for_whatsapp(asked)
        about = _told(asked)
        if int(about.get("file_size") or 0) > wanted.cap:
            raise Refuse(reasons.TOO_LARGE)
        given = await self._lines.ask(
            str(about.get("url") or ""), headers=headers, cap=wanted.cap, seconds=wanted.seconds
        )
        content = _content(given)
        for digest in (wanted.digest, about.get("sha256")):
            if digest and not _is_digest_of(str(digest), content):
                raise Later(reasons.DIGEST)
        return content


def _raise_for_telegram(answer: Answer) -> None:
    said = str(_told(answer).get("description") or "").lower()
    if answer.status == 400 and "too big" in said:
        raise Refuse(reasons.TOO_LARGE)
    if answer.status in (400, 404):
        raise Gone(reasons.GONE, f"getFile: {answer.status}")
    if answer.status != 200:
        raise Later(reasons.AWAY, f"getFile: {answer.status}")


def _raise_for_whatsapp(answer: Answer) -> None:
    error = _told(answer).get("error")
    code = error.get("code") if isinstance(error, dict) else None
    if answer.status == 404 or (answer.status == 400 and code in (100, 131052)):
        raise Gone(reasons.GONE, f"media: {answer.status} {code}")
    if answer.status != 200:
        raise Later(reasons.AWAY, f"media: {answer.status} {code}")


def _content(answer: Answer) -> bytes:
    if answer.status in (403, 404, 410):
        # the link's life was over before we came: the next try asks for a new one
        raise Later(reasons.EXPIRED_LINK, f"download: {answer.status}")
    if answer.status != 200:
        raise Later(reasons.AWAY, f"download: {answer.status}")
    return answer.content


def _told(answer: Answer) -> dict[str, Any]:
    try:
        told = orjson.loads(answer.content)
    except orjson.JSONDecodeError:
        told = None
    if isinstance(told, dict):
        return told
    if answer.status == 200:
        raise Later(reasons.AWAY, "an answer that is none")
    return {}


def _is_digest_of(digest: str, content: bytes) -> bool:
    """Say so; webhooks tell it in base64, the API in hexadecimal."""
    proper = hashlib.sha256(content)
    spellings = (proper.hexdigest(), base64.b64encode(proper.digest()).decode())
    return any(hmac.compare_digest(digest.encode(), spelling.encode()) for spelling in spellings)
