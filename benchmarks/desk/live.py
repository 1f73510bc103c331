"""From a committed message to an open page: 100 conversations and 100 queues open, 50 messages a second.

Every page is a browser of its own: it hears its stream and, when asked to, looks again, as the desk's script does. The
time is from the commit of a message to the moment its page has it.
"""

import asyncio
import json
import re
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from random import Random
from uuid import UUID, uuid4

import httpx
import psycopg

from benchmarks.desk.cases import NOW
from benchmarks.desk.country import plain
from benchmarks.desk.staff import SignedIn
from helpdesk.rehearsing.words import FOLLOW_UPS, Speaker
from records.bell import DESK

LOOK_AGAIN = 0.1
MARK = re.compile(r'id="pesan-([0-9a-f-]+)"')
OPENING_SECONDS, SETTLE_SECONDS = 10.0, 5.0
PATIENCE = 10.0
SAY = """
    INSERT INTO messages (id, conversation_id, direction, author, text, created_at)
    VALUES (%s, %s, 'in', 'participant', %s, %s)
"""


@dataclass
class Heard:
    """What the pages had, and when."""

    said: dict[str, float] = field(default_factory=dict)
    shown: dict[str, float] = field(default_factory=dict)
    looks: Counter[str] = field(default_factory=Counter)
    stale: list[float] = field(default_factory=list)
    """Seconds from a word of the bell to a queue page that was asked to look again."""

    @property
    def seconds(self) -> list[float]:
        """From commit to page; a message that no page had counts as the longest."""
        return [self.shown.get(key, at + PATIENCE) - at for key, at in self.said.items()]


class Page:
    """One open page: a stream, and looking again when asked to."""

    def __init__(self, port: int, who: SignedIn, heard: Heard, conversation: UUID | None) -> None:
        self._port, self._who, self._heard, self._conversation = port, who, heard, conversation
        self._again: asyncio.Task[None] | None = None

    async def run(self, client: httpx.AsyncClient) -> None:
        """Hear until cancelled."""
        wish = f"percakapan={self._conversation}.{self._proof}" if self._conversation else "antrean=1"
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        cookie = self._who.headers["cookie"]
        writer.write(f"GET /aliran?{wish} HTTP/1.1\r\nhost: meja\r\ncookie: {cookie}\r\n\r\n".encode())
        try:
            event = ""
            while line := (await reader.readline()).decode().strip("\r\n"):
                pass  # the headers
            while raw := await reader.readline():
                line = raw.decode().strip()
                if line.startswith("event:"):
                    event = line[7:]
                elif line.startswith("data:"):
                    self._hear(event, line[6:], client)
        finally:
            writer.close()

    @property
    def _proof(self) -> str:
        return self._who.opened(self._conversation) if self._conversation else ""

    def _hear(self, event: str, data: str, client: httpx.AsyncClient) -> None:
        if event == "pesan":
            self._has(json.loads(data)["html"])
        if event == "berubah" and (self._again is None or self._again.done()):
            self._again = asyncio.create_task(self._look(client))

    def _has(self, html: str) -> None:
        now = time.perf_counter()
        for key in MARK.findall(html):
            self._heard.shown.setdefault(key, now)

    async def _look(self, client: httpx.AsyncClient) -> None:
        await asyncio.sleep(LOOK_AGAIN)
        address = f"/percakapan/{self._conversation}/langsung?lihat={self._proof}" if self._conversation else QUEUE_LOOK
        with suppress(httpx.HTTPError):
            answer = await client.get(address, headers=self._who.headers)
            self._heard.looks[f"{'conversation' if self._conversation else 'queue'} {answer.status_code}"] += 1
            self._has(answer.text)


QUEUE_LOOK = "/antrean/daftar?tab=belum-diambil"


async def measure(
    url: str, port: int, pairs: list[tuple[SignedIn, UUID]], others: list[SignedIn], per_second: float, seconds: float
) -> Heard:
    """Open the pages, let people write, and return what was heard."""
    heard = Heard()
    limits = httpx.Limits(max_connections=50, max_keepalive_connections=50)
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=30, limits=limits) as client:
        pages = [Page(port, who, heard, chat) for who, chat in pairs] + [Page(port, who, heard, None) for who in others]
        open_pages = []
        for page in pages:
            open_pages.append(asyncio.create_task(page.run(client)))
            await asyncio.sleep(OPENING_SECONDS / len(pages))
        await asyncio.sleep(SETTLE_SECONDS)
        heard.looks.clear()
        await _speak(url, heard, [chat for _, chat in pairs], per_second, seconds)
        await asyncio.sleep(PATIENCE / 3)
        for task in open_pages:
            task.cancel()
        await asyncio.gather(*open_pages, return_exceptions=True)
    return heard


async def _speak(url: str, heard: Heard, chats: list[UUID], per_second: float, seconds: float) -> None:
    random, speaker = Random(9), Speaker(13)
    connection = await psycopg.AsyncConnection.connect(plain(url), autocommit=True)
    async with connection:
        began, count = time.perf_counter(), int(per_second * seconds)
        for number in range(count):
            await asyncio.sleep(max(0.0, began + number / per_second - time.perf_counter()))
            key, chat = uuid4(), random.choice(chats)
            async with connection.transaction():
                await connection.execute(SAY, (key, chat, speaker.fill(random.choice(FOLLOW_UPS)), NOW))
                await connection.execute("SELECT pg_notify(%s, %s)", (DESK, str(chat)))
            heard.said[str(key)] = time.perf_counter()
