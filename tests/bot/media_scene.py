"""Siti sends files to a corridor whose fetcher asks the simulator; a clamd of our own stands by."""

import asyncio
import struct
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import text

from bot.media.fetcher import Fetcher
from bot.media.guarded import GuardedLines
from bot.media.scanner import Scanner
from bot.media.sources import TelegramFiles, WhatsAppFiles
from bot.media.store import Store
from bot.settings import MediaSettings
from bot.webhooks import telegram_arrival
from records.bell import PostgresBell
from records.clock import Clock
from records.database import Database
from records.sealed import Seal
from simulator.media import SAMPLES, eicar
from tests.bot.corridor import A_TICKET, SITI, Corridor, ScriptedRasa, says, update
from tests.bot.provider import Provider
from tests.bot.test_secrets import whatsapp

QUICK = MediaSettings(media_fetch_timeout=timedelta(seconds=30), _env_file=None)  # type: ignore[call-arg]


def photo(number: int, name: str = "error", caption: str | None = None, *, chat: int = SITI, **more: Any) -> bytes:
    """A photo as Telegram tells of it."""
    sample = next(one for one in SAMPLES if one.name == name)
    width, height = sample.size
    sizes = [{"file_id": "kecil", "file_unique_id": "k", "width": 9, "height": 9}]
    sizes.append(sample.description() | {"width": width, "height": height})
    words = {"caption": caption} if caption else {}
    return update(number, None, chat=chat, photo=sizes, **words, **more)


def document(number: int, name: str = "document", file_name: str = "bukti.pdf", **more: Any) -> bytes:
    """A document as Telegram tells of it."""
    sample = next(one for one in SAMPLES if one.name == name)
    return update(number, None, document=sample.description() | {"file_name": file_name, "mime_type": "x"} | more)


def on_whatsapp(name: str, kind: str = "image", **more: Any) -> list[Any]:
    """The same on WhatsApp."""
    sample = next(one for one in SAMPLES if one.name == name)
    return whatsapp({"type": kind, kind: {"id": sample.whatsapp_id, "sha256": sample.sha256, **more}})


def complaint(asked: dict[str, Any]) -> dict[str, Any]:
    """Rasa opens a case whenever something failed."""
    if "gagal" in asked["text"]:
        return says("Kami catat di {ticket}.", intent="package_not_found", proposals=[A_TICKET])
    if "petugas" in asked["text"]:
        return says("", intent="talk_to_human", proposals=[A_TICKET, {"kind": "hand_over", "reason": "Diminta."}])
    if "buktinya" in asked["text"]:
        which = [{"title": "Sertifikat", "choice": {"intent": "certificate_missing"}}]
        return says("Yang mana?", intent="nlu_fallback", buttons=which, state={"slots": {"asked": "which"}})
    return says("Baik, Kak.")


@dataclass
class Scene:
    """Corridor, provider and as many fetchers as wanted."""

    corridor: Corridor
    provider: Provider
    data_key: str
    clock: Clock
    lines: list[GuardedLines] = field(default_factory=list)

    @property
    def database(self) -> Database:
        return self.corridor.database

    @property
    def seal(self) -> Seal:
        return Seal(self.data_key)

    def store(self) -> Store:
        return Store(self.database, self.seal, self.clock, PostgresBell(self.database.url))

    def fetcher(self, scanner: Scanner | None = None, settings: MediaSettings = QUICK) -> Fetcher:
        lines = GuardedLines([self.provider.address], [])
        self.lines.append(lines)
        sources = {
            "telegram": TelegramFiles(lines, self.provider.telegram),
            "whatsapp": WhatsAppFiles(lines, self.provider.whatsapp),
        }
        return Fetcher(self.store(), sources, self.seal, settings, scanner)

    async def hear(self, *bodies: bytes) -> None:
        await self.corridor.hear(*bodies)

    async def fetch(self, fetcher: Fetcher | None = None) -> Fetcher:
        """Fetch all that is due, and send what is said of it."""
        fetcher = fetcher or self.fetcher()
        while await fetcher.look():
            pass
        await self.corridor.rest()
        return fetcher

    async def files(self) -> list[dict[str, Any]]:
        async with self.database.read() as session:
            rows = await session.execute(text("SELECT * FROM media ORDER BY inbox_id, number"))
            return [dict(row) for row in rows.mappings()]

    async def file(self) -> dict[str, Any]:
        (file,) = await self.files()
        return file

    def content(self, file: dict[str, Any]) -> bytes:
        return self.seal.open_file(bytes(file["sealed_content"]))

    async def hurry(self) -> None:
        """Let everything that is put off be due, and every lease be over."""
        async with self.database.write() as session:
            await session.execute(text("UPDATE media SET due_at = clock_timestamp()"))

    async def ticket(self) -> UUID:
        return (await self.corridor.row("SELECT id FROM tickets"))["id"]  # type: ignore[no-any-return]


@asynccontextmanager
async def scene_of(database: Database, clock: Clock, data_key: str, provider: Provider) -> AsyncIterator[Scene]:
    async with Corridor(database, clock, data_key, rasa=ScriptedRasa(complaint)) as corridor:
        scene = Scene(corridor, provider, data_key, clock)
        yield scene
        for lines in scene.lines:
            await lines.close()


class Clamd:
    """A scanner that speaks INSTREAM, knows one virus, and can be broken."""

    def __init__(self) -> None:
        self.scanned: list[bytes] = []
        self.says: bytes | None = None
        self._server: asyncio.Server | None = None

    async def open(self) -> "Clamd":
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        return self

    @property
    def scanner(self) -> Scanner:
        assert self._server
        return Scanner("127.0.0.1", self._server.sockets[0].getsockname()[1], patience_seconds=30)

    async def close(self) -> None:
        assert self._server
        self._server.close()
        await self._server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        assert await reader.readexactly(10) == b"zINSTREAM\0"
        content = b"".join([piece async for piece in _pieces(reader)])
        self.scanned.append(content)
        found = b"stream: Win.Test.EICAR_HDB-1 FOUND" if eicar() in content else b"stream: OK"
        writer.write((self.says if self.says is not None else found) + b"\0")
        await writer.drain()
        writer.close()


async def _pieces(reader: asyncio.StreamReader) -> AsyncIterator[bytes]:
    while length := struct.unpack(">I", await reader.readexactly(4))[0]:
        yield await reader.readexactly(length)


def album(first: int, *names: str, caption: str | None = None) -> Iterator[bytes]:
    """Photos that belong together."""
    for place, name in enumerate(names):
        yield photo(first + place, name, caption if not place else None, media_group_id="1300")


__all__ = ["Clamd", "Scene", "album", "document", "on_whatsapp", "photo", "scene_of", "telegram_arrival"]
