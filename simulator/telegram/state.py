"""What the Telegram server remembers: updates not yet taken, the webhook, button presses, who blocked the bot.

Everything changes through the journal only, so a killed server comes back as it was.
"""

from collections import deque
from dataclasses import asdict, dataclass, field
from typing import Any

from simulator.chats import ChatBook
from simulator.clock import Clock
from simulator.journal import Journal

CHANNEL = "telegram"
UPDATE_LIFE, QUERY_LIFE = 24 * 3600, 150
ACTION_LIFE = 5
DEFAULT_UPDATES = frozenset({"message", "edited_message", "callback_query", "my_chat_member"})
FIRST_UPDATE_ID = 480_000_000


@dataclass(slots=True)
class Pending:
    """An update the bot has not taken yet."""

    update_id: int
    key: str
    expires: float
    update: dict[str, Any]
    chat: str
    message_id: str
    attempts: int = 0


@dataclass(slots=True)
class Webhook:
    """What setWebhook said."""

    url: str = ""
    secret_token: str = ""
    max_connections: int = 40
    allowed_updates: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Query:
    """A button press the bot may still answer."""

    user_id: int
    at: float
    chat: str = ""
    answer: dict[str, Any] | None = None


class TelegramState:
    """The server's memory."""

    def __init__(self, journal: Journal, chats: ChatBook, clock: Clock) -> None:
        self.journal, self.chats, self.clock = journal, chats, clock
        self._forget()
        journal.on("tg.update", self._apply_update)
        journal.on("tg.done", self._apply_done)
        journal.on("tg.webhook", self._apply_webhook)
        journal.on("tg.query", self._apply_query)
        journal.on("tg.answer", self._apply_answer)
        journal.on("tg.chat", self._apply_chat)
        journal.on("tg.standing", self._apply_standing)
        journal.on("tg.numbers", self._apply_numbers)
        journal.on("tg.action", self._apply_action)
        journal.on_reset(self._forget)

    def _forget(self) -> None:
        webhook = getattr(self, "webhook", None)
        self.pending: dict[int, Pending] = {}
        self.queues: dict[str, deque[int]] = {}
        # a webhook belongs to the bot, not to the chats: forgetting the chats keeps it
        self.webhook = webhook or Webhook()
        self.queries: dict[str, Query] = {}
        self.known: dict[int, dict[str, Any]] = {}
        self.standing: dict[int, dict[str, Any]] = {}
        self.actions: dict[str, dict[str, Any]] = {}
        self.next_update_id, self.next_message_id = FIRST_UPDATE_ID, 1
        self.taken: dict[int, dict[str, Any]] = {}

    def now(self) -> float:
        """Tell the rehearsed time in unix seconds."""
        return self.clock().timestamp()

    def settle(self) -> None:
        """After a replay, go on counting messages where the chats end."""
        mine = (items for channel, _, items in self.chats.all() if channel == CHANNEL)
        numbers = (int(item.message_id) for items in mine for item in items if item.message_id.isdigit())
        self.next_message_id = max(numbers, default=0) + 1

    def message_id(self) -> int:
        """Give the next message id."""
        number = self.next_message_id
        self.next_message_id += 1
        return number

    def queue(self, kind: str, body: dict[str, Any], *, key: str, chat: str, message_id: str) -> Pending:
        """Queue an update for the bot."""
        update_id = self.next_update_id
        life = QUERY_LIFE if kind == "callback_query" else UPDATE_LIFE
        update = {"update_id": update_id, kind: body}
        self.journal.record("tg.update", update_id, key, self.now() + life, update, chat, message_id)
        return self.pending[update_id]

    def tell(self, kind: str, body: dict[str, Any], key: str, chat: str, message_id: str) -> Pending | None:
        """Queue an update unless the bot does not want its kind."""
        if kind not in (self.webhook.allowed_updates or DEFAULT_UPDATES):
            return None
        return self.queue(kind, body, key=key, chat=chat, message_id=message_id)

    def meet(self, chat: dict[str, Any]) -> None:
        """Remember a chat the bot may write to."""
        if self.known.get(int(chat["id"])) != chat:
            self.journal.record("tg.chat", chat)

    def stand(self, chat_id: int, standing: dict[str, Any]) -> None:
        """Remember how a chat stands to the bot."""
        self.journal.record("tg.standing", chat_id, standing)

    def act(self, chat: str, action: str) -> None:
        """Remember what the bot says it is doing."""
        self.journal.record("tg.action", chat, action, self.now())

    def doing(self, chat: str) -> str | None:
        """Tell what the bot is doing in a chat, for as long as Telegram shows it."""
        action = self.actions.get(chat)
        if action is None or self.now() - action["at"] > ACTION_LIFE:
            return None
        said = [item for item in self.chats.items(CHANNEL, chat)[-3:] if item.who == "bot"]
        return None if said and said[-1].at >= action["at"] else str(action["action"])

    def done(self, pending: Pending, outcome: str) -> None:
        """Note that an update was taken by the bot or dropped."""
        if pending.update_id in self.pending:
            self.journal.record("tg.done", pending.update_id, outcome, pending.attempts)

    def drop_expired(self) -> int:
        """Drop what is too old; say how many."""
        now = self.now()
        expired = [pending for pending in self.pending.values() if pending.expires <= now]
        for pending in expired:
            self.done(pending, "expired")
        return len(expired)

    def _apply_update(
        self, update_id: int, key: str, expires: float, update: dict[str, Any], chat: str, message_id: str
    ) -> None:
        self.pending[update_id] = Pending(update_id, key, expires, update, chat, message_id)
        self.queues.setdefault(key, deque()).append(update_id)
        self.next_update_id = max(self.next_update_id, update_id) + 1

    def _apply_done(self, update_id: int, outcome: str, attempts: int) -> None:
        pending = self.pending.pop(update_id)
        queue = self.queues[pending.key]
        queue.remove(update_id)
        if not queue:
            del self.queues[pending.key]
        self.taken[update_id] = {"outcome": outcome, "attempts": attempts, "chat": pending.chat, "at": self.now()}
        self.taken[update_id] |= {"message_id": pending.message_id}
        if self.chats.find(CHANNEL, pending.chat, pending.message_id):
            # part of this record, so not journalled again
            status = "delivered" if outcome == "taken" else "dropped"
            self.chats.apply_status(CHANNEL, pending.chat, pending.message_id, status)

    def _apply_webhook(self, webhook: dict[str, Any]) -> None:
        self.webhook = Webhook(**webhook)

    def _apply_query(self, query_id: str, user_id: int, at: float, chat: str = "") -> None:
        self.queries[query_id] = Query(user_id, at, chat)

    def _apply_answer(self, query_id: str, answer: dict[str, Any]) -> None:
        self.queries[query_id].answer = answer

    def _apply_chat(self, chat: dict[str, Any]) -> None:
        self.known[int(chat["id"])] = chat

    def _apply_standing(self, chat_id: int, standing: dict[str, Any]) -> None:
        self.standing[chat_id] = standing

    def _apply_numbers(self, update_id: int) -> None:
        self.next_update_id = update_id

    def _apply_action(self, chat: str, action: str, at: float) -> None:
        count = self.actions.get(chat, {"count": 0})["count"] + 1
        self.actions[chat] = {"action": action, "at": at, "count": count}
        self.chats.touch(CHANNEL, chat)

    def set_webhook(self, webhook: Webhook) -> None:
        """Remember where updates go."""
        self.journal.record("tg.webhook", asdict(webhook))
