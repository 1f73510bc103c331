"""What files an event carries, read from the event as it was stored; nothing is fetched here.

Only ids are taken. A link in a text is never followed, and of a group nothing is kept.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import orjson

from bot.events import InboundEvent, Kind
from bot.heard import visible

WITHOUT_FILES = (
    *(Kind.TEXT, Kind.BUTTON, Kind.CONTACT, Kind.LOCATION, Kind.GROUP, Kind.CHANGED, Kind.LEFT, Kind.SERVICE),
    Kind.MOVED,
)
TELEGRAM_KINDS = {
    "document": "document",
    "animation": "video",
    "video": "video",
    "video_note": "video",
    "voice": "voice",
    "audio": "voice",
    "sticker": "sticker",
}
WHATSAPP_KINDS = {
    "image": "photo",
    "document": "document",
    "video": "video",
    "audio": "voice",
    "voice": "voice",
    "sticker": "sticker",
}
LONGEST = 300
MOST_FILES = 10


@dataclass(frozen=True)
class Attachment:
    """One file as its provider announces it."""

    kind: str
    reference: str
    """The provider's id of it."""
    named: str | None = None
    size: int | None = None
    digest: str | None = None
    """What the provider says identifies the content."""


def attachments_of(event: InboundEvent) -> tuple[Attachment, ...]:
    """Return the files of an event; what cannot be read carries none."""
    read = READERS.get(event.channel)
    if read is None or (event.kind in WITHOUT_FILES and event.channel != "web"):
        return ()
    try:
        body = orjson.loads(event.raw)
        return tuple(read(body))[:MOST_FILES]
    except (ValueError, KeyError, TypeError, AttributeError):
        return ()


def _telegram(update: dict[str, Any]) -> Iterator[Attachment]:
    message = update.get("message") or update.get("edited_message") or {}
    if sizes := message.get("photo"):
        largest = max(sizes, key=lambda size: size.get("width", 0) * size.get("height", 0))
        yield _of_telegram("photo", largest)
        return
    for name, kind in TELEGRAM_KINDS.items():
        # an animation is told a second time as a document
        if name in message and not (name == "document" and "animation" in message):
            yield _of_telegram(kind, message[name])


def _of_telegram(kind: str, file: dict[str, Any]) -> Attachment:
    named, size, digest = _words(file.get("file_name")), _count(file.get("file_size")), file.get("file_unique_id")
    return Attachment(kind, _words(file["file_id"]) or "", named, size, _words(digest))


def _whatsapp(body: dict[str, Any]) -> Iterator[Attachment]:
    message = body["message"]
    kind = WHATSAPP_KINDS.get(message["type"])
    if kind:
        file = message[message["type"]]
        named, size = _words(file.get("filename")), _count(file.get("file_size"))
        yield Attachment(kind, _words(file["id"]) or "", named, size, _words(file.get("sha256")))


def _web(body: dict[str, Any]) -> Iterator[Attachment]:
    for upload in body.get("uploads") or ():
        yield Attachment("photo" if body.get("picture") else "document", str(upload))


def _words(said: Any) -> str | None:
    """Return what was announced as words the records take: no signs that show nothing, and not without end."""
    return visible(str(said))[:LONGEST] or None if said else None


def _count(said: Any) -> int | None:
    return said if isinstance(said, int) else None


READERS: dict[str, Callable[[dict[str, Any]], Iterator[Attachment]]] = {
    "telegram": _telegram,
    "whatsapp": _whatsapp,
    "web": _web,
}
