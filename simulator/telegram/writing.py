"""What people do in a Telegram chat, turned into updates the way Telegram makes them."""

import secrets
from typing import Any

from simulator.media import MediaStore
from simulator.people import TelegramAccount
from simulator.telegram.methods import telegram_buttons
from simulator.telegram.state import CHANNEL, Pending, TelegramState

DEFAULT_UPDATES = frozenset({"message", "edited_message", "callback_query", "my_chat_member"})


class NotPossible(Exception):
    """A person cannot do this, e.g. press a button that is not there."""


class Writer:
    """Acts for people: texts, taps, cards, files, edits."""

    def __init__(self, state: TelegramState, media: MediaStore) -> None:
        self._state, self._media = state, media

    def text(self, person: TelegramAccount, text: str, group: dict[str, Any] | None = None) -> Pending | None:
        """Write a text."""
        body: dict[str, Any] = {"text": text}
        if text.startswith("/") and len(text) > 1:
            command = text.split(maxsplit=1)[0]
            body["entities"] = [{"type": "bot_command", "offset": 0, "length": len(command)}]
        return self._message(person, body, "text", text, group)

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

    def attachment(self, person: TelegramAccount, kind: str, caption: str = "") -> Pending | None:
        """Send a sample photo, voice note, sticker, document or a place."""
        return self._message(person, self._attached(kind, caption), kind, caption, None)

    def _attached(self, kind: str, caption: str) -> dict[str, Any]:
        if kind == "location":
            return {"location": {"latitude": -6.1754, "longitude": 106.8272}}
        shown = self._media.sample(kind).description()
        if kind == "photo":
            small = self._media.sample("thumbnail").description() | {"width": 80, "height": 60}
            body: dict[str, Any] = {"photo": [small, shown | {"width": 320, "height": 240}]}
        elif kind == "voice":
            body = {"voice": shown | {"duration": 4, "mime_type": "audio/ogg"}}
        elif kind == "document":
            body = {"document": shown | {"file_name": "bukti.pdf", "mime_type": "application/pdf"}}
        else:
            more = {"width": 512, "height": 512, "is_animated": False, "is_video": False, "type": "regular"}
            return {"sticker": shown | more | {"emoji": "😭", "set_name": "Gladi"}}
        return body | ({"caption": caption} if caption else {})

    def edit(self, person: TelegramAccount, text: str, message_id: str | None = None) -> Pending | None:
        """Edit a text, the last one unless told which."""
        mine = [i for i in self._state.chats.items(CHANNEL, str(person.id)) if i.who == "person" and i.type == "text"]
        item = next((i for i in reversed(mine) if message_id in (None, i.message_id)), None)
        if item is None:
            raise NotPossible("there is no text to edit")
        now = int(self._state.now())
        body: dict[str, Any] = {"message_id": int(item.message_id), "from": user_of(person), "text": text}
        body |= {"chat": chat_of(person), "date": int(item.at), "edit_date": now}
        self._state.chats.change(CHANNEL, str(person.id), item.message_id, text=text, extra={"edited": True})
        return self._queue("edited_message", body, f"chat:{person.id}", str(person.id), "")

    def press(self, person: TelegramAccount, title: str | None, data: str | None) -> Pending | None:
        """Press an inline button, found by its title or its data, or send data of one's own making."""
        found = self._button(str(person.id), title, data)
        if found is None:
            if data is None:
                raise NotPossible(f"no button {title!r} in this chat")
            found = ("0", "", data)
        message_id, shown, token = found
        query_id = str(secrets.randbits(60))
        self._state.journal.record("tg.query", query_id, person.id, self._state.now())
        body: dict[str, Any] = {"id": query_id, "from": user_of(person), "chat_instance": str(person.id), "data": token}
        item = self._state.chats.find(CHANNEL, str(person.id), message_id)
        if item:
            body["message"] = {"message_id": int(message_id), "from": self.bot, "chat": chat_of(person)}
            body["message"] |= {"date": int(item.at), "text": item.text}
            body["message"]["reply_markup"] = {"inline_keyboard": telegram_buttons(item.buttons)}
        note = f"press-{query_id}"
        self._show(person, "press", shown or token, note, None)
        return self._queue("callback_query", body, f"user:{person.id}", str(person.id), note)

    bot: dict[str, Any]

    def _button(self, chat: str, title: str | None, data: str | None) -> tuple[str, str, str] | None:
        for item in reversed(self._state.chats.items(CHANNEL, chat)):
            for button in item.buttons if item.who == "bot" else ():
                if button["data"] and (button["data"] == data or (data is None and button["title"] == title)):
                    return item.message_id, button["title"], button["data"]
        return None

    def odd(self, person: TelegramAccount, kind: str, body: dict[str, Any]) -> Pending | None:
        """Send an update of any type, known or not."""
        return self._queue(kind, body, f"chat:{person.id}", str(person.id), "", odd=True)

    def _message(
        self, person: TelegramAccount, body: dict[str, Any], kind: str, shown: str, group: dict[str, Any] | None
    ) -> Pending | None:
        chat = group or chat_of(person)
        message_id = str(self._state.message_id())
        message: dict[str, Any] = {"message_id": int(message_id), "from": user_of(person), "chat": chat}
        message |= {"date": int(self._state.now())} | body
        if self._state.known.get(chat["id"]) != chat:
            self._state.journal.record("tg.chat", chat)
        self._show(person, kind, shown, message_id, group)
        return self._queue("message", message, f"chat:{chat['id']}", str(chat["id"]), message_id)

    def _show(
        self, person: TelegramAccount, kind: str, shown: str, message_id: str, group: dict[str, Any] | None
    ) -> None:
        item = {"at": self._state.now(), "who": "person", "type": kind, "text": shown, "message_id": message_id}
        chat = str(group["id"] if group else person.id)
        self._state.chats.add(CHANNEL, chat, item | {"status": "queued"})

    def _queue(
        self, kind: str, body: dict[str, Any], key: str, chat: str, message_id: str, *, odd: bool = False
    ) -> Pending | None:
        allowed = self._state.webhook.allowed_updates or DEFAULT_UPDATES
        if kind not in allowed and not odd:
            return None
        return self._state.queue(kind, body, key=key, chat=chat, message_id=message_id)


def user_of(person: TelegramAccount) -> dict[str, Any]:
    """Describe a person as a Telegram user."""
    user: dict[str, Any] = {"id": person.id, "is_bot": False, "first_name": person.first_name, "language_code": "id"}
    more = {"last_name": person.last_name, "username": person.username}
    return user | {name: value for name, value in more.items() if value}


def chat_of(person: TelegramAccount) -> dict[str, Any]:
    """Describe the private chat with a person."""
    names = {"first_name": person.first_name, "last_name": person.last_name, "username": person.username}
    return {"id": person.id, "type": "private"} | {name: value for name, value in names.items() if value}
