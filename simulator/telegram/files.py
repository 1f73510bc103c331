"""sendPhoto and sendDocument, with the limits the Bot API documents for uploads."""

import io
from collections.abc import Callable
from typing import Any

from PIL import Image, UnidentifiedImageError

from simulator.media import MediaStore
from simulator.multipart import Uploaded
from simulator.telegram import arguments as read
from simulator.telegram.errors import bad_request
from simulator.telegram.limits import FloodGate
from simulator.telegram.state import CHANNEL, TelegramState

PHOTO_BYTES, DOCUMENT_BYTES = 10 * 1024 * 1024, 50 * 1024 * 1024
SIDES, RATIO, CAPTION = 10_000, 20, 1024
type Arguments = dict[str, Any]


class FileMethods:
    """The two methods by name."""

    def __init__(
        self,
        state: TelegramState,
        gate: FloodGate,
        media: MediaStore,
        bot: dict[str, Any],
        chat: Callable[[Arguments], dict[str, Any]],
    ) -> None:
        self._state, self._gate, self._media, self._bot, self._chat = state, gate, media, bot, chat
        self.by_name = {"sendphoto": self.send_photo, "senddocument": self.send_document}

    def send_photo(self, given: Arguments) -> dict[str, Any]:
        """Send a picture."""
        upload = _uploaded(given, "photo", PHOTO_BYTES)
        width, height = _size(upload.content)
        if width + height > SIDES or max(width, height) > RATIO * min(width, height):
            raise bad_request("PHOTO_INVALID_DIMENSIONS")
        return self._send(given, "photo", upload, {"width": width, "height": height})

    def send_document(self, given: Arguments) -> dict[str, Any]:
        """Send a file as it is."""
        return self._send(given, "document", _uploaded(given, "document", DOCUMENT_BYTES), {})

    def _send(self, given: Arguments, kind: str, upload: Uploaded, about: dict[str, int]) -> dict[str, Any]:
        chat, caption = self._chat(given), str(given.get("caption") or "")
        if read.utf16_length(caption) > CAPTION:
            raise bad_request("message caption is too long")
        self._gate.pass_message(chat["id"])
        kept = self._media.keep(kind, upload.name, upload.content)
        message_id, now = self._state.message_id(), self._state.now()
        described = kept.description() | about
        message: dict[str, Any] = {"message_id": message_id, "from": self._bot, "chat": chat, "date": int(now)}
        message |= {kind: [described] if kind == "photo" else described | {"file_name": upload.name}}
        message |= {"caption": caption} if caption else {}
        item: dict[str, Any] = {"at": now, "who": "bot", "type": kind, "text": caption, "message_id": str(message_id)}
        item |= {"status": "sent", "extra": {"sample": kept.name, "file": kept.as_shown()}}
        self._state.chats.add(CHANNEL, str(chat["id"]), item)
        return message


def _uploaded(given: Arguments, name: str, most: int) -> Uploaded:
    upload = given.get(name)
    if not isinstance(upload, Uploaded):
        raise bad_request(f"there is no {name} in the request")
    if not upload.content:
        raise bad_request("file must be non-empty")
    if len(upload.content) > most:
        raise bad_request(f"file is too big for {name}")
    return upload


def _size(content: bytes) -> tuple[int, int]:
    try:
        with Image.open(io.BytesIO(content)) as image:
            return image.size
    except (UnidentifiedImageError, OSError) as problem:
        raise bad_request("IMAGE_PROCESS_FAILED") from problem
