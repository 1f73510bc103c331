"""Sample files people attach, good and bad, made here so that none is anybody's; made when first asked for.

What is wrong with a bad one is in the file (a bomb, another type, too large) or in the way to it (`trap`): a link that
leads elsewhere, is dead, hangs, or a file the channel no longer has.
"""

import hashlib
import io
import zlib
from collections.abc import Callable
from functools import cached_property
from typing import Any

from PIL import Image

from simulator import pictures

type Trap = str
"""redirect, foreign, slow, expired or gone."""


class Media:
    """A file that can be fetched."""

    def __init__(
        self, name: str, kind: str, path: str, mime: str, make: Callable[[], bytes], *, trap: Trap | None = None
    ) -> None:
        self.name, self.kind, self.path, self.mime, self.trap = name, kind, path, mime, trap
        self.file_id = f"{PREFIXES[kind]}AgADkB-gladi-{name}"
        self._make = make

    @cached_property
    def content(self) -> bytes:
        """The bytes."""
        return self._make()

    @property
    def sha256(self) -> str:
        """Give the digest WhatsApp names."""
        return hashlib.sha256(self.content).hexdigest()

    @property
    def whatsapp_id(self) -> str:
        """Give the media id at WhatsApp: digits only."""
        return str(zlib.crc32(self.file_id.encode()) + 10**12)

    @property
    def file_name(self) -> str:
        """Give the name the sender's telephone has for it."""
        return self.path.rpartition("/")[2]

    @cached_property
    def size(self) -> tuple[int, int]:
        """Give width and height as a channel tells them, of a bomb too."""
        if self.content.startswith(b"\x89PNG"):
            return int.from_bytes(self.content[16:20]), int.from_bytes(self.content[20:24])
        with Image.open(io.BytesIO(self.content)) as image:
            return image.size

    def as_shown(self) -> dict[str, Any]:
        """Tell the phone page about it."""
        return {"name": self.file_name, "mime": self.mime, "path": self.path, "size": len(self.content)}

    @property
    def is_picture(self) -> bool:
        """Say whether a phone shows it."""
        return self.kind in SHOWN and self.name != "bomb"

    def description(self) -> dict[str, Any]:
        """Describe it as Telegram does; what is too large is not said to be."""
        unique = hashlib.sha256(self.content).hexdigest()[:16]
        about = {"file_id": self.file_id, "file_unique_id": unique}
        return about if self.name == "oversize" else about | {"file_size": len(self.content)}


PREFIXES = {"photo": "AgAC", "thumbnail": "AgAC", "voice": "AwAC", "document": "BQAC", "sticker": "CAAC"}
SAMPLE_PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Count 0/Kids[]>>endobj\n%%EOF\n"
)
SAMPLES = (
    Media("error", "photo", "photos/file_1.png", "image/png", pictures.error_page),
    Media("small", "thumbnail", "photos/file_0.png", "image/png", lambda: pictures.plain(80, 60)),
    Media("voice", "voice", "voice/file_2.oga", "audio/ogg", lambda: b"OggS" + bytes(2044)),
    Media("document", "document", "documents/bukti.pdf", "application/pdf", lambda: SAMPLE_PDF),
    Media("sticker", "sticker", "stickers/file_4.webp", "image/webp", pictures.sticker),
    Media("receipt", "photo", "photos/file_5.jpg", "image/jpeg", pictures.receipt),
    Media("place", "photo", "photos/file_6.jpg", "image/jpeg", pictures.with_place),
    Media("bomb", "photo", "photos/file_7.png", "image/png", pictures.bomb),
    Media("broken", "photo", "photos/file_8.png", "image/png", lambda: pictures.error_page()[:2000]),
    Media("page", "document", "documents/foto.jpg", "image/jpeg", lambda: b"<html><script>alert(1)</script></html>"),
    Media("oversize", "document", "documents/besar.pdf", "application/pdf", lambda: SAMPLE_PDF + bytes(16_000_000)),
    Media("virus", "document", "documents/virus.pdf", "application/pdf", lambda: SAMPLE_PDF + eicar()),
    Media("redirect", "photo", "photos/file_9.png", "image/png", lambda: pictures.plain(90, 60), trap="redirect"),
    Media("foreign", "photo", "photos/file_10.png", "image/png", lambda: pictures.plain(91, 60), trap="foreign"),
    Media("slow", "photo", "photos/file_11.png", "image/png", lambda: pictures.plain(92, 60), trap="slow"),
    Media("expired", "photo", "photos/file_12.png", "image/png", lambda: pictures.plain(93, 60), trap="expired"),
    Media("gone", "photo", "photos/file_13.png", "image/png", lambda: pictures.plain(94, 60), trap="gone"),
)
SHOWN = ("photo", "sticker")
KINDS = {"photo": "image/jpeg", "document": "application/pdf"}
DEFAULTS = {"photo": "error", "thumbnail": "small", "voice": "voice", "document": "document", "sticker": "sticker"}


class UnknownSample(Exception):
    """There is no such sample of this kind."""


class MediaStore:
    """Knows the sample files by id, whichever channel they came through, and what the bot uploaded, while this runs."""

    def __init__(self) -> None:
        self._uploaded: list[Media] = []

    def keep(self, kind: str, name: str, content: bytes, mime: str = "") -> Media:
        """Keep what the bot uploaded."""
        number = len(self._uploaded) + 1
        given = mime or ("image/png" if content.startswith(b"\x89PNG") else KINDS.get(kind, ""))
        kept = Media(f"kirim-{number}", kind, f"kirim/{number}/{name}", given, lambda: content)
        self._uploaded.append(kept)
        return kept

    @property
    def _all(self) -> tuple[Media, ...]:
        return (*SAMPLES, *self._uploaded)

    def find(self, file_id: str) -> Media | None:
        """Find by file id."""
        return next((media for media in self._all if media.file_id == file_id), None)

    def whatsapp(self, media_id: str) -> Media | None:
        """Find by WhatsApp's media id."""
        return next((media for media in self._all if media.whatsapp_id == media_id), None)

    def at(self, path: str) -> Media | None:
        """Find by path."""
        return next((media for media in self._all if media.path == path), None)

    def shown(self, name: str) -> Media | None:
        """Find a picture by its name, for the phone page."""
        return next((media for media in self._all if media.name == name and media.is_picture), None)

    def sample(self, kind: str, name: str | None = None) -> Media:
        """Give a sample of a kind, the usual one unless named; raises UnknownSample."""
        wanted = name or DEFAULTS[kind]
        found = next((media for media in SAMPLES if (media.kind, media.name) == (kind, wanted)), None)
        if found is None:
            raise UnknownSample(f"there is no {kind} called {wanted!r}")
        return found


def eicar() -> bytes:
    """Return the harmless text every scanner knows, put together here so that no scanner minds this file."""
    return rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + b"EICAR" + b"-STANDARD-ANTIVIRUS-TEST-FILE!" + b"$H+H*"
