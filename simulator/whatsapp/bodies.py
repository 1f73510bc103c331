"""Checks an outgoing message body against Meta's documented limits and says what the person will see."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from simulator.media import MediaStore
from simulator.whatsapp.errors import MetaRefusal, invalid, missing
from simulator.whatsapp.templates import Templates

MAX_TEXT, MAX_BUTTON_BODY, MAX_LIST_BODY, MAX_CAPTION = 4096, 1024, 4096, 1024


@dataclass
class Shown:
    """What the person sees of a message."""

    type: str
    text: str
    buttons: list[dict[str, Any]] = field(default_factory=list)
    extra: dict[str, Any] = field(default_factory=dict)
    free_form: bool = True


def check_message(body: dict[str, Any], templates: Templates, media: MediaStore | None = None) -> Shown:
    """Check a message and give what is shown of it."""
    kind = str(body.get("type") or "text")
    checks: dict[str, Callable[[dict[str, Any]], Shown]] = {
        "text": _text,
        "interactive": _interactive,
        "template": lambda part: _template(part, templates),
        "reaction": _reaction,
        "image": lambda part: _file(part, "photo", media or MediaStore()),
        "document": lambda part: _file(part, "document", media or MediaStore()),
    }
    if kind not in checks:
        raise MetaRefusal(131051, f"Message type {kind} is not supported.")
    part = body.get(kind)
    if not isinstance(part, dict):
        raise missing(kind)
    return checks[kind](part)


def _file(part: dict[str, Any], kind: str, media: MediaStore) -> Shown:
    named, caption = part.get("id"), part.get("caption")
    if not isinstance(named, str) or not named.isdigit():
        raise missing(f"{kind}.id")
    kept = media.whatsapp(named)
    if kept is None or kept.kind != kind:
        raise MetaRefusal(131053, "Media upload error: there is no such media.")
    text = words(part, "caption", MAX_CAPTION, kind) if caption is not None else ""
    if kind == "document":
        words(part, "filename", 240, kind)
    return Shown(kind, text, extra={"sample": kept.name, "file": kept.as_shown()})


def words(part: dict[str, Any], name: str, longest: int, where: str) -> str:
    """Read a text within its length."""
    value = part.get(name)
    if value is None:
        raise missing(f"{where}.{name}")
    if not isinstance(value, str) or not 1 <= len(value) <= longest:
        raise invalid(f"{where}.{name} length invalid. Min length: 1, Max length: {longest}")
    return value


def _text(part: dict[str, Any]) -> Shown:
    text = part.get("body")
    if not isinstance(text, str) or not text.strip():
        raise missing("text.body")
    if len(text) > MAX_TEXT:
        raise MetaRefusal(100, f"Param text['body'] must be at most {MAX_TEXT} characters long.")
    return Shown("text", text)


def _interactive(part: dict[str, Any]) -> Shown:
    kind, action = part.get("type"), part.get("action")
    if not isinstance(action, dict):
        raise missing("interactive.action")
    if kind == "button":
        text = words(_object(part, "body"), "text", MAX_BUTTON_BODY, "interactive.body")
        return Shown("buttons", text, _reply_buttons(action.get("buttons")))
    if kind == "list":
        text = words(_object(part, "body"), "text", MAX_LIST_BODY, "interactive.body")
        opener = words(action, "button", 20, "interactive.action")
        return Shown("list", text, _list_rows(action.get("sections")), {"list_button": opener})
    raise invalid(f"interactive.type {kind!r} is not supported here")


def _object(part: dict[str, Any], name: str) -> dict[str, Any]:
    value = part.get(name)
    if not isinstance(value, dict):
        raise missing(name)
    return value


def _reply_buttons(buttons: Any) -> list[dict[str, Any]]:
    if not isinstance(buttons, list) or not 1 <= len(buttons) <= 3:
        raise invalid("Invalid buttons count. Min allowed buttons: 1, Max allowed buttons: 3")
    shown = []
    for number, button in enumerate(buttons):
        if not isinstance(button, dict) or button.get("type") != "reply":
            raise invalid("interactive.action.buttons type must be reply")
        reply = _object(button, "reply")
        title, token = words(reply, "title", 20, "button"), words(reply, "id", 256, "button")
        shown.append({"title": title, "data": token, "url": None, "row": number})
    _unique(shown, "data", "Duplicated button ids")
    _unique(shown, "title", "Duplicated button titles")
    return shown


def _list_rows(sections: Any) -> list[dict[str, Any]]:
    if not isinstance(sections, list) or not 1 <= len(sections) <= 10:
        raise invalid("Invalid sections count. Min allowed sections: 1, Max allowed sections: 10")
    rows = [row for section in sections if isinstance(section, dict) for row in section.get("rows", [])]
    if not 1 <= len(rows) <= 10:
        raise invalid("Total row count exceeds max allowed count: 10")
    if len(sections) > 1 and not all(section.get("title") for section in sections):
        raise missing("section.title")
    shown = []
    for number, row in enumerate(rows):
        title, token = words(row, "title", 24, "row"), words(row, "id", 200, "row")
        note = words(row, "description", 72, "row") if row.get("description") else None
        shown.append({"title": title, "data": token, "url": None, "row": number, "description": note})
    _unique(shown, "data", "Duplicated row ids")
    return shown


def _unique(shown: list[dict[str, Any]], name: str, why: str) -> None:
    if len({button[name] for button in shown}) != len(shown):
        raise invalid(why)


def _template(part: dict[str, Any], templates: Templates) -> Shown:
    values = templates.check(part)
    return Shown("template", " · ".join([f"[{part['name']}]", *values]), free_form=False)


def _reaction(part: dict[str, Any]) -> Shown:
    target = words(part, "message_id", 512, "reaction")
    return Shown("reaction", str(part.get("emoji") or ""), extra={"reacts_to": target})
