"""Our own system under load: every part as its own process in a state folder of its own, durability on.

Only the speed limits of the channel are lifted (ours and the simulator's): they are Telegram's, not ours.
"""

import os
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

import psycopg

from benchmarks.load import Crowd, Heard, Mouth
from benchmarks.wire import Line
from helpdesk import system

UNLIMITED = {"TELEGRAM_MESSAGES_PER_SECOND": "100000", "SIMULATOR_TELEGRAM_LIMITS": "false"}
REPLY_SECONDS = 30
BOUND_EACH = 600

IDENTITY = """
INSERT INTO identities (id, channel, external_id, display_name, participant_id, bound_by, bound_at, phone_hash)
SELECT gen_random_uuid(), 'telegram', %s, 'Peserta', id, 'rehearsal', now(), phone_hash
FROM programme.participants WHERE id = %s
ON CONFLICT (channel, external_id) DO NOTHING
"""
RECIPIENTS = """
SELECT DISTINCT participant_id FROM programme.cards WHERE status = 'active' ORDER BY participant_id LIMIT 2000
"""


class TelegramMouth:
    """Speaks as people at the Telegram simulator; times are the simulator's own, from message to delivered reply."""

    def __init__(self, line: Line) -> None:
        self._line = line

    async def say(self, chat: int, line: str, *, with_check: bool) -> Heard:
        """Return what came back."""
        act = {"as": {"id": chat, "first_name": "Peserta"}, "text": line, "wait": REPLY_SECONDS}
        status, seen = await self._line.post("/control/talk", act)
        items = seen["items"] if status == 200 else []
        reply = next((item for item in items if item["who"] == "bot"), None)
        if reply is None:
            return Heard(REPLY_SECONDS, answered=False, with_check=False)
        # whether it was checked is counted afterwards, in the turns that were written
        return Heard(reply["at"] - items[0]["at"], answered=True, with_check=False)


@dataclass(frozen=True)
class Ours:
    """Our system, running."""

    told: dict[str, str]
    pids: dict[str, int]

    @asynccontextmanager
    async def mouth(self) -> AsyncIterator[Mouth]:
        """Open a connection to the simulator's control API."""
        async with Line(int(self.told["SIMULATOR_PORT"])) as line:
            yield TelegramMouth(line)

    def bind_crowd(self, crowd: Crowd) -> None:
        """Bind the chats of a crowd to participants of the registry who hold an active card."""
        chats = crowd.numbers(BOUND_EACH)
        with psycopg.connect(self.conninfo) as connection:
            participants = [row[0] for row in connection.execute(RECIPIENTS).fetchall()]
            with connection.cursor() as cursor:
                pairs = zip(chats, cycle(participants), strict=False)
                cursor.executemany(IDENTITY, [(str(chat), participant) for chat, participant in pairs])

    def turns_with_findings(self) -> tuple[int, int]:
        """Count the turns written so far, and those of them that looked something up."""
        count = "SELECT count(*), count(*) FILTER (WHERE findings <> '[]') FROM turns"
        with psycopg.connect(self.conninfo) as connection:
            row = connection.execute(count).fetchone()
        return (int(row[0]), int(row[1])) if row else (0, 0)

    @property
    def conninfo(self) -> str:
        """How to connect to its database."""
        return self.told["DATABASE_URL"].replace("postgresql+psycopg://", "postgresql://", 1)


@contextmanager
def running(var: Path, tell: Callable[[str], None], more: Mapping[str, str] = UNLIMITED) -> Iterator[Ours]:
    """Run the whole system in a state folder while the block runs; unless told, without speed limits."""
    os.environ.update(more)
    several = {name: int(os.environ.get(name.upper(), "1")) for name in ("helpdesk_bots", "helpdesk_rasas")}
    settings = system.beside(var, **several)
    try:
        # every run begins with the same programme and no conversations
        up = system.start(settings, fresh=True, tell=tell, tick=_Tick(tell))
        parts = {name: part.pid for name, part in up.state.parts.items() if part.pid}
        yield Ours(up.settings, {**parts, "supervisor": up.state.pid})
    finally:
        system.stop(settings)
        for name in more:
            os.environ.pop(name, None)


class _Tick:
    """Says that the start still goes on, now and then."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        self._tell, self._at = tell, time.monotonic()

    def __call__(self) -> None:
        if time.monotonic() - self._at > 10:
            self._at = time.monotonic()
            self._tell("  still starting")
