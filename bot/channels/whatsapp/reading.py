"""What a message of a webhook is: whose, of what kind, with which words.

People are keyed by the business-scoped user id where Meta tells one, else by number; either may be missing. A type that
nobody knows is still somebody's message and gets an answer.
"""

from typing import Any

import orjson

from bot.events import InboundEvent, Kind, Unreadable

CHANNEL = "whatsapp"
type Json = dict[str, Any]

LATEST_SECOND = 2**33
"""No moment of the next two centuries lies beyond; a number beyond is no moment."""
KINDS = {
    "text": Kind.TEXT,
    "button": Kind.TEXT,
    "request_welcome": Kind.TEXT,
    "image": Kind.PHOTO,
    "document": Kind.DOCUMENT,
    "video": Kind.DOCUMENT,
    "audio": Kind.VOICE,
    "voice": Kind.VOICE,
    "sticker": Kind.STICKER,
    "location": Kind.LOCATION,
    "contacts": Kind.CONTACT,
    "reaction": Kind.REACTION,
    "edit": Kind.EDITED,
    "revoke": Kind.SERVICE,
    "system": Kind.SERVICE,
}
"""`button` is the quick reply of a template: what it says is meant, nothing is offered under it."""
CHOICES = ("button_reply", "list_reply")
CHANGES_WHO = ("user_changed_number", "user_changed_user_id", "customer_changed_number")
OPENED = "/start"
"""What opening the chat for the first time means."""


def parse(raw: bytes) -> InboundEvent:
    """Return the event of one unpacked message; raises Unreadable."""
    try:
        body = orjson.loads(raw)
        message, contact = body["message"], body.get("contact") or {}
        return _changed(message, raw) if _changes_who(message) else _said(message, contact, raw)
    except (ValueError, KeyError, TypeError, AttributeError) as problem:
        raise Unreadable(f"pesan WhatsApp yang rusak: {type(problem).__name__}") from problem


def _said(message: Json, contact: Json, raw: bytes) -> InboundEvent:
    number = _key(message.get("from") or contact.get("wa_id"))
    person = _key(message.get("from_user_id") or contact.get("user_id")) or number
    if not person:
        raise Unreadable("pesan tanpa pengirim")
    context = message.get("context") or {}
    name = (contact.get("profile") or {}).get("name")
    return InboundEvent(
        channel=CHANNEL,
        external_id=_named(message["id"]),
        chat=person,
        person=person,
        address=number,
        phone=number or None,
        kind=_kind(message),
        order_key=moment_of(message) * 1_000_000,
        raw=raw,
        text=_words(message),
        display_name=(name.replace("\0", "") or None) if isinstance(name, str) else None,
        token=_token(message),
        forwarded=bool(context.get("forwarded") or context.get("frequently_forwarded")),
    )


def moment_of(part: Json) -> int:
    """Return when it happened, in seconds; raises ValueError for a time that is none."""
    second = int(part.get("timestamp") or 0)
    if not 0 <= second < LATEST_SECOND:
        raise ValueError("a time that is none")
    return second


def _kind(message: Json) -> Kind:
    kind = KINDS.get(message["type"], Kind.UNSUPPORTED)
    if message.get("group_id"):
        return Kind.SERVICE if kind in (Kind.EDITED, Kind.SERVICE, Kind.REACTION) else Kind.GROUP
    if message["type"] == "interactive":
        return Kind.BUTTON if _choice(message) else Kind.UNSUPPORTED
    if kind is Kind.REACTION and not _words(message):
        # a reaction that was taken back
        return Kind.SERVICE
    return kind


def _choice(message: Json) -> Json | None:
    part: Json = message["interactive"]
    given = [part[name] for name in CHOICES if isinstance(part.get(name), dict)]
    return given[0] if given else None


def _words(message: Json) -> str:
    kind = message["type"]
    part = message.get(kind)
    if kind == "request_welcome":
        return OPENED
    if kind == "edit":
        return _words(message["edit"]["message"])
    if kind == "interactive":
        return _text((_choice(message) or {}).get("title"))
    if not isinstance(part, dict):
        return ""
    return _text(part.get({"text": "body", "button": "text", "reaction": "emoji"}.get(kind, "caption")))


def _token(message: Json) -> str | None:
    if message["type"] != "interactive" or (choice := _choice(message)) is None:
        return None
    return _text(choice.get("id"))


def _changes_who(message: Json) -> bool:
    said = message.get("system")
    return message["type"] == "system" and isinstance(said, dict) and said.get("type") in CHANGES_WHO


def _changed(message: Json, raw: bytes) -> InboundEvent:
    """A number or user id changed; the message may name the old one, the new one, both or neither."""
    said, former, known = message["system"], _key(message.get("from")), _key(message.get("from_user_id"))
    # whoever was known by the former id is known no more; replies go to the new one
    person = _key(said.get("previous_user_id")) or known or former
    if not person:
        raise Unreadable("perubahan nomor tanpa pengirim")
    new = _key(said.get("new_wa_id") or said.get("wa_id") or said.get("user_id")) or (known if known != person else "")
    return InboundEvent(
        channel=CHANNEL,
        external_id=_named(message["id"]),
        chat=person,
        person=person,
        address=new or former,
        former_phone=former or None,
        kind=Kind.CHANGED,
        order_key=moment_of(message) * 1_000_000,
        raw=raw,
    )


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _key(value: Any) -> str:
    """Return an id or number as it is kept; raises ValueError for one that no database takes."""
    key = "" if value is None else str(value)
    if "\0" in key or len(key) > 200:
        raise ValueError("an id that is none")
    return key


def _named(value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise ValueError("a message without an id")
    return value
