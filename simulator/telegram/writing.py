"""What people do in a Telegram chat, turned into updates the way Telegram makes them."""

import secrets
from dataclasses import dataclass
from typing import Any

from simulator.media import MediaStore
from simulator.people import TelegramAccount
from simulator.telegram.forum import Forums
from simulator.telegram.methods import telegram_buttons
from simulator.telegram.shapes import chat_of, user_of
from simulator.telegram.state import CHANNEL, Pending, TelegramState

ELSEWHERE = {"id": 5_550_001, "is_bot": False, "first_name": "Tetangga"}
"""Whose words are passed on."""
QUOTED_LIMIT = 1024
PLACES = ("location", "venue")
IN_ALBUMS = ("error", "receipt", "place")


class NotPossible(Exception):
    """A person cannot do this, e.g. press a button that is not there."""


@dataclass(frozen=True)
class Beside:
    """What a message is beside its words: where it is written, what it answers, whether it was passed on."""

    group: dict[str, Any] | None = None
    reply_to: str | None = None
    """A message id, `last bot` or `last person`."""
    quote: str = ""
    forwarded: bool = False
    thread: int | None = None
    """The topic of a group with topics."""

    def shown(self) -> dict[str, Any]:
        """Give what the chat shows of it."""
        shown = {"reply_to": self.reply_to, "quote": self.quote, "forwarded": self.forwarded, "thread": self.thread}
        return {name: value for name, value in shown.items() if value}


class Writer:
    """Acts for people: texts, taps, cards, files, edits, in private or in a group."""

    def __init__(self, state: TelegramState, media: MediaStore, forums: Forums) -> None:
        self._state, self._media, self._forums = state, media, forums

    def text(self, person: TelegramAccount, text: str, beside: "Beside | None" = None) -> Pending | None:
        """Write a text."""
        body: dict[str, Any] = {"text": text}
        if text.startswith("/") and len(text) > 1:
            command = text.split(maxsplit=1)[0]
            body["entities"] = [{"type": "bot_command", "offset": 0, "length": len(command)}]
        return self._message(person, body, "text", text, beside)

    def contact(self, person: TelegramAccount, how: str) -> Pending | None:
        """Share a contact card: one's own, one's own forwarded by someone, or another person's."""
        number = person.phone or f"+62840{person.id % 10**8:08d}"
        if how == "other":
            card = {"phone_number": "+6284099999998", "first_name": "Teman", "user_id": person.id + 7_000_000}
        else:
            card = {"phone_number": number, "first_name": person.first_name, "user_id": person.id}
        body: dict[str, Any] = {"contact": card}
        if how == "forwarded":
            now = int(self._state.now())
            body["forward_origin"] = {"type": "user", "sender_user": user_of(person), "date": now - 60}
            body["forward_date"] = now - 60
        return self._message(person, body, "contact", f"{card['first_name']} {card['phone_number']}", None)

    def attachment(
        self,
        person: TelegramAccount,
        kind: str,
        caption: str = "",
        beside: "Beside | None" = None,
        sample: str | None = None,
    ) -> Pending | None:
        """Send a sample photo, voice note, sticker, document or a place."""
        shown = {} if kind in PLACES else {"sample": self._media.sample(kind, sample).name}
        return self._message(person, self._attached(kind, caption, sample), kind, caption, beside, shown)

    def album(
        self, person: TelegramAccount, count: int, caption: str = "", beside: "Beside | None" = None
    ) -> list[Pending]:
        """Send several photos as one album; only the first carries the words, as the apps do it."""
        album = str(13_000_000_000_000_000 + secrets.randbits(50))
        sent = []
        for number in range(count):
            words = caption if not number else ""
            sample = IN_ALBUMS[number % len(IN_ALBUMS)]
            body = self._attached("photo", words, sample) | {"media_group_id": album}
            sent.append(self._message(person, body, "photo", words, beside, {"album": album, "sample": sample}))
        return [pending for pending in sent if pending]

    def _attached(self, kind: str, caption: str, sample: str | None = None) -> dict[str, Any]:
        if kind in PLACES:
            place = {"latitude": -6.1754, "longitude": 106.8272}
            venue = {"location": place, "title": "Warnet Maju", "address": "Jl. Contoh 1"}
            return {"location": place} | ({"venue": venue} if kind == "venue" else {})
        media = self._media.sample(kind, sample)
        shown = media.description()
        if kind == "photo":
            width, height = media.size
            small = self._media.sample("thumbnail").description() | {"width": 80, "height": 60}
            body: dict[str, Any] = {"photo": [small, shown | {"width": width, "height": height}]}
        elif kind == "voice":
            body = {"voice": shown | {"duration": 4, "mime_type": "audio/ogg"}}
        elif kind == "document":
            body = {"document": shown | {"file_name": media.file_name, "mime_type": media.mime}}
        else:
            more = {"width": 512, "height": 512, "is_animated": False, "is_video": False, "type": "regular"}
            return {"sticker": shown | more | {"emoji": "😭", "set_name": "Gladi"}}
        return body | ({"caption": caption} if caption else {})

    def edit(
        self, person: TelegramAccount, text: str, message_id: str | None = None, beside: "Beside | None" = None
    ) -> Pending | None:
        """Edit a text, the last one unless told which."""
        chat = self._where(person, beside or Beside())
        mine = [i for i in self._state.chats.items(CHANNEL, str(chat["id"])) if i.type == "text"]
        mine = [i for i in mine if i.who == "person" and i.extra.get("by", person.id) == person.id]
        item = next((i for i in reversed(mine) if message_id in (None, i.message_id)), None)
        if item is None:
            raise NotPossible("there is no text to edit")
        now = int(self._state.now())
        body: dict[str, Any] = {"message_id": int(item.message_id), "from": user_of(person), "text": text}
        body |= {"chat": chat, "date": int(item.at), "edit_date": now} | self._in_topic(item.extra.get("thread"))
        extra = item.extra | {"edited": True}
        self._state.chats.change(CHANNEL, str(chat["id"]), item.message_id, text=text, extra=extra)
        return self._state.tell("edited_message", body, f"chat:{chat['id']}", str(chat["id"]), "")

    def press(
        self, person: TelegramAccount, title: str | None, data: str | None, beside: "Beside | None" = None
    ) -> Pending | None:
        """Press an inline button, found by its title or its data, or send data of one's own making."""
        beside = beside or Beside()
        chat = self._where(person, beside)
        key = str(chat["id"])
        found = self._button(key, title, data, beside)
        if found is None:
            if data is None:
                raise NotPossible(f"no button {title!r} in this chat")
            # a manipulated client sends what it likes, but always under a message that is there
            found = (self._last_of_bot(key), "", data)
        message_id, shown, token = found
        query_id = str(secrets.randbits(60))
        self._state.journal.record("tg.query", query_id, person.id, self._state.now(), key)
        body: dict[str, Any] = {"id": query_id, "from": user_of(person), "chat_instance": key, "data": token}
        item = self._state.chats.find(CHANNEL, key, message_id)
        thread = item.extra.get("thread") if item else None
        if item:
            body["message"] = {"message_id": int(message_id), "from": self.bot, "chat": chat}
            body["message"] |= {"date": int(item.at), "text": item.text} | self._in_topic(thread)
            body["message"]["reply_markup"] = {"inline_keyboard": telegram_buttons(item.buttons)}
        note = f"press-{query_id}"
        shown_press = {"at": self._state.now(), "who": "person", "type": "press", "text": shown or token}
        shown_press |= {"extra": ({"thread": thread} if thread else {}) | self._by(person, chat)}
        self._state.chats.add(CHANNEL, key, shown_press | {"message_id": note, "status": "queued"})
        return self._state.tell("callback_query", body, f"user:{person.id}", key, note)

    bot: dict[str, Any]

    def _last_of_bot(self, chat: str) -> str:
        items = self._state.chats.items(CHANNEL, chat)
        return next((item.message_id for item in reversed(items) if item.who == "bot"), "0")

    def _button(self, chat: str, title: str | None, data: str | None, beside: "Beside") -> tuple[str, str, str] | None:
        """Find a button in the topic and under the message that were named, if any were."""
        for item in reversed(self._state.chats.items(CHANNEL, chat)):
            if beside.thread not in (None, item.extra.get("thread")) or beside.reply_to not in (None, item.message_id):
                continue
            for button in item.buttons if item.who == "bot" else ():
                if button["data"] and (button["data"] == data or (data is None and button["title"] == title)):
                    return item.message_id, button["title"], button["data"]
        return None

    def odd(self, person: TelegramAccount, kind: str, body: dict[str, Any]) -> Pending | None:
        """Send an update of any type, known or not."""
        return self._state.queue(kind, body, key=f"chat:{person.id}", chat=str(person.id), message_id="")

    def _message(
        self,
        person: TelegramAccount,
        body: dict[str, Any],
        kind: str,
        shown: str,
        beside: "Beside | None",
        extra: dict[str, Any] | None = None,
    ) -> Pending | None:
        beside = beside or Beside()
        chat = self._where(person, beside)
        if beside.thread and self._forums.topics.get(int(chat["id"]), {})[beside.thread].closed:
            raise NotPossible("the topic is closed")
        message_id = str(self._state.message_id())
        message: dict[str, Any] = {"message_id": int(message_id), "from": user_of(person), "chat": chat}
        message |= {"date": int(self._state.now())} | body | self._passed_on(beside)
        message |= self._in_topic(beside.thread) | self._begun_by(beside, chat) | self._replying(person, beside, chat)
        self._state.meet(chat)
        item = {"at": self._state.now(), "who": "person", "type": kind, "text": shown, "message_id": message_id}
        item |= {"status": "queued", "extra": (extra or {}) | beside.shown() | self._by(person, chat)}
        self._state.chats.add(CHANNEL, str(chat["id"]), item)
        return self._state.tell("message", message, f"chat:{chat['id']}", str(chat["id"]), message_id)

    def _where(self, person: TelegramAccount, beside: "Beside") -> dict[str, Any]:
        """Return the chat; in a group the simulator knows only its members do anything."""
        if beside.group is None:
            return chat_of(person)
        group = self._forums.groups.get(int(beside.group["id"]))
        if group is None:
            return beside.group
        if str(person.id) not in group.members:
            raise NotPossible(f"{person.first_name} is not in the group")
        if beside.thread and beside.thread not in self._forums.topics.get(group.id, {}):
            raise NotPossible("there is no such topic")
        return group.chat

    def _by(self, person: TelegramAccount, chat: dict[str, Any]) -> dict[str, Any]:
        """Name who it was where several write in one chat."""
        if int(chat["id"]) not in self._forums.groups:
            return {}
        return {"by": person.id, "by_name": " ".join(filter(None, (person.first_name, person.last_name)))}

    @staticmethod
    def _in_topic(thread: int | None) -> dict[str, Any]:
        return {"message_thread_id": thread, "is_topic_message": True} if thread else {}

    def _begun_by(self, beside: "Beside", chat: dict[str, Any]) -> dict[str, Any]:
        """What is written in a topic answers, for want of another, the message that made the topic."""
        topic = self._forums.topics.get(int(chat["id"]), {}).get(beside.thread or 0)
        if topic is None:
            return {}
        whose = self.bot if topic.by == self.bot["id"] else {"id": topic.by, "is_bot": False, "first_name": "Anggota"}
        made = {"name": topic.name, "icon_color": topic.icon_color}
        root = {"message_id": topic.thread_id, "from": whose, "chat": chat, "date": int(self._state.now())}
        return {"reply_to_message": root | self._in_topic(topic.thread_id) | {"forum_topic_created": made}}

    def _passed_on(self, beside: "Beside") -> dict[str, Any]:
        if not beside.forwarded:
            return {}
        then = int(self._state.now()) - 3600
        return {"forward_origin": {"type": "user", "sender_user": ELSEWHERE, "date": then}, "forward_date": then}

    def _replying(self, person: TelegramAccount, beside: "Beside", chat: dict[str, Any]) -> dict[str, Any]:
        if beside.reply_to is None:
            return {}
        items = self._state.chats.items(CHANNEL, str(chat["id"]))
        wanted = beside.reply_to
        item = next((i for i in reversed(items) if wanted in (i.message_id, f"last {i.who}")), None)
        if item is None or not item.message_id.isdigit():
            raise NotPossible("there is no such message to reply to")
        whose = self.bot if item.who == "bot" else user_of(person)
        replied = {"message_id": int(item.message_id), "from": whose, "chat": chat, "date": int(item.at)}
        quote = {"quote": {"text": beside.quote[:QUOTED_LIMIT], "position": 0}} if beside.quote else {}
        return {"reply_to_message": replied | {"text": item.text}} | quote
