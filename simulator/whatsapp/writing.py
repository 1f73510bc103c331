"""What people do in a WhatsApp chat, turned into webhook events the way Meta makes them."""

import base64
import secrets
from typing import Any

from simulator.chats import Item
from simulator.media import Media, MediaStore
from simulator.people import WhatsAppAccount
from simulator.whatsapp.state import CHANNEL, Event, WhatsAppState

NUMBER = "62840000000"
TYPES = {"photo": "image", "voice": "audio", "sticker": "sticker", "document": "document"}


class NotPossible(Exception):
    """A person cannot do this, e.g. press a button that is not there."""


def new_wamid() -> str:
    """Draw a WhatsApp message id."""
    return "wamid." + base64.b64encode(secrets.token_bytes(27)).decode()


class Writer:
    """Acts for people: texts, taps, cards, files, reactions."""

    def __init__(self, state: WhatsAppState, media: MediaStore) -> None:
        self._state, self._media = state, media

    def text(self, person: WhatsAppAccount, text: str) -> Event:
        """Write a text."""
        return self._message(person, "text", {"body": text}, "text", text)

    def press(self, person: WhatsAppAccount, title: str | None, token: str | None) -> Event:
        """Press a reply button or choose a list row, found by title or id."""
        for item in reversed(self._state.chats.items(CHANNEL, person.user_id)):
            for button in item.buttons if item.who == "bot" else ():
                if button["data"] == token or (token is None and button["title"] == title):
                    return self._pressed(person, item, button)
        if token is None:
            raise NotPossible(f"no button {title!r} in this chat")
        reply = {"type": "button_reply", "button_reply": {"id": token, "title": title or "?"}}
        return self._message(person, "interactive", reply, "press", title or token)

    def _pressed(self, person: WhatsAppAccount, item: Item, button: dict[str, Any]) -> Event:
        kind = "list_reply" if item.type == "list" else "button_reply"
        reply = {"id": button["data"], "title": button["title"]}
        if button.get("description"):
            reply["description"] = button["description"]
        context = {"from": NUMBER, "id": item.message_id}
        return self._message(
            person, "interactive", {"type": kind, kind: reply}, "press", button["title"], context=context
        )

    def contact(self, person: WhatsAppAccount, how: str) -> Event:
        """Share a contact card, which proves nothing on WhatsApp."""
        number = "6284099999998" if how == "other" else person.wa_id or NUMBER
        name = "Teman" if how == "other" else person.profile_name
        phone = {"phone": f"+{number}", "wa_id": number, "type": "CELL"}
        card = {"name": {"formatted_name": name, "first_name": name}, "phones": [phone]}
        context = {"forwarded": True} if how == "forwarded" else None
        return self._message(person, "contacts", [card], "contact", f"{name} +{number}", context=context)

    def attachment(self, person: WhatsAppAccount, kind: str, caption: str = "", sample: str | None = None) -> Event:
        """Send a sample photo, voice note, sticker, document or a place."""
        if kind == "location":
            return self._message(person, "location", {"latitude": -6.1754, "longitude": 106.8272}, kind, "")
        media = self._media.sample(kind, sample)
        body = media_body(media) | ({"caption": caption} if caption else {})
        if kind == "voice":
            body["voice"] = True
        if kind == "document":
            body["filename"] = media.file_name
        return self._message(person, TYPES[kind], body, kind, caption, sample=media.name)

    def reaction(self, person: WhatsAppAccount, message_id: str, emoji: str) -> Event:
        """React to a message."""
        return self._message(person, "reaction", {"message_id": message_id, "emoji": emoji}, "reaction", emoji)

    def edit(self, person: WhatsAppAccount, text: str, message_id: str | None) -> Event:
        """Edit a text; none = the last one."""
        body = {"type": "text", "text": {"body": text}}
        said = {"original_message_id": message_id or self._last(person), "message": body}
        return self._message(person, "edit", said, "edit", text)

    def revoke(self, person: WhatsAppAccount, message_id: str | None) -> Event:
        """Take a message back; none = the last one."""
        said = {"original_message_id": message_id or self._last(person)}
        return self._message(person, "revoke", said, "revoke", "")

    def change_number(self, person: WhatsAppAccount, number: str) -> Event:
        """Move to another number, which makes another user id."""
        told = {"type": "user_changed_number", "body": f"{person.profile_name} changed", "wa_id": number}
        told["previous_user_id"] = person.user_id
        return self._message(person, "system", told, "system", f"nomor baru {number}")

    def _last(self, person: WhatsAppAccount) -> str:
        said = [item for item in self._state.chats.items(CHANNEL, person.user_id) if item.who == "person"]
        if not said:
            raise NotPossible("nothing said yet")
        return said[-1].message_id

    def odd(self, person: WhatsAppAccount, kind: str, body: dict[str, Any]) -> Event:
        """Send a message of any type, known or not."""
        return self._message(person, kind, body, kind, f"[{kind}]")

    def _message(
        self,
        person: WhatsAppAccount,
        kind: str,
        body: Any,
        shown_kind: str,
        shown: str,
        context: dict[str, Any] | None = None,
        sample: str | None = None,
    ) -> Event:
        state, now = self._state, self._state.now()
        state.meet(person)
        state.journal.record("wa.wrote", person.user_id, now)
        wamid = new_wamid()
        message: dict[str, Any] = {"from_user_id": person.user_id, "id": wamid, "timestamp": str(int(now))}
        message |= {"type": kind, kind: body} | ({"from": person.wa_id} if person.wa_id else {})
        if context:
            message["context"] = context
        item = {"at": now, "who": "person", "type": shown_kind, "text": shown, "message_id": wamid, "status": "queued"}
        state.chats.add(CHANNEL, person.user_id, item | ({"extra": {"sample": sample}} if sample else {}))
        return state.queue(person.user_id, "message", message, wamid)


def media_body(media: Media) -> dict[str, Any]:
    """Describe a file as a webhook does."""
    return {"id": media.whatsapp_id, "mime_type": media.mime, "sha256": media.sha256}
