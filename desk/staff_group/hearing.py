"""What an update of the staff group says, read from Telegram's JSON; only what is needed is read."""

from dataclasses import dataclass
from typing import Any

import orjson

type Json = dict[str, Any]
ATTACHED = (
    *("photo", "document", "voice", "audio", "video", "video_note", "sticker", "animation", "contact", "location"),
    *("venue", "poll", "dice", "live_photo"),
)
PROOF = "/start staf-"


@dataclass(frozen=True)
class Account:
    """Whose act it is, as Telegram says."""

    id: int
    name: str


@dataclass(frozen=True)
class Pressed:
    """A button was pressed."""

    by: Account
    press_id: str
    data: str
    message_id: int
    thread_id: int | None


@dataclass(frozen=True)
class Said:
    """Something was written, or attached, or changed afterwards."""

    by: Account
    message_id: int
    thread_id: int | None
    text: str
    attached: bool
    edited: bool
    answers: int | None
    """The message it answers to, where it is one and not merely the beginning of the topic."""
    topic_name: str | None
    """The name under which the topic was made, where the bot made it."""


@dataclass(frozen=True)
class Proven:
    """Somebody opened a link of the desk in private."""

    by: Account
    token: str


@dataclass(frozen=True)
class Turned:
    """A topic was made, closed or opened by a person."""

    message_id: int
    thread_id: int
    closed: bool | None


@dataclass(frozen=True)
class Changed:
    """The group itself, or how the bot stands there."""


type Heard = Pressed | Said | Proven | Turned | Changed


def hear(raw: str) -> Heard | None:
    """Return what happened, or None where nothing is to be done about it."""
    body = orjson.loads(raw)
    if "callback_query" in body:
        return _pressed(body["callback_query"])
    if "my_chat_member" in body:
        return Changed()
    edited = "edited_message" in body
    message = body.get("edited_message") or body.get("message")
    return _message(message, edited) if isinstance(message, dict) else None


def _pressed(query: Json) -> Pressed:
    message = query["message"]
    thread = message.get("message_thread_id")
    return Pressed(
        _account(query["from"]), str(query["id"]), str(query.get("data") or ""), int(message["message_id"]), thread
    )


def _message(message: Json, edited: bool) -> Heard | None:
    who, number, thread = message.get("from") or {}, int(message["message_id"]), message.get("message_thread_id")
    if message.get("migrate_to_chat_id") or message.get("migrate_from_chat_id"):
        return Changed()
    for mark, closed in (("forum_topic_closed", True), ("forum_topic_reopened", False), ("forum_topic_created", None)):
        if mark in message and thread:
            return Turned(number, int(thread), closed)
    if not who or who.get("is_bot"):
        return None
    text = message.get("text") or ""
    if message["chat"]["type"] == "private":
        return Proven(_account(who), text.strip().removeprefix(PROOF)) if text.startswith(PROOF) else None
    attached = any(message.get(mark) for mark in ATTACHED)
    if not text and not attached:
        return None
    answered = message.get("reply_to_message") or {}
    made = answered.get("forum_topic_created") or {}
    ours = bool((answered.get("from") or {}).get("is_bot"))
    return Said(
        by=_account(who),
        message_id=number,
        thread_id=int(thread) if thread else None,
        text=str(text),
        attached=attached,
        edited=edited,
        answers=None if made or not answered else int(answered["message_id"]),
        topic_name=str(made.get("name")) if made and ours else None,
    )


def _account(person: Json) -> Account:
    name = " ".join(str(part) for part in (person.get("first_name"), person.get("last_name")) if part)
    return Account(int(person["id"]), name.replace("\0", "")[:64] or "Kak")
