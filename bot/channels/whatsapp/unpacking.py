"""A webhook body taken apart: every message, status and piece of news by itself, so that a broken one spoils no other.

A body holds any number of entries, each with changes, each with messages or statuses. What fits no known form is kept
as it came.
"""

import json
from collections.abc import Iterator
from typing import Any, Literal

import orjson

from bot.events import Unreadable

type Part = Literal["message", "status", "news"]


def unpack(body: bytes) -> Iterator[tuple[Part, bytes]]:
    """Yield every part of a webhook with its own JSON; raises Unreadable for what is no webhook at all."""
    try:
        said = _decoded(body)
        entries = said["entry"]
        if not isinstance(entries, list):
            raise TypeError("entry")
    except (ValueError, KeyError, TypeError, RecursionError) as problem:
        raise Unreadable(f"bukan webhook WhatsApp: {type(problem).__name__}") from problem
    for entry in entries:
        changes = entry.get("changes") if isinstance(entry, dict) else None
        if not isinstance(changes, list):
            yield _broken(entry)
            continue
        for change in changes:
            yield from _change(change, entry)


def _change(change: Any, entry: dict[str, Any]) -> Iterator[tuple[Part, bytes]]:
    value = change.get("value") if isinstance(change, dict) else None
    if not isinstance(value, dict):
        yield _broken(change)
        return
    field, errors = change.get("field", "messages"), value.get("errors")
    messages, statuses = value.get("messages") or [], value.get("statuses") or []
    if field != "messages" or not (messages or statuses or errors):
        yield "news", _dumped({"field": field, "value": value, "time": entry.get("time")})
        return
    if not isinstance(messages, list) or not isinstance(statuses, list):
        yield _broken(change)
        return
    for message in messages:
        yield "message", _dumped({"message": message, "contact": _contact_of(value, message)})
    for status in statuses:
        yield "status", _dumped(status)
    if errors:
        yield "news", _dumped({"field": "errors", "value": {"errors": errors}, "time": entry.get("time")})


def _contact_of(value: dict[str, Any], message: Any) -> dict[str, Any]:
    """Return the contact that sent the message; of several nobody who is not named."""
    given = value.get("contacts")
    contacts = [contact for contact in given if isinstance(contact, dict)] if isinstance(given, list) else []
    if isinstance(message, dict):
        for ours, theirs in (("user_id", "from_user_id"), ("wa_id", "from")):
            for contact in contacts:
                if message.get(theirs) and contact.get(ours) == message[theirs]:
                    return contact
    return contacts[0] if len(contacts) == 1 else {}


def _broken(part: Any) -> tuple[Part, bytes]:
    return "message", _dumped({"unreadable": part})


def _decoded(body: bytes) -> Any:
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        # half a character in one message is no reason to lose the others
        return json.loads(body)


def _dumped(part: Any) -> bytes:
    try:
        return orjson.dumps(part)
    except TypeError:
        return json.dumps(part).encode()
