"""What a Telegram update is, read from its JSON.

Only what is needed is read, so that a new field or kind of Telegram's spoils nothing: a message of a kind nobody knows
is still somebody's message and gets an answer. What is no message of a person is Unreadable: kept, never answered.
"""

from typing import Any

import orjson

from bot.events import InboundEvent, Kind, Quoted, SharedContact, Unreadable

CHANNEL = "telegram"
type Json = dict[str, Any]

LATEST_SECOND = 2**33
"""No moment of the next two centuries lies beyond; a number beyond is no moment."""
KINDS = (
    (Kind.TEXT, ("text",)),
    (Kind.CONTACT, ("contact",)),
    (Kind.PHOTO, ("photo", "live_photo")),
    (Kind.VOICE, ("voice", "audio", "video_note")),
    (Kind.STICKER, ("sticker", "animation", "dice")),
    (Kind.LOCATION, ("location", "venue")),
    (Kind.DOCUMENT, ("document", "video")),
)
"""In this order: an animation is a document besides, a venue a location."""
SERVICE = frozenset(
    (
        *("new_chat_members", "left_chat_member", "new_chat_title", "new_chat_photo", "delete_chat_photo"),
        *("group_chat_created", "supergroup_chat_created", "channel_chat_created", "pinned_message"),
        *("message_auto_delete_timer_changed", "connected_website", "write_access_allowed", "web_app_data"),
        *("users_shared", "chat_shared", "successful_payment", "refunded_payment", "proximity_alert_triggered"),
        *("boost_added", "chat_background_set", "forum_topic_created", "forum_topic_edited", "forum_topic_closed"),
        *("forum_topic_reopened", "general_forum_topic_hidden", "general_forum_topic_unhidden", "giveaway_created"),
        *("giveaway_completed", "video_chat_scheduled", "video_chat_started", "video_chat_ended", "gift"),
        *("unique_gift", "video_chat_participants_invited", "paid_message_price_changed"),
        *("direct_message_price_changed", "checklist_tasks_done", "checklist_tasks_added", "chat_owner_left"),
        *("chat_owner_changed", "suggested_post_approved", "suggested_post_declined", "suggested_post_paid"),
        *("suggested_post_approval_failed", "suggested_post_refunded", "gift_upgrade_sent", "giveaway_winners"),
        *("managed_bot_created", "poll_option_added", "poll_option_deleted"),
    )
)
FORWARDED = ("forward_origin", "forward_date", "is_automatic_forward")
GROUPS = ("group", "supergroup")


def parse(raw: bytes) -> InboundEvent:
    """Return the event of one update; raises Unreadable for what is no message or act of a person."""
    body = _decoded(raw)
    try:
        for name, read in (("message", _message), ("edited_message", _edited)):
            if name in body:
                return read(body[name], body["update_id"], raw)
        if "callback_query" in body:
            return _press(body["callback_query"], body["update_id"], raw)
        if "my_chat_member" in body:
            return _membership(body["my_chat_member"], body["update_id"], raw)
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, OverflowError) as problem:
        raise Unreadable(f"update Telegram tidak lengkap: {type(problem).__name__}") from problem
    raise Unreadable("jenis update yang tidak dikenal")


def update_id_of(raw: bytes) -> int | None:
    """Return the number of an update, whatever else is wrong with it."""
    try:
        return int(_decoded(raw)["update_id"])
    except Unreadable:
        return None


def _decoded(raw: bytes) -> Json:
    try:
        body = orjson.loads(raw)
    except orjson.JSONDecodeError as problem:
        raise Unreadable(f"bukan JSON: {problem}") from problem
    if not isinstance(body, dict) or type(body.get("update_id")) is not int:
        raise Unreadable("bukan update Telegram")
    return body


def _message(message: Json, update_id: int, raw: bytes, kind: Kind | None = None) -> InboundEvent:
    chat, person = message["chat"], message.get("from")
    moved_to = _moved_to(message)
    return InboundEvent(
        channel=CHANNEL,
        external_id=f"update:{update_id}",
        chat=str(int(message.get("migrate_from_chat_id") or chat["id"])),
        person=str(int((person or chat)["id"])),
        kind=Kind.MOVED if moved_to else _kind(message, kind),
        order_key=_order(int(message["date"]), int(message["message_id"])),
        raw=raw,
        text=_words(message),
        display_name=_name(person) if person else None,
        contact=_contact(message, person),
        forwarded=any(message.get(mark) for mark in FORWARDED),
        reply_to=_reply_to(message),
        album=str(message["media_group_id"]) if message.get("media_group_id") else None,
        moved_to=moved_to,
    )


def _edited(message: Json, update_id: int, raw: bytes) -> InboundEvent:
    return _message(message, update_id, raw, Kind.EDITED)


def _kind(message: Json, given: Kind | None) -> Kind:
    if any(_has(message, mark) for mark in SERVICE):
        return Kind.SERVICE
    if message["chat"]["type"] != "private":
        # an edit in a group was answered when it was written
        return Kind.SERVICE if given else Kind.GROUP
    kinds = (kind for kind, names in KINDS if any(_has(message, name) for name in names))
    return given or next(kinds, Kind.UNSUPPORTED)


def _has(message: Json, name: str) -> bool:
    """Say whether a part is there: news may be an empty object, but some who write updates out write false and []."""
    return message.get(name) not in (None, False, [])


def _words(message: Json) -> str:
    words = message.get("text") or message.get("caption") or ""
    return words if isinstance(words, str) else ""


def _moved_to(message: Json) -> str | None:
    """A group that became a supergroup says so twice: in the old chat where it went, in the new one whence it came."""
    if message.get("migrate_to_chat_id"):
        return str(int(message["migrate_to_chat_id"]))
    return str(int(message["chat"]["id"])) if message.get("migrate_from_chat_id") else None


def _contact(message: Json, person: Json | None) -> SharedContact | None:
    shared = message.get("contact")
    if not isinstance(shared, dict) or person is None:
        return None
    own = (
        type(shared.get("user_id")) is int
        and shared["user_id"] == person["id"]
        and message["chat"]["type"] == "private"
        and not any(message.get(mark) for mark in (*FORWARDED, "via_bot", "sender_chat"))
    )
    return SharedContact(str(shared.get("phone_number") or ""), own)


def _reply_to(message: Json) -> Quoted | None:
    replied = message.get("reply_to_message")
    quote = (message.get("quote") or {}).get("text")
    if not isinstance(replied, dict):
        return Quoted(str(quote or ""), ours=False) if quote or message.get("external_reply") else None
    ours = bool((replied.get("from") or {}).get("is_bot"))
    return Quoted(str(quote or _words(replied) or f"[{_kind(replied, None).value}]"), ours)


def _press(query: Json, update_id: int, raw: bytes) -> InboundEvent:
    person, chat = query["from"], query["message"]["chat"]
    return InboundEvent(
        channel=CHANNEL,
        external_id=f"update:{update_id}",
        chat=str(int(chat["id"])),
        person=str(int(person["id"])),
        kind=Kind.BUTTON if chat["type"] == "private" else Kind.GROUP,
        # Telegram says of a press neither when it was made nor where it stands among the texts: it stands where it
        # arrives, behind what was said before
        order_key=0,
        raw=raw,
        display_name=_name(person),
        token=str(query.get("data") or ""),
        press_id=str(query["id"]),
    )


def _membership(change: Json, update_id: int, raw: bytes) -> InboundEvent:
    chat, person = change["chat"], change["from"]
    reachable = change["new_chat_member"]["status"] not in ("kicked", "left")
    came = reachable and change["old_chat_member"]["status"] in ("kicked", "left")
    if chat["type"] == "private" or (chat["type"] in GROUPS and not reachable):
        kind = Kind.LEFT
    elif chat["type"] in GROUPS:
        # somebody brought the bot into a group: it says once where it helps
        kind = Kind.GROUP if came else Kind.SERVICE
    else:
        raise Unreadable("perubahan anggota sebuah kanal")
    return InboundEvent(
        channel=CHANNEL,
        external_id=f"update:{update_id}",
        chat=str(int(chat["id"])),
        person=str(int(person["id"])),
        kind=kind,
        order_key=_order(int(change["date"]), update_id),
        raw=raw,
        display_name=_name(person),
        reachable=reachable,
    )


def _name(person: Json) -> str | None:
    name = " ".join(str(part) for part in (person.get("first_name"), person.get("last_name")) if part)
    return name.replace("\0", "") or None


def _order(second: int, number: int) -> int:
    if not 0 <= second < LATEST_SECOND:
        raise ValueError("a time that is none")
    return second * 1_000_000 + number % 1_000_000
