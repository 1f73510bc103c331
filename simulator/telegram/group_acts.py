"""What people do to a group: make it, let the bot in or put it out, make and close topics, delete them."""

from typing import Any

from simulator.people import TelegramAccount
from simulator.telegram.forum import COLOURS, RIGHTS, Forums, Group, Topic
from simulator.telegram.forum_methods import ForumMethods
from simulator.telegram.shapes import user_of
from simulator.telegram.state import CHANNEL, Pending, TelegramState
from simulator.telegram.writing import NotPossible

type Json = dict[str, Any]


class GroupActs:
    """Acts of members and administrators, and the updates Telegram makes of them."""

    def __init__(self, state: TelegramState, forums: Forums, methods: ForumMethods, bot: Json) -> None:
        self._state, self._forums, self._methods, self._bot = state, forums, methods, bot

    def set_up(self, group: Group, members: list[TelegramAccount], owner: TelegramAccount | None) -> Pending | None:
        """Make or change a group; the bot is told when it was let in."""
        before = self._forums.groups.get(group.id)
        statuses = {str(one.id): "creator" if owner and one.id == owner.id else "member" for one in members}
        group.members = {str(m.id): {"user": user_of(m), "status": statuses[str(m.id)]} for m in members}
        self._forums.keep(group)
        self._state.meet(group.chat)
        old = before.bot if before else {"status": "left"}
        return self._told_standing(group, old, owner or (members[0] if members else None))

    def stand(self, chat_id: int, by: TelegramAccount, status: str, rights: Json) -> Pending | None:
        """Make the bot administrator or not, or put it out."""
        group = self._group(chat_id)
        old = dict(group.bot)
        given = {right: bool(rights.get(right, True)) for right in RIGHTS} if status == "administrator" else {}
        group.bot = {"status": status, **given}
        self._forums.keep(group)
        return self._told_standing(group, old, by)

    def delete(self, chat_id: int) -> None:
        """Delete the group altogether, which Telegram tells nobody."""
        group = self._group(chat_id)
        group.deleted = True
        self._forums.keep(group)

    def topic(self, person: TelegramAccount, chat_id: int, do: str, name: str, thread: int | None) -> Pending | None:
        """Make, close, open or delete a topic."""
        self._group(chat_id)
        if do == "topic_create":
            made = self._methods.make(chat_id, name, COLOURS[0], person.id)
            what: Json = {"forum_topic_created": {"name": name, "icon_color": made.icon_color}}
            return self._service(person, chat_id, made, what, made.thread_id)
        topic = self._topic(chat_id, thread)
        if do == "topic_delete":
            topic.deleted = True
            self._forums.keep_topic(chat_id, topic)
            return None
        closed = do == "topic_close"
        self._methods.turn(chat_id, topic, closed=closed, by=person.id)
        what = {"forum_topic_closed" if closed else "forum_topic_reopened": {}}
        return self._service(person, chat_id, topic, what, self._state.message_id())

    def _service(
        self, person: TelegramAccount, chat_id: int, topic: Topic, what: Json, message_id: int
    ) -> Pending | None:
        chat = self._group(chat_id).chat
        body: Json = {"message_id": message_id, "from": user_of(person), "chat": chat, "date": int(self._state.now())}
        body |= {"message_thread_id": topic.thread_id, "is_topic_message": True} | what
        return self._state.tell("message", body, f"chat:{chat_id}", str(chat_id), str(message_id))

    def _told_standing(self, group: Group, old: Json, by: TelegramAccount | None) -> Pending | None:
        if old == group.bot or by is None:
            return None
        body: Json = {"chat": group.chat, "from": user_of(by), "date": int(self._state.now())}
        body["old_chat_member"] = {"user": self._bot, **old}
        body["new_chat_member"] = {"user": self._bot, **group.bot}
        return self._state.tell("my_chat_member", body, f"chat:{group.id}", str(group.id), "")

    def _group(self, chat_id: int) -> Group:
        group = self._forums.groups.get(chat_id)
        if group is None:
            raise NotPossible("there is no such group")
        return group

    def _topic(self, chat_id: int, thread: int | None) -> Topic:
        topic = self._forums.topics.get(chat_id, {}).get(thread or 0)
        if topic is None or topic.deleted:
            raise NotPossible("there is no such topic")
        return topic


def shown(state: TelegramState, forums: Forums, chat_id: int) -> Json:
    """Give everything about a group: members, the bot's rights, topics with what stands in them."""
    group = forums.groups[chat_id]
    items = state.chats.items(CHANNEL, str(chat_id))
    topics = [
        {"thread_id": one.thread_id, "name": one.name, "icon_color": one.icon_color, "by": one.by}
        | {"closed": one.closed, "deleted": one.deleted, "pinned": one.pinned}
        | {"messages": sum(item.extra.get("thread") == one.thread_id for item in items)}
        for one in forums.topics.get(chat_id, {}).values()
    ]
    about: Json = {"id": group.id, "title": group.title, "is_forum": group.is_forum, "deleted": group.deleted}
    return about | {"bot": group.bot, "members": list(group.members.values()), "topics": topics}
