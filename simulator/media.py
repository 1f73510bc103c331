"""Sample files people attach: a picture, a voice note, a document, made here so that none is anybody's."""

import hashlib
import struct
import zlib
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Media:
    """A file that can be fetched."""

    file_id: str
    path: str
    mime: str
    content: bytes
    kind: str

    @property
    def sha256(self) -> str:
        """Give the digest WhatsApp names."""
        return hashlib.sha256(self.content).hexdigest()

    @property
    def whatsapp_id(self) -> str:
        """Give the media id at WhatsApp: digits only."""
        return str(zlib.crc32(self.file_id.encode()) + 10**12)

    def description(self) -> dict[str, Any]:
        """Describe it as Telegram does."""
        unique = hashlib.sha256(self.content).hexdigest()[:16]
        return {"file_id": self.file_id, "file_unique_id": unique, "file_size": len(self.content)}


class MediaStore:
    """Knows the sample files by id, whichever channel they came through."""

    def __init__(self) -> None:
        samples = (
            Media("AgACAgUAAxkB-gladi-foto", "photos/file_1.png", "image/png", sample_picture(320, 240), "photo"),
            Media("AgACAgUAAxkB-gladi-kecil", "photos/file_0.png", "image/png", sample_picture(80, 60), "thumbnail"),
            Media("AwACAgUAAxkB-gladi-suara", "voice/file_2.oga", "audio/ogg", b"OggS" + bytes(2044), "voice"),
            Media("BQACAgUAAxkB-gladi-berkas", "documents/file_3.pdf", "application/pdf", SAMPLE_PDF, "document"),
            Media(
                "CAACAgUAAxkB-gladi-stiker", "stickers/file_4.webp", "image/webp", b"RIFF\x1a\0\0\0WEBPVP8L", "sticker"
            ),
        )
        self._by_id = {media.file_id: media for media in samples}
        self._by_path = {media.path: media for media in samples}
        self._by_kind = {media.kind: media for media in samples}

    def find(self, file_id: str) -> Media | None:
        """Find by file id."""
        return self._by_id.get(file_id)

    def whatsapp(self, media_id: str) -> Media | None:
        """Find by WhatsApp's media id."""
        return next((media for media in self._by_id.values() if media.whatsapp_id == media_id), None)

    def at(self, path: str) -> Media | None:
        """Find by path."""
        return self._by_path.get(path)

    def sample(self, kind: str) -> Media:
        """Give the sample of a kind."""
        return self._by_kind[kind]


def sample_picture(width: int, height: int) -> bytes:
    """Draw a plain blue PNG."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = (b"\0" + b"\x5b\x8d\xb8" * width) * height
    parts = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts


SAMPLE_PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Count 0/Kids[]>>endobj\n%%EOF\n"
)
