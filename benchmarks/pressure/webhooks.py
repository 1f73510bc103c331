"""Webhooks as Telegram posts them, straight to the bot's door, at a rate of our own choosing (an open loop).

A delivery is late from the moment it was due, not from the moment a line was free for it: a door that stalls must show.
"""

import asyncio
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from benchmarks.wire import Line

LINES = 48
UPDATES, CHATS = 700_000_000, 8_000_000_000
"""Numbers no simulator gives out."""
SAID = (
    "paket kursus saya tidak ditemukan di tokopedia",
    "pembayaran gagal terus kak, kursus microsoft excel di bukalapak",
    "insentif belum cair sudah 3 minggu",
    "saldo pelatihan saya hangus?",
    "min sertifikat belum muncul",
)


@dataclass
class Doors:
    """What came back from the door."""

    seconds: list[float] = field(default_factory=list)
    statuses: dict[int, int] = field(default_factory=dict)

    @property
    def acknowledged(self) -> int:
        """How many were told that we have them."""
        return self.statuses.get(200, 0)


def update(number: int, chat: int, said: str) -> dict[str, object]:
    """Return an update of a private chat."""
    person = {"id": chat, "is_bot": False, "first_name": "Peserta"}
    message = {"message_id": number % 1_000_000, "date": 1_598_238_000 + number // 1_000, "from": person, "text": said}
    return {
        "update_id": UPDATES + number,
        "message": message | {"chat": {"id": chat, "type": "private", "first_name": "Peserta"}},
    }


def updates(count: int, chats: int, first: int = 0) -> Iterator[dict[str, object]]:
    """Yield messages that go round the chats, so that each chat's come in order."""
    for number in range(first, first + count):
        yield update(number, CHATS + number % chats, SAID[number % len(SAID)])


async def knock(told: Mapping[str, str], bodies: Iterable[dict[str, object]], per_second: float | None) -> Doors:
    """Post every body at this rate (None: as fast as the door takes them) and return how long each took."""
    doors, queue = Doors(), asyncio.Queue[tuple[float, dict[str, object]] | None](maxsize=LINES * 4)
    async with asyncio.TaskGroup() as group:
        for _ in range(LINES):
            group.create_task(_line(told, queue, doors))
        begin = time.perf_counter()
        for number, body in enumerate(bodies):
            due = begin + number / per_second if per_second else time.perf_counter()
            if (early := due - time.perf_counter()) > 0:
                await asyncio.sleep(early)
            await queue.put((due, body))
        for _ in range(LINES):
            await queue.put(None)
    return doors


async def _line(
    told: Mapping[str, str], queue: "asyncio.Queue[tuple[float, dict[str, object]] | None]", doors: Doors
) -> None:
    secret = {"X-Telegram-Bot-Api-Secret-Token": told["TELEGRAM_SECRET"]}
    async with Line(int(told["BOT_PORT"]), secret, json=False) as line:
        while (given := await queue.get()) is not None:
            due, body = given
            status, _ = await line.post("/telegram/webhook", body)
            doors.seconds.append(time.perf_counter() - due)
            doors.statuses[status] = doors.statuses.get(status, 0) + 1
