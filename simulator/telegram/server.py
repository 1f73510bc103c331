"""The Telegram server as a whole: the Bot API over HTTP, webhooks out, people in."""

from typing import Any
from urllib.parse import unquote

import orjson

from simulator.chats import ChatBook
from simulator.clock import Clock
from simulator.edge import Addressed, Answer, Call, Edge, json_answer
from simulator.faults import Fault, FaultBoard
from simulator.journal import Journal
from simulator.media import MediaStore
from simulator.settings import SimulatorSettings
from simulator.telegram.arguments import read_arguments
from simulator.telegram.delivery import WebhookDelivery
from simulator.telegram.errors import TelegramRefusal, flood
from simulator.telegram.forum import Forums
from simulator.telegram.group_acts import GroupActs
from simulator.telegram.limits import FloodGate, TelegramLimits
from simulator.telegram.methods import BotMethods
from simulator.telegram.polling import Polling
from simulator.telegram.standing import Standings
from simulator.telegram.state import Pending, TelegramState
from simulator.telegram.writing import Writer
from simulator.traps import hand_out
from simulator.wire import Post

BOT_ID = 7_000_000_001
WEBHOOK_SET = {"setwebhook": "Webhook was set", "deletewebhook": "Webhook was deleted"}


class TelegramServer:
    """Serves /bot<TOKEN>/<method> and /file/bot<TOKEN>/<path>."""

    def __init__(
        self,
        settings: SimulatorSettings,
        journal: Journal,
        chats: ChatBook,
        clock: Clock,
        board: FaultBoard,
        media: MediaStore,
        post: Post,
    ) -> None:
        self._token = settings.telegram_token.get_secret_value()
        self._media = media
        number = self._token.partition(":")[0]
        bot = {
            "id": int(number) if number.isdigit() else BOT_ID,
            "is_bot": True,
            "first_name": "Bantuan Prakerja (gladi)",
        }
        bot["username"] = settings.telegram_username
        self.state = TelegramState(journal, chats, clock)
        self.gate = FloodGate(limits_of(settings))
        self.forums = Forums(journal)
        self.methods = BotMethods(self.state, self.gate, media, bot, self.forums)
        self.delivery = WebhookDelivery(
            self.state, self.methods, post, board, settings.telegram_retry_base.total_seconds()
        )
        self.methods.on_webhook = self.delivery.start_all
        self.polling = Polling(self.state)
        self.writer = Writer(self.state, media, self.forums)
        self.writer.bot = bot
        self.groups = GroupActs(self.state, self.forums, self.methods.of_forums, bot)
        self.standings = Standings(self.state, bot)
        self.edge = Edge("telegram", self.handle, self._address, spoil, board)

    def sent(self, pending: Pending | None) -> Pending | None:
        """Bring what a person just did on its way to the bot."""
        if pending is not None:
            self.polling.queued()
            self.delivery.queued(pending)
        return pending

    async def handle(self, call: Call) -> Answer:
        """Answer one call of the bot."""
        try:
            return await self._answer(call)
        except TelegramRefusal as refusal:
            return json_answer(refusal.body(), refusal.error_code)

    async def _answer(self, call: Call) -> Answer:
        path = unquote(call.path)
        if path.startswith("/file/bot"):
            return await self._file(path.removeprefix("/file/bot"))
        token, _, method = path.removeprefix("/bot").partition("/")
        if not path.startswith("/bot") or token != self._token:
            raise TelegramRefusal(401, "Unauthorized")
        name = method.lower()
        given = read_arguments(call)
        if name == "getupdates":
            return json_answer({"ok": True, "result": await self.polling.get_updates(given)})
        action = self.methods.by_name.get(name)
        if action is None:
            raise TelegramRefusal(404, "Not Found: method not found")
        body: dict[str, Any] = {"ok": True, "result": action(given)}
        if name in WEBHOOK_SET:
            body["description"] = WEBHOOK_SET[name]
        return json_answer(body)

    async def _file(self, path: str) -> Answer:
        token, _, name = path.partition("/")
        media = self._media.at(name)
        if token != self._token or media is None:
            raise TelegramRefusal(404, "Not Found")
        return await hand_out(media)

    def _address(self, call: Call) -> Addressed:
        method = call.path.rpartition("/")[2]
        try:
            chat = str(read_arguments(call).get("chat_id", "*"))
        except TelegramRefusal:
            chat = "*"
        return Addressed(method, chat)


def spoil(fault: Fault) -> Answer:
    """Word a limit or an error the way Telegram does."""
    if fault.kind == "limit":
        return json_answer(flood(fault.retry_after).body(), 429)
    if fault.description.startswith("<"):
        return Answer(fault.status, fault.description.encode(), "text/html")
    words = fault.description or {502: "Bad Gateway", 403: "Forbidden: bot was blocked by the user"}.get(fault.status)
    body = {"ok": False, "error_code": fault.status, "description": words or "Internal Server Error"}
    return Answer(fault.status, orjson.dumps(body))


def limits_of(settings: SimulatorSettings) -> TelegramLimits:
    """Read the flood limits from the settings."""
    if not settings.telegram_limits:
        return TelegramLimits(per_second=None, per_chat_burst=None, per_group_minute=None)
    return TelegramLimits(
        per_second=settings.telegram_per_second,
        per_chat_burst=settings.telegram_per_chat_burst,
        per_group_minute=settings.telegram_per_group_minute,
    )
