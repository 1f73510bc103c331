"""The Bot API methods about topics, pins, reactions and members, each checked the way Telegram checks it."""

from collections.abc import Callable
from typing import Any

from simulator.telegram import arguments as read
from simulator.telegram.errors import bad_request
from simulator.telegram.forum import COLOURS, Forums, Topic
from simulator.telegram.limits import FloodGate
from simulator.telegram.state import CHANNEL, TelegramState

type Json = dict[str, Any]
LONGEST_NAME = 128
REACTIONS = frozenset(
    "❤👍👎🔥🥰👏😁🤔🤯😱🤬😢🎉🤩🤮💩🙏👌🕊🤡🥱🥴😍🐳🌚🌭💯🤣⚡🍌🏆💔🤨😐🍓🍾💋🖕"
    "😈😴😭🤓👻👀🎃🙈😇😨🤝✍🤗🫡🎅🎄☃💅🤪🗿🆒💘🙉🦄😘💊🙊😎👾🤷😡"
)
"""Those of one sign; Telegram has a few more, joined from several."""


class ForumMethods:
    """Topics and what belongs to them; the writing ones count as posts to the group."""

    def __init__(
        self, state: TelegramState, forums: Forums, gate: FloodGate, bot: Json, chat_of: Callable[[Json], Json]
    ) -> None:
        self._state, self._forums, self._gate, self._bot, self._chat = state, forums, gate, bot, chat_of
        methods: list[Callable[[Json], Any]] = [
            *(self.create_forum_topic, self.edit_forum_topic, self.close_forum_topic, self.reopen_forum_topic),
            *(self.delete_forum_topic, self.pin_chat_message, self.unpin_chat_message, self.set_message_reaction),
            *(self.get_chat_member, self.get_chat_administrators),
        ]
        self.by_name = {method.__name__.replace("_", ""): method for method in methods}

    def create_forum_topic(self, given: Json) -> Json:
        """Make a topic."""
        chat_id = int(self._chat(given)["id"])
        self._forums.forum(chat_id, "can_manage_topics", "create a topic")
        name = self._name(given)
        colour = read.whole_number(given, "icon_color", COLOURS[0])
        if colour not in COLOURS:
            raise bad_request("TOPIC_ICON_COLOR_INVALID")
        self._gate.pass_message(chat_id)
        return self.make(chat_id, name, colour, int(self._bot["id"])).made()

    def make(self, chat_id: int, name: str, colour: int, by: int) -> Topic:
        """Make a topic, by whomever: its number is that of the message which says so."""
        topic = Topic(self._state.message_id(), name, colour, by)
        self._forums.keep_topic(chat_id, topic)
        self._say(chat_id, topic.thread_id, f"Topik dibuat: {name}", by, message_id=topic.thread_id)
        return topic

    def _name(self, given: Json) -> str:
        name = str(given.get("name") or "").strip()
        if not 1 <= read.utf16_length(name) <= LONGEST_NAME:
            raise bad_request("TOPIC_TITLE_EMPTY" if not name else "TOPIC_TITLE_TOO_LONG")
        return name

    def edit_forum_topic(self, given: Json) -> bool:
        """Rename a topic."""
        chat_id, topic = self._topic(given, "edit the topic")
        name = self._name(given) if "name" in given else topic.name
        if name == topic.name:
            raise bad_request("TOPIC_NOT_MODIFIED")
        self._gate.pass_message(chat_id)
        topic.name = name
        self._forums.keep_topic(chat_id, topic)
        return True

    def close_forum_topic(self, given: Json) -> bool:
        """Close a topic."""
        return self._turn(given, closed=True)

    def reopen_forum_topic(self, given: Json) -> bool:
        """Open a topic again."""
        return self._turn(given, closed=False)

    def _turn(self, given: Json, *, closed: bool) -> bool:
        chat_id, topic = self._topic(given, "close the topic")
        if topic.closed == closed:
            raise bad_request("TOPIC_NOT_MODIFIED")
        self._gate.pass_message(chat_id)
        self.turn(chat_id, topic, closed=closed, by=int(self._bot["id"]))
        return True

    def turn(self, chat_id: int, topic: Topic, *, closed: bool, by: int) -> None:
        """Close a topic or open it again, by whomever."""
        topic.closed = closed
        self._forums.keep_topic(chat_id, topic)
        self._say(chat_id, topic.thread_id, "Topik ditutup" if closed else "Topik dibuka lagi", by)

    def delete_forum_topic(self, given: Json) -> bool:
        """Delete a topic with everything in it."""
        chat_id, topic = self._topic(given, "delete the topic", "can_delete_messages")
        self._gate.pass_message(chat_id)
        topic.deleted = True
        self._forums.keep_topic(chat_id, topic)
        return True

    def _topic(self, given: Json, what: str, right: str = "can_manage_topics") -> tuple[int, Topic]:
        chat_id = int(self._chat(given)["id"])
        self._forums.forum(chat_id, right, what)
        return chat_id, self._forums.topic(chat_id, read.whole_number(given, "message_thread_id"))

    def pin_chat_message(self, given: Json) -> bool:
        """Pin a message, which the group is told."""
        chat_id, item, topic = self._message(given, "pin")
        self._gate.pass_message(chat_id)
        if topic and int(item.message_id) not in topic.pinned:
            topic.pinned.append(int(item.message_id))
            self._forums.keep_topic(chat_id, topic)
        self._say(chat_id, topic.thread_id if topic else None, "Pesan disematkan", int(self._bot["id"]))
        return True

    def unpin_chat_message(self, given: Json) -> bool:
        """Take a pin away."""
        chat_id, item, topic = self._message(given, "unpin")
        if topic and int(item.message_id) in topic.pinned:
            topic.pinned.remove(int(item.message_id))
            self._forums.keep_topic(chat_id, topic)
        return True

    def _message(self, given: Json, what: str) -> tuple[int, Any, Topic | None]:
        chat_id = int(self._chat(given)["id"])
        if group := self._forums.groups.get(chat_id):
            self._forums.require(group, "can_pin_messages", "manage pinned messages in the chat")
        item = self._state.chats.find(CHANNEL, str(chat_id), str(read.whole_number(given, "message_id")))
        if item is None:
            raise bad_request(f"message to {what} not found")
        thread = item.extra.get("thread")
        return chat_id, item, self._forums.topic(chat_id, thread) if thread else None

    def set_message_reaction(self, given: Json) -> bool:
        """React to a message; a bot has one reaction to it."""
        chat = self._chat(given)
        reactions = read.structure(given, "reaction") or []
        if len(reactions) > 1:
            raise bad_request("REACTIONS_TOO_MANY")
        if any(one.get("type") != "emoji" or one.get("emoji") not in REACTIONS for one in reactions):
            raise bad_request("REACTION_INVALID")
        message_id = str(read.whole_number(given, "message_id"))
        item = self._state.chats.find(CHANNEL, str(chat["id"]), message_id)
        if item is None:
            raise bad_request("message to react not found")
        shown = {"reaction": reactions[0]["emoji"]} if reactions else {}
        extra = {name: value for name, value in item.extra.items() if name != "reaction"} | shown
        self._state.chats.change(CHANNEL, str(chat["id"]), message_id, extra=extra)
        return True

    def get_chat_member(self, given: Json) -> Json:
        """Say how somebody stands to a chat."""
        chat_id, user_id = int(self._chat(given)["id"]), read.whole_number(given, "user_id")
        group = self._forums.groups.get(chat_id)
        if group is None:
            raise bad_request("member list is inaccessible")
        if user_id == self._bot["id"]:
            return {"user": self._bot, "can_be_edited": False, **group.bot}
        member = group.members.get(str(user_id))
        if member is None:
            raise bad_request("PARTICIPANT_ID_INVALID")
        return dict(member)

    def get_chat_administrators(self, given: Json) -> list[Json]:
        """Name the administrators."""
        group = self._forums.groups.get(int(self._chat(given)["id"]))
        if group is None:
            raise bad_request("there are no administrators in the private chat")
        mine = [{"user": self._bot, **group.bot}] if group.bot["status"] == "administrator" else []
        return mine + [dict(one) for one in group.members.values() if one["status"] in ("creator", "administrator")]

    def _say(self, chat_id: int, thread: int | None, words: str, by: int, *, message_id: int | None = None) -> None:
        """Write what the group is told by Telegram itself."""
        number = str(message_id or self._state.message_id())
        who = "bot" if by == self._bot["id"] else "person"
        item: Json = {"at": self._state.now(), "who": who, "type": "service", "text": words, "message_id": number}
        item |= {"status": "sent", "extra": {"thread": thread} if thread else {}}
        self._state.chats.add(CHANNEL, str(chat_id), item)
