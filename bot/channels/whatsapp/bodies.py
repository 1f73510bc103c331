"""The request bodies of everything we send: text, reply buttons, lists, templates, and the sign that we read or type.

Limits (Meta): text 4096, 3 buttons of 20 characters under at most 1024, a list of 10 rows of 24 with a line of 72 under
at most 4096. What has no room as a choice can be typed.
"""

from collections.abc import Sequence
from typing import Any

from bot.channels.whatsapp.titles import MORE, short_titles
from bot.sending import Button, FileOut, OutboundMessage
from bot.wording import OPEN_LIST, PRIVATE_CHAT, PRIVATE_CHAT_WHATSAPP, TYPE_A_CHOICE

TEXT_LIMIT = 4096
BUTTONS_TEXT = 1024
LIST_TEXT = 4096
REPLY_BUTTONS = 3
BUTTON_TITLE = 20
LIST_ROWS = 10
ROW_TITLE = 24
ROW_LINE = 72
PARAMETER_LIMIT = 1024
CAPTION_LIMIT = 1024

type Body = dict[str, Any]


def body_of(message: OutboundMessage) -> Body:
    """Return the request body of a message."""
    if message.template:
        return _addressed(message) | {"type": "template", "template": _template(message.template)}
    text = _text(message)
    if not message.buttons:
        return _addressed(message) | _plain(text)
    if len(message.buttons) <= REPLY_BUTTONS and len(text) <= BUTTONS_TEXT:
        return _addressed(message) | {"type": "interactive", "interactive": _buttons(text, message.buttons)}
    return _addressed(message) | {"type": "interactive", "interactive": _list(text, message.buttons)}


def file_body_of(message: OutboundMessage, file: FileOut, media_id: str) -> Body:
    """Return the body of a message that carries an uploaded file."""
    about: Body = {"id": media_id}
    if message.text:
        about["caption"] = _cut(_text(message), CAPTION_LIMIT)
    if file.kind == "photo":
        return _addressed(message) | {"type": "image", "image": about}
    return _addressed(message) | {"type": "document", "document": about | {"filename": file.name}}


def typed_body_of(message: OutboundMessage) -> Body:
    """Return the body of a message with its choices written out, for where they cannot be shown as buttons."""
    return _addressed(message) | _plain(_with_choices(_text(message), message.buttons))


def read_body(message_id: str, *, typing: bool) -> Body:
    """Return the body that marks a message of a person as read, and says that an answer is being written."""
    body: Body = {"messaging_product": "whatsapp", "status": "read", "message_id": message_id}
    return body | ({"typing_indicator": {"type": "text"}} if typing else {})


def _addressed(message: OutboundMessage) -> Body:
    where = message.address or message.chat
    return {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        **({"to": where} if where.lstrip("+").isdigit() else {"recipient": where}),
        "biz_opaque_callback_data": message.outbox_id,
    }


def _text(message: OutboundMessage) -> str:
    return message.text.replace(PRIVATE_CHAT, PRIVATE_CHAT_WHATSAPP)


def _plain(text: str) -> Body:
    return {"type": "text", "text": {"body": _cut(text, TEXT_LIMIT), "preview_url": False}}


def _buttons(text: str, buttons: Sequence[Button]) -> Body:
    titles = short_titles([button.title for button in buttons], BUTTON_TITLE)
    replies = [
        {"type": "reply", "reply": {"id": button.token, "title": title}}
        for button, title in zip(buttons, titles, strict=True)
    ]
    return {"type": "button", "body": {"text": text}, "action": {"buttons": replies}}


def _list(text: str, buttons: Sequence[Button]) -> Body:
    shown, beyond = buttons[:LIST_ROWS], buttons[LIST_ROWS:]
    titles = short_titles([button.title for button in shown], ROW_TITLE)
    rows = [_row(button, title) for button, title in zip(shown, titles, strict=True)]
    action = {"button": OPEN_LIST, "sections": [{"rows": rows}]}
    return {"type": "list", "body": {"text": _cut(_with_choices(text, beyond), LIST_TEXT)}, "action": action}


def _row(button: Button, title: str) -> Body:
    row = {"id": button.token, "title": title}
    return row if title == button.title else row | {"description": _cut(button.title, ROW_LINE)}


def _template(template: dict[str, Any]) -> Body:
    body: Body = {"name": template["name"], "language": {"policy": "deterministic", "code": template["language"]}}
    given = [{"type": "text", "text": _line(value)} for value in template.get("parameters") or []]
    return body | ({"components": [{"type": "body", "parameters": given}]} if given else {})


def _with_choices(text: str, buttons: Sequence[Button]) -> str:
    if not buttons:
        return text
    choices = "\n".join(f"• {button.title}" for button in buttons)
    written = f"\n\n{TYPE_A_CHOICE}\n{choices}"
    return _cut(text, TEXT_LIMIT - len(written)) + written


def _line(value: Any) -> str:
    """A parameter may hold no line break, no tab and no run of spaces."""
    return _cut(" ".join(str(value).split()) or "-", PARAMETER_LIMIT)


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1].rstrip() + MORE
