"""Telegram: updates in (webhook or long polling), messages out, with python-telegram-bot as client and types.

The library's own webhook server and update queue are not used: they acknowledge before anything is stored.
Provider facts: Bot API 10; text 4096, callback data 64 bytes, no idempotency key on sendMessage.
"""

import hmac
from contextlib import suppress
from datetime import UTC, datetime

import httpx
import orjson
from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    Message,
    ReplyKeyboardMarkup,
    Update,
    error,
)
from telegram.request import HTTPXRequest

from bot.channels.telegram_request import LineRequest
from bot.events import InboundEvent, Kind, SharedContact, Unreadable
from bot.lines import KeptLines, Patience
from bot.sending import Ambiguous, ChannelStopped, Moved, OutboundMessage, Refused, RetryLater, Unreachable
from bot.settings import TelegramSettings

CHANNEL = "telegram"
TEXT_LIMIT = 4096
ALLOWED_UPDATES = ["message", "edited_message", "callback_query", "my_chat_member"]
AWAY = error.TelegramError
"""What start and poll raise while Telegram cannot be reached."""
SHARE_CONTACT = "Bagikan kontak saya"
COMMANDS = [
    ("start", "Mulai / sapa"),
    ("bantuan", "Apa yang bisa dibantu"),
    ("hubungkan", "Hubungkan dengan data peserta"),
    ("web", "Minta tautan untuk lanjut di web"),
    ("putuskan", "Putuskan hubungan dengan data peserta"),
]
BACKOFF_SECONDS = 2.0

__all__ = ["AWAY", "CHANNEL", "TelegramChannel", "genuine", "parse"]


def genuine(settings: TelegramSettings, header: str | None) -> bool:
    """Return whether the webhook's secret header is ours (constant time; the header is the only proof there is)."""
    secret = settings.telegram_secret.get_secret_value()
    return bool(secret) and hmac.compare_digest((header or "").encode(), secret.encode())


def parse(raw: bytes) -> InboundEvent:
    """Return the event of one update; raises Unreadable for what is no update at all."""
    try:
        body = orjson.loads(raw)
        update_id = int(body["update_id"])
        update = Update.de_json(body, None)
    except (ValueError, KeyError, TypeError, AttributeError) as problem:
        raise Unreadable(f"bukan update Telegram: {problem}") from problem
    if update.callback_query is not None:
        return _press(update, update_id, raw)
    message = update.message or update.edited_message
    if message is not None:
        return _message(update, message, update_id, raw)
    if update.my_chat_member is not None:
        return _membership(update, update_id, raw)
    raise Unreadable("jenis update yang tidak dikenal")


class TelegramChannel:
    """The sending half, and the registration of the webhook."""

    def __init__(self, settings: TelegramSettings, *, connections: int = 32) -> None:
        self._settings = settings
        request = LineRequest(KeptLines(connections), Patience())
        updates = HTTPXRequest(connection_pool_size=1, read_timeout=40, connect_timeout=5)
        base = settings.telegram_api_url.rstrip("/")
        self.bot = Bot(
            settings.telegram_token.get_secret_value(),
            base_url=f"{base}/bot",
            base_file_url=f"{base}/file/bot",
            request=request,
            get_updates_request=updates,
        )

    async def start(self, webhook_url: str | None) -> None:
        """Say hello, and register the webhook (or take it away, for polling)."""
        await self.bot.initialize()
        await self.bot.set_my_commands(COMMANDS)
        if webhook_url:
            await self.bot.set_webhook(
                webhook_url,
                secret_token=self._settings.telegram_secret.get_secret_value(),
                allowed_updates=ALLOWED_UPDATES,
            )
        else:
            await self.bot.delete_webhook()

    async def poll(self, offset: int | None) -> tuple[list[bytes], int | None]:
        """Return the next updates as bodies, and the offset that acknowledges them once they are stored."""
        updates = await self.bot.get_updates(offset=offset, timeout=25, allowed_updates=ALLOWED_UPDATES)
        following = max((update.update_id for update in updates), default=None)
        return [update.to_json().encode() for update in updates], offset if following is None else following + 1

    async def stop(self) -> None:
        """Close the connections."""
        with suppress(RuntimeError):
            await self.bot.shutdown()

    async def answer_press(self, press_id: str) -> None:
        """Stop the client's spinner; too late is no error."""
        with suppress(error.TelegramError):
            await self.bot.answer_callback_query(press_id)

    async def send(self, message: OutboundMessage) -> str:
        """Send one message and return Telegram's id of it."""
        try:
            sent = await self.bot.send_message(
                chat_id=int(message.chat), text=message.text[:TEXT_LIMIT], reply_markup=_markup(message)
            )
        except error.TelegramError as problem:
            raise _meaning(problem) from problem
        return str(sent.message_id)


def _markup(message: OutboundMessage) -> InlineKeyboardMarkup | ReplyKeyboardMarkup | None:
    if message.buttons:
        rows = [[InlineKeyboardButton(button.title, callback_data=button.token)] for button in message.buttons]
        return InlineKeyboardMarkup(rows)
    if message.request_contact:
        share = KeyboardButton(SHARE_CONTACT, request_contact=True)
        return ReplyKeyboardMarkup([[share]], resize_keyboard=True, one_time_keyboard=True)
    return None


def _meaning(problem: error.TelegramError) -> Exception:
    """Translate the library's errors into what the outbox should do (its TimedOut is a NetworkError)."""
    cause = problem.__cause__
    if isinstance(problem, error.RetryAfter):
        wait = problem.retry_after
        return RetryLater(wait if isinstance(wait, int) else wait.total_seconds(), "429", whole_channel=False)
    if isinstance(problem, error.ChatMigrated):
        return Moved(str(problem.new_chat_id))
    if isinstance(problem, error.Forbidden):
        return Unreachable(problem.message)
    if isinstance(problem, error.InvalidToken):
        return ChannelStopped(problem.message)
    if isinstance(problem, error.BadRequest):
        return Unreachable(problem.message) if "chat not found" in problem.message.lower() else Refused(problem.message)
    if isinstance(cause, httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout):
        return RetryLater(BACKOFF_SECONDS, "tidak tersambung")
    if isinstance(problem, error.TimedOut) or isinstance(cause, httpx.TransportError):
        return Ambiguous(problem.message)
    return RetryLater(BACKOFF_SECONDS, problem.message)


def _press(update: Update, update_id: int, raw: bytes) -> InboundEvent:
    query = update.callback_query
    if query is None or query.message is None:
        raise Unreadable("tombol tanpa pesan")
    person = query.from_user
    return InboundEvent(
        channel=CHANNEL,
        external_id=f"update:{update_id}",
        chat=str(query.message.chat.id),
        person=str(person.id),
        kind=Kind.BUTTON,
        order_key=_order(datetime.now(UTC), update_id),
        raw=raw,
        display_name=person.full_name,
        token=query.data or "",
        press_id=query.id,
    )


def _message(update: Update, message: Message, update_id: int, raw: bytes) -> InboundEvent:
    person = message.from_user
    return InboundEvent(
        channel=CHANNEL,
        external_id=f"update:{update_id}",
        chat=str(message.chat.id),
        person=str(person.id if person else message.chat.id),
        kind=_kind(update, message),
        order_key=_order(message.date, message.message_id),
        raw=raw,
        text=message.text or message.caption or "",
        display_name=person.full_name if person else None,
        contact=_contact(message),
    )


def _kind(update: Update, message: Message) -> Kind:
    if message.chat.type != "private":
        return Kind.GROUP
    if update.edited_message is not None:
        return Kind.EDITED
    if message.text is not None:
        return Kind.TEXT
    for kind, present in (
        (Kind.CONTACT, message.contact),
        (Kind.PHOTO, message.photo),
        (Kind.VOICE, message.voice or message.audio or message.video_note),
        (Kind.STICKER, message.sticker or message.animation or message.dice),
        (Kind.LOCATION, message.location or message.venue),
        (Kind.DOCUMENT, message.document or message.video),
    ):
        if present:
            return kind
    return Kind.UNSUPPORTED


def _contact(message: Message) -> SharedContact | None:
    shared, person = message.contact, message.from_user
    if shared is None or person is None:
        return None
    own = shared.user_id == person.id and message.chat.type == "private" and message.forward_origin is None
    return SharedContact(shared.phone_number, own)


def _membership(update: Update, update_id: int, raw: bytes) -> InboundEvent:
    change = update.my_chat_member
    if change is None or change.chat.type != "private":
        raise Unreadable("perubahan anggota di luar obrolan pribadi")
    return InboundEvent(
        channel=CHANNEL,
        external_id=f"update:{update_id}",
        chat=str(change.chat.id),
        person=str(change.from_user.id),
        kind=Kind.LEFT,
        order_key=_order(change.date, update_id),
        raw=raw,
        display_name=change.from_user.full_name,
        reachable=change.new_chat_member.status not in ("kicked", "left"),
    )


def _order(moment: datetime, number: int) -> int:
    return int(moment.timestamp()) * 1_000_000 + number % 1_000_000
