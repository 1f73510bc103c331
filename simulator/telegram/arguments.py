"""Arguments of a Bot API call: JSON, form or query, and the checks on text, buttons and keyboards."""

import html
import re
from typing import Any
from urllib.parse import parse_qsl

import orjson

from simulator.edge import Call
from simulator.multipart import BrokenUpload, parts
from simulator.telegram.errors import bad_request

MAX_TEXT, MAX_CALLBACK_DATA = 4096, 64
PARSE_MODES = ("html", "markdown", "markdownv2")
HTML_TAGS = frozenset(
    (
        *("b", "strong", "i", "em", "u", "ins", "s", "strike", "del", "span"),
        *("tg-spoiler", "a", "code", "pre", "blockquote", "tg-emoji"),
    )
)
TAG = re.compile(r"<(/?)([a-zA-Z][\w-]*)([^<>]*)>")
RESERVED = frozenset("#+-=|{}.!>")


def read_arguments(call: Call) -> dict[str, Any]:
    """Read the arguments of a call, wherever they stand."""
    arguments: dict[str, Any] = dict(call.query)
    kind = call.headers.get("content-type", "").partition(";")[0].strip().lower()
    if not call.body:
        return arguments
    if kind == "application/json":
        try:
            body = orjson.loads(call.body)
        except orjson.JSONDecodeError as error:
            raise bad_request("can't parse JSON object") from error
        if not isinstance(body, dict):
            raise bad_request("object expected as a JSON body")
        return arguments | body
    if kind == "application/x-www-form-urlencoded":
        return arguments | dict(parse_qsl(call.body.decode(), keep_blank_values=True))
    if kind == "multipart/form-data":
        try:
            fields, files = parts(call.headers["content-type"], call.body)
        except BrokenUpload as error:
            raise bad_request("can't parse the upload") from error
        return arguments | fields | files
    raise bad_request(f"content type {kind or 'none'} is not supported here")


def whole_number(arguments: dict[str, Any], name: str, default: int | None = None) -> int:
    """Read a whole number."""
    value = arguments.get(name, default)
    try:
        return int(str(value))
    except ValueError as error:
        raise bad_request(f"parameter {name} must be an integer" if value else f"{name} is empty") from error


def truth(arguments: dict[str, Any], name: str) -> bool:
    """Read a truth value."""
    return str(arguments.get(name, "false")).lower() in ("true", "1")


def structure(arguments: dict[str, Any], name: str) -> Any:
    """Read a JSON value, which forms carry as text."""
    value = arguments.get(name)
    if isinstance(value, str):
        try:
            return orjson.loads(value) if value else None
        except orjson.JSONDecodeError as error:
            raise bad_request(f"can't parse {name} JSON object") from error
    return value


def message_text(arguments: dict[str, Any]) -> str:
    """Read the text of a message as the person will see it."""
    text = str(arguments.get("text") or "")
    mode = str(arguments.get("parse_mode") or "").lower()
    if mode and mode not in PARSE_MODES:
        raise bad_request("unsupported parse_mode")
    shown = {"html": _plain_html, "markdownv2": _plain_markdown}.get(mode, str)(text).strip()
    if not shown:
        raise bad_request("message text is empty")
    if utf16_length(shown) > MAX_TEXT:
        raise bad_request("message is too long")
    return shown


def utf16_length(text: str) -> int:
    """Count as Telegram does."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2


def _plain_html(text: str) -> str:
    open_tags: list[str] = []
    for match in TAG.finditer(text):
        closing, name = match[1], match[2].lower()
        if name not in HTML_TAGS:
            raise bad_request(f'can\'t parse entities: Unsupported start tag "{name}" at byte offset {match.start()}')
        if not closing:
            open_tags.append(name)
        elif not open_tags or open_tags.pop() != name:
            raise bad_request(f"can't parse entities: Unmatched end tag at byte offset {match.start()}")
    if open_tags:
        raise bad_request(f"can't parse entities: Can't find end tag corresponding to start tag \"{open_tags[-1]}\"")
    bare = TAG.sub("", text)
    if "<" in bare:
        raise bad_request(f'can\'t parse entities: Unsupported start tag "" at byte offset {text.index("<")}')
    return html.unescape(bare)


def _plain_markdown(text: str) -> str:
    shown, escaped, marks = [], False, dict.fromkeys("*_~`", 0)
    for character in text:
        if escaped:
            shown.append(character)
            escaped = False
        elif character == "\\":
            escaped = True
        elif character in marks:
            marks[character] += 1
        elif character in RESERVED:
            why = f"Character '{character}' is reserved and must be escaped with the preceding '\\'"
            raise bad_request(f"can't parse entities: {why}")
        else:
            shown.append(character)
    if any(count % 2 for count in marks.values()):
        raise bad_request("can't parse entities: Can't find end of an entity")
    return "".join(shown)


def reply_markup(arguments: dict[str, Any], *, private: bool) -> dict[str, Any] | None:
    """Read and check a reply markup."""
    markup = structure(arguments, "reply_markup")
    if markup is None:
        return None
    if not isinstance(markup, dict):
        raise bad_request("object expected as reply markup")
    for button in _buttons(markup.get("inline_keyboard", [])):
        _check_inline(button)
    for button in _buttons(markup.get("keyboard", [])):
        if isinstance(button, dict) and button.get("request_contact") and not private:
            raise bad_request("phone number can be requested in private chats only")
    return markup


def _buttons(rows: Any) -> list[Any]:
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request("field of the keyboard must be an Array of Arrays")
    return [button for row in rows for button in row]


def _check_inline(button: Any) -> None:
    if not isinstance(button, dict) or not button.get("text"):
        raise bad_request('can\'t parse inline keyboard button: Field "text" must not be empty')
    data = button.get("callback_data")
    if data is None and not button.get("url"):
        raise bad_request("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    if data is not None and not 1 <= len(str(data).encode()) <= MAX_CALLBACK_DATA:
        raise bad_request("BUTTON_DATA_INVALID")
