"""Groups with topics: who is in them, what the bot may do there, and every topic with what became of it.

A topic's number is the number of the message that made it, as at Telegram; nothing lists topics to a bot.
"""

from dataclasses import asdict, dataclass, field
from typing import Any

from simulator.journal import Journal
from simulator.telegram.errors import bad_request, forbidden

COLOURS = (7322096, 16766590, 13338331, 9367192, 16749490, 16478047)
"""The only colours a topic's icon may have."""
RIGHTS = ("can_manage_topics", "can_pin_messages", "can_delete_messages")
KICKED, NO_CHAT = "bot was kicked from the supergroup chat", "chat not found"
type Json = dict[str, Any]


@dataclass(slots=True)
class Topic:
    """One topic."""

    thread_id: int
    name: str
    icon_color: int
    by: int
    """Who made it, the bot or a person."""
    closed: bool = False
    deleted: bool = False
    pinned: list[int] = field(default_factory=list)

    def made(self) -> Json:
        """Describe it as Telegram does."""
        return {"message_thread_id": self.thread_id, "name": self.name, "icon_color": self.icon_color}


@dataclass(slots=True)
class Group:
    """One supergroup, with topics or without."""

    id: int
    title: str
    is_forum: bool = True
    members: dict[str, Json] = field(default_factory=dict)
    """User id → {"user", "status"}; whoever is not here has never been in it."""
    bot: Json = field(default_factory=lambda: {"status": "administrator", **dict.fromkeys(RIGHTS, True)})
    deleted: bool = False

    @property
    def chat(self) -> Json:
        """Describe it as an update does."""
        forum = {"is_forum": True} if self.is_forum else {}
        return {"id": self.id, "type": "supergroup", "title": self.title} | forum


class Forums:
    """All groups the simulator was told of, changed through the journal only."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._forget()
        journal.on("tg.group", self._apply_group)
        journal.on("tg.topic", self._apply_topic)
        journal.on_reset(self._forget)

    def _forget(self) -> None:
        self.groups: dict[int, Group] = {}
        self.topics: dict[int, dict[int, Topic]] = {}

    def keep(self, group: Group) -> None:
        """Remember a group as it is now."""
        self._journal.record("tg.group", asdict(group))

    def keep_topic(self, chat_id: int, topic: Topic) -> None:
        """Remember a topic as it is now."""
        self._journal.record("tg.topic", chat_id, asdict(topic))

    def _apply_group(self, group: Json) -> None:
        self.groups[int(group["id"])] = Group(**group)

    def _apply_topic(self, chat_id: int, topic: Json) -> None:
        self.topics.setdefault(chat_id, {})[int(topic["thread_id"])] = Topic(**topic)

    def check(self, chat_id: int) -> None:
        """Refuse as Telegram does where the group is gone or the bot is not in it."""
        group = self.groups.get(chat_id)
        if group and group.deleted:
            raise bad_request(NO_CHAT)
        if group and group.bot["status"] in ("kicked", "left"):
            raise forbidden(KICKED)

    def forum(self, chat_id: int, right: str, what: str) -> Group:
        """Give a group with topics in which the bot has this right; refuse otherwise."""
        group = self.groups.get(chat_id)
        if group is None or not group.is_forum:
            raise bad_request("the chat is not a forum")
        self.require(group, right, what)
        return group

    @staticmethod
    def require(group: Group, right: str, what: str) -> None:
        """Refuse what the bot may not do."""
        if group.bot["status"] != "administrator" or not group.bot.get(right):
            raise bad_request(f"not enough rights to {what}")

    def topic(self, chat_id: int, thread_id: int) -> Topic:
        """Give a topic that is there."""
        topic = self.topics.get(chat_id, {}).get(thread_id)
        if topic is None or topic.deleted:
            raise bad_request("message thread not found")
        return topic

    def open_topic(self, chat_id: int, thread_id: int) -> Topic:
        """Give a topic one may write in; stricter than Telegram, which lets administrators write in closed ones."""
        topic = self.topic(chat_id, thread_id)
        if topic.closed:
            raise bad_request("TOPIC_CLOSED")
        return topic
