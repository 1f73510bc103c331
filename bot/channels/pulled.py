"""Web chat and console: channels whose reader fetches messages, so a stored reply is already where it can be had.

A message carries the client's own id, which makes a repeated post harmless.
"""

from dataclasses import dataclass
from typing import Any

import orjson

from bot.events import InboundEvent, Kind, Unreadable

WEB = "web"
CONSOLE = "console"
WEB_VISITOR = "Pengunjung web"


@dataclass(frozen=True)
class PulledMessage:
    """What a web or console client posts."""

    client_id: str
    visitor: str
    text: str
    token: str | None
    sent_at_ms: int
    uploads: tuple[str, ...] = ()
    """Keys of files this visitor sent before."""
    picture: bool = False
    """Whether they say it is a picture."""


def event_body(channel: str, message: PulledMessage) -> bytes:
    """Return the body that is stored for a posted message."""
    return orjson.dumps(
        {
            "channel": channel,
            "id": message.client_id,
            "visitor": message.visitor,
            "text": message.text,
            "token": message.token,
            "at": message.sent_at_ms,
            **({"uploads": message.uploads, "picture": message.picture} if message.uploads else {}),
        }
    )


def parse(raw: bytes) -> InboundEvent:
    """Return the event of a stored body; raises Unreadable."""
    try:
        body = orjson.loads(raw)
        return InboundEvent(
            channel=body["channel"],
            external_id=f"{body['visitor']}:{body['id']}",
            chat=body["visitor"],
            person=body["visitor"],
            kind=_kind(body),
            order_key=int(body["at"]) * 1000,
            raw=raw,
            text=body["text"],
            token=body.get("token"),
            display_name=WEB_VISITOR if body["channel"] == WEB else "Konsol",
        )
    except (ValueError, KeyError, TypeError) as problem:
        raise Unreadable(f"pesan yang rusak: {problem}") from problem


def _kind(body: dict[str, Any]) -> Kind:
    if body.get("uploads"):
        return Kind.PHOTO if body.get("picture") else Kind.DOCUMENT
    return Kind.BUTTON if body.get("token") else Kind.TEXT
