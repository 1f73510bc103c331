"""Telegram: updates in (webhook or long polling), messages out, with python-telegram-bot as client.

The library's own webhook server and update queue are not used: they acknowledge before anything is stored.
Provider facts: Bot API 10; text 4096, callback data 64 bytes, no idempotency key on sendMessage.
"""

import hmac
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import orjson
from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    LinkPreviewOptions,
    Message,
    ReplyKeyboardMarkup,
    error,
)
from telegram.constants import ChatAction
from telegram.request import HTTPXRequest

from bot.channels.telegram_errors import FloodScope, meaning
from bot.channels.telegram_parsing import CHANNEL, parse, update_id_of
from bot.channels.telegram_request import LineRequest
from bot.events import InboundEvent
from bot.lines import KeptLines, Patience
from bot.sending import FileOut, OutboundMessage
from bot.settings import TelegramSettings
from bot.wording import PRIVATE_CHAT, PRIVATE_CHAT_UNNAMED

TEXT_LIMIT = 4096
"""In UTF-16 units, as Telegram counts."""
CAPTION_LIMIT = 1024
ALLOWED_UPDATES = ["message", "edited_message", "callback_query", "my_chat_member"]
AWAY = error.TelegramError
"""What start and poll raise while Telegram cannot be reached."""
POLL_SECONDS = 25
RECENTLY = timedelta(minutes=1)
FAILING = timedelta(minutes=5)
"""So long after its last error a webhook with updates waiting counts as failing."""
SHARE_CONTACT = "Bagikan kontak saya"
COMMANDS = [
    ("start", "Mulai / sapa"),
    ("bantuan", "Apa yang bisa dibantu"),
    ("hubungkan", "Hubungkan dengan data peserta"),
    ("web", "Minta tautan untuk lanjut di web"),
    ("putuskan", "Putuskan hubungan dengan data peserta"),
]
NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
"""Nobody but the reader opens a link we send, least of all one that works once."""

__all__ = ["AWAY", "CHANNEL", "TelegramChannel", "genuine", "parse", "update_id_of"]


def genuine(settings: TelegramSettings, header: str | None) -> bool:
    """Return whether the webhook's secret header is ours (constant time; the header is the only proof there is)."""
    secret = settings.telegram_secret.get_secret_value()
    return bool(secret) and hmac.compare_digest((header or "").encode(), secret.encode())


class TelegramChannel:
    """The sending half, and the registration of the webhook."""

    def __init__(self, settings: TelegramSettings, *, connections: int = 32, patience: Patience | None = None) -> None:
        self._settings = settings
        self._request = LineRequest(KeptLines(connections), patience or Patience())
        self._updates = HTTPXRequest(connection_pool_size=1, read_timeout=POLL_SECONDS + 15, connect_timeout=5)
        base = settings.telegram_api_url.rstrip("/")
        token = settings.telegram_token.get_secret_value()
        self._updates_url = f"{base}/bot{token}/getUpdates"
        self._flood = FloodScope()
        self._name: str | None = None
        self.bot = Bot(
            token,
            base_url=f"{base}/bot",
            base_file_url=f"{base}/file/bot",
            request=self._request,
            get_updates_request=self._updates,
        )

    async def start(self, webhook_url: str | None) -> None:
        """Say hello, and register the webhook (or take it away, for polling)."""
        await self.bot.initialize()
        self._name = self.bot.username
        if webhook_url:
            await self.bot.set_webhook(
                webhook_url,
                secret_token=self._settings.telegram_secret.get_secret_value(),
                allowed_updates=ALLOWED_UPDATES,
            )
        else:
            await self.bot.delete_webhook()
        with suppress(error.TelegramError):
            # without its menu the bot works all the same
            await self.bot.set_my_commands(COMMANDS)

    async def poll(self, offset: int | None) -> tuple[list[bytes], int | None]:
        """Return the next updates as Telegram wrote them, and the offset that acknowledges them once they are stored.

        Asked without the library's own types: one update it cannot read would hold up all the others for ever.
        """
        asked = {"timeout": POLL_SECONDS, "allowed_updates": orjson.dumps(ALLOWED_UPDATES).decode()}
        if offset is not None:
            asked["offset"] = offset
        answer = await self._updates.post(f"{self._updates_url}?{urlencode(asked)}")
        updates = answer if isinstance(answer, list) else []
        following = max((int(update["update_id"]) for update in updates), default=None)
        return [orjson.dumps(update) for update in updates], offset if following is None else following + 1

    async def receives(self, now: datetime) -> bool:
        """Say whether what people do reaches us; raises AWAY where Telegram cannot even be asked."""
        info = await self.bot.get_webhook_info()
        failed_at = info.last_error_date
        return not info.pending_update_count or failed_at is None or now - failed_at > RECENTLY

    async def webhook_state(self, expected: str | None, now: datetime) -> dict[str, Any]:
        """Return what Telegram thinks of our webhook: how much waits there, and what is wrong with it, if anything is.

        Args:
            expected: the address that is registered; None where updates are polled.
            now: by the clock Telegram's dates are compared with.
        """
        try:
            info = await self.bot.get_webhook_info()
        except (error.InvalidToken, error.Forbidden):
            return {"pending": 0, "problem": "token"}
        except error.TelegramError:
            return {"pending": 0, "problem": "away"}
        state: dict[str, Any] = {"pending": info.pending_update_count, "problem": None}
        if (info.url or None) != expected:
            return state | {"problem": "elsewhere"}
        failed_at = info.last_error_date
        if failed_at is not None and now - failed_at < FAILING and info.pending_update_count:
            return state | {"problem": "failing", "last_error": (info.last_error_message or "")[:200]}
        return state

    async def stop(self) -> None:
        """Close the connections, also those of a bot that never said hello (the library would leave them open)."""
        for request in (self._request, self._updates):
            await request.shutdown()

    async def answer_press(self, press_id: str) -> None:
        """Stop the client's spinner; too late is no error."""
        with suppress(error.TelegramError):
            await self.bot.answer_callback_query(press_id)

    async def typing(self, event: InboundEvent) -> None:
        """Show that an answer is being written; where that fails, the answer comes all the same."""
        with suppress(error.TelegramError):
            await self.bot.send_chat_action(chat_id=int(event.chat), action=ChatAction.TYPING)

    async def send(self, message: OutboundMessage) -> str:
        """Send one message and return Telegram's id of it."""
        try:
            sent = await (self._send_file(message, message.file) if message.file else self._send_text(message))
        except error.TelegramError as problem:
            raise meaning(problem, message.chat, self._flood) from problem
        return str(sent.message_id)

    async def _send_text(self, message: OutboundMessage) -> Message:
        return await self.bot.send_message(
            chat_id=int(message.chat),
            text=within(self._with_private_chat(message.text)),
            reply_markup=_markup(message),
            link_preview_options=NO_PREVIEW,
        )

    async def _send_file(self, message: OutboundMessage, file: FileOut) -> Message:
        chat, caption = int(message.chat), within(message.text, CAPTION_LIMIT) or None
        if file.kind == "photo":
            return await self.bot.send_photo(chat, file.content, caption=caption, filename=file.name)
        return await self.bot.send_document(chat, file.content, caption=caption, filename=file.name)

    def _with_private_chat(self, text: str) -> str:
        """Name the bot's own address where the text leaves room for it; only Telegram knows it."""
        address = f"https://t.me/{self._name}?start=grup" if self._name else PRIVATE_CHAT_UNNAMED
        return text.replace(PRIVATE_CHAT, address)


def within(text: str, limit: int = TEXT_LIMIT) -> str:
    """Return the text cut to what one message carries."""
    if text.isascii() or len(text) * 2 <= limit:
        return text[:limit]
    return text.encode("utf-16-le")[: limit * 2].decode("utf-16-le", "ignore")


def _markup(message: OutboundMessage) -> InlineKeyboardMarkup | ReplyKeyboardMarkup | None:
    if message.buttons:
        rows = [[InlineKeyboardButton(button.title, callback_data=button.token)] for button in message.buttons]
        return InlineKeyboardMarkup(rows)
    if message.request_contact:
        share = KeyboardButton(SHARE_CONTACT, request_contact=True)
        return ReplyKeyboardMarkup([[share]], resize_keyboard=True, one_time_keyboard=True)
    return None
