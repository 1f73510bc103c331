"""What belongs to staff and not to a participant: everything in their group, and the proof of who somebody is.

The bot only keeps it; the desk acts on it. A link of the desk is opened in private, so it is told by its shape: it
proves nothing here.
"""

import re
from typing import Any

import orjson

from bot.events import GroupUpdate

PROOF = re.compile(r"/start staf-[A-Za-z0-9_-]{20,59}")
"""How a link of the desk arrives."""


def of_staff(raw: bytes, group: int) -> GroupUpdate | None:
    """Return the update as the desk's, or None where it is somebody else's or unreadable."""
    try:
        body = orjson.loads(raw)
        number = body["update_id"]
        chat, text = _where(body)
    except (orjson.JSONDecodeError, KeyError, TypeError, AttributeError):
        return None
    if type(number) is not int or not isinstance(chat, dict):
        return None
    proof = chat.get("type") == "private" and isinstance(text, str) and PROOF.fullmatch(text.strip())
    return GroupUpdate(number, raw) if chat.get("id") == group or proof else None


def _where(body: dict[str, Any]) -> tuple[Any, Any]:
    for kind in ("message", "edited_message", "my_chat_member"):
        if kind in body:
            return body[kind]["chat"], body[kind].get("text") if kind == "message" else None
    return (body["callback_query"].get("message") or {}).get("chat"), None
