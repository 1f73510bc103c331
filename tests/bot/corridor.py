"""The corridor with real PostgreSQL, a scripted Rasa at the end of the line, and senders that remember."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson
from sqlalchemy import text

from bot.channels import pulled, telegram, whatsapp
from bot.identity.keys import IdentityKeys
from bot.identity.links import LinkAddress
from bot.identity.people import People
from bot.inbox import Arrival, Inbox
from bot.limits import Limits, LocalLimits, Rules
from bot.lines import Patience
from bot.media.kept import Files
from bot.outbox import Outbox
from bot.sending import OutboundMessage, Sender, Typing
from bot.settings import BotSettings, MediaSettings
from bot.showing import Showing
from bot.turn import Turns
from bot.understanding import Understanding
from bot.waiting import Waiting
from bot.worker import Worker
from bot.writing import Writer
from records.bell import PostgresBell
from records.clock import Clock
from records.database import Database
from records.sealed import Seal
from registry.facts import Purchase
from registry.identifiers import phone_number
from registry.interface import Absent, Answer, CouldNotAsk, Known

SITI, BUDI = 7001, 7002


def update(number: int, said: str | None, *, chat: int = SITI, **message: Any) -> bytes:
    """A Telegram update as Telegram sends it."""
    person = {"id": chat, "is_bot": False, "first_name": "Siti"}
    body = {
        "message_id": number,
        "date": 1_598_238_000 + number,
        "chat": {"id": chat, "type": "private", "first_name": "Siti"},
        "from": person,
        **({"text": said} if said is not None else {}),
        **message,
    }
    return orjson.dumps({"update_id": 900_000 + number, "message": body})


def press(number: int, token: str, *, chat: int = SITI) -> bytes:
    """A pressed inline button."""
    person = {"id": chat, "is_bot": False, "first_name": "Siti"}
    message = {"message_id": 1, "date": 1_598_238_000, "chat": {"id": chat, "type": "private"}}
    query = {"id": f"q{number}", "from": person, "chat_instance": "1", "data": token, "message": message}
    return orjson.dumps({"update_id": 900_000 + number, "callback_query": query})


def says(text: str, *, intent: str = "greet", **more: Any) -> dict[str, Any]:
    """An answer of the turn channel."""
    reply = {"text": text, "buttons": more.pop("buttons", [])}
    return {
        "turn_id": "x",
        "replies": [reply] if text else [],
        "findings": more.pop("findings", []),
        "proposals": more.pop("proposals", []),
        "understanding": {
            "intent": {"name": intent, "confidence": 0.9},
            "ranking": [{"name": intent, "confidence": 0.9}],
            "also": [],
            "entities": [],
            "model": "uji",
        },
        "state": more.pop("state", {"slots": {}}),
        "took_ms": 1.0,
        **more,
    }


A_TICKET = {
    "kind": "ticket",
    "intent": "package_not_found",
    "also": [],
    "platform": "sisnaker",
    "course": "Desain",
    "queue": "PMO_TRANSACTION",
    "priority": "normal",
    "reason": "Sudah lebih dari 24 jam.",
    "summary": "Paket kursus tidak ditemukan di Sisnaker selama 3 hari.",
}


@dataclass
class ScriptedRasa:
    """Answers turns by a function of the request; remembers what it was asked."""

    answer: Callable[[dict[str, Any]], dict[str, Any] | bytes | int | Exception] = lambda asked: says(
        f"dengar: {asked['text']}"
    )
    asked: list[dict[str, Any]] = field(default_factory=list)
    meanwhile: Callable[[], Awaitable[None]] | None = None
    """What happens elsewhere while Rasa thinks."""

    async def post(self, url: str, headers: Mapping[str, str], body: bytes, patience: Patience) -> tuple[int, bytes]:
        assert headers["Authorization"] == "Bearer rahasia"
        asked = orjson.loads(body)
        self.asked.append(asked)
        if self.meanwhile:
            await self.meanwhile()
        said = self.answer(asked)
        if isinstance(said, Exception):
            raise said
        if isinstance(said, int):
            return said, orjson.dumps({"error": "uji"})
        return 200, said if isinstance(said, bytes) else orjson.dumps(said)


@dataclass
class RememberingSender:
    """Takes every message, or does what the script says first."""

    sent: list[OutboundMessage] = field(default_factory=list)
    script: list[Exception] = field(default_factory=list)
    watch: Callable[[OutboundMessage], Awaitable[None]] | None = None
    """What happens while the bytes are on their way."""

    async def send(self, message: OutboundMessage) -> str:
        if self.script:
            raise self.script.pop(0)
        if self.watch:
            await self.watch(message)
        self.sent.append(message)
        return f"m{len(self.sent)}"

    @property
    def words(self) -> list[str]:
        return [message.text for message in self.sent]


class PhoneBook:
    """A registry that knows phone numbers only."""

    def __init__(self, numbers: dict[str, tuple[str, ...]] | None = None, *, away: bool = False) -> None:
        self._numbers, self.away = numbers or {}, away
        self.nik_last4: dict[str, str] = {}
        self.keys: IdentityKeys | None = None

    def moves(self, number: str, *participants: str) -> None:
        """Register a number to somebody else, or to nobody."""
        self._numbers[number] = participants
        if not participants:
            del self._numbers[number]

    async def participants_by_phone(self, phone: str) -> Answer[tuple[str, ...]]:
        from tests.conftest import OPENING

        if self.away:
            return CouldNotAsk("uji", "tidak menjawab", 1.0)
        if (number := phone_number(phone)) in self._numbers:
            return Known(self._numbers[number], "uji", OPENING, 1.0)
        return Absent("uji", OPENING, 1.0)

    async def participants_by_phone_hash(self, phone_hash: str) -> Answer[tuple[str, ...]]:
        assert self.keys
        return await self.participants_by_phone(
            next((number for number in self._numbers if self.keys.phone(number) == phone_hash), "")
        )

    async def participants_by_nik_last4(self, participant_ids: Sequence[str], last4: str) -> Answer[tuple[str, ...]]:
        from tests.conftest import OPENING

        if self.away:
            return CouldNotAsk("uji", "tidak menjawab", 1.0)
        found = tuple(who for who in participant_ids if self.nik_last4.get(who) == last4)
        return Known(found, "uji", OPENING, 1.0) if found else Absent("uji", OPENING, 1.0)

    async def purchases(self, participant_id: str) -> Answer[tuple[Purchase, ...]]:
        from tests.conftest import OPENING

        return Absent("uji", OPENING, 1.0)


class Corridor:
    """Inbox, worker and outbox of one bot."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        data_key: str,
        rasa: ScriptedRasa | None = None,
        registry: PhoneBook | None = None,
        limits: Limits | None = None,
        channel: Sender | None = None,
        on_whatsapp: Sender | None = None,
    ) -> None:
        self.database, self.clock = database, clock
        self.rasa = rasa or ScriptedRasa()
        self.telegram, self.whatsapp = RememberingSender(), RememberingSender()
        settings = BotSettings(bot_console_token="konsol", rasa_turn_token="rahasia", _env_file=None)  # type: ignore
        media = MediaSettings(_env_file=None)  # type: ignore[call-arg]
        due, said = asyncio.Event(), asyncio.Event()
        seal, bell = Seal(data_key), PostgresBell(database.url)
        keys = IdentityKeys(data_key)
        self.people = People(database, registry or PhoneBook(), keys, settings, clock)  # type: ignore[arg-type]
        self.turns = Turns(
            {"telegram": telegram.parse, "whatsapp": whatsapp.parse, "web": pulled.parse, "console": pulled.parse},
            Understanding(settings, self.rasa),
            self.people,
            seal,
            clock,
            database,
            media=media,
        )
        self.inbox = Inbox(database, seal, clock, due)
        self.bell, self.waiting = bell, Waiting(database, bell)
        senders: dict[str, Sender] = {
            "telegram": channel or self.telegram,
            "whatsapp": on_whatsapp or self.whatsapp,
            "web": Showing("web", database, bell, self.waiting),
            "console": Showing("console", database, bell, self.waiting),
        }
        self.outbox = Outbox(
            database,
            senders,
            {"telegram": limits or LocalLimits(Rules("telegram", 1000, 1000, 1000))},
            clock,
            bell,
            said,
            LinkAddress(keys, "https://bot.example"),
            Files(database, seal),
        )
        writer = Writer(database, seal, clock, bell, media)
        typing = {name: sender for name, sender in senders.items() if isinstance(sender, Typing)}
        self.worker = Worker(settings, database, self.turns, writer, self.outbox, due, said, typing=typing)
        self._tasks: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> "Corridor":
        self._tasks = [asyncio.create_task(work.run()) for work in (self.inbox, self.worker, self.outbox)]
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def hear(self, *bodies: bytes) -> None:
        """Store Telegram updates and wait until everything is concluded."""
        from bot.webhooks import telegram_arrival

        await asyncio.gather(*(self.inbox.store([telegram_arrival(body)]) for body in bodies))
        await self.rest()

    async def store_only(self, *arrivals: Arrival) -> None:
        """Store what arrives while nobody works."""
        run = asyncio.create_task(self.inbox.run())
        await asyncio.gather(*(self.inbox.store([arrival]) for arrival in arrivals))
        run.cancel()
        await asyncio.gather(run, return_exceptions=True)

    async def rest(self, seconds: float = 60) -> None:
        """Wait until nothing is pending and nothing is due."""
        async with asyncio.timeout(seconds):
            while await self.count("inbox WHERE status = 'pending'") or await self.count(  # noqa: ASYNC110
                "outbox WHERE status IN ('due', 'sending')"
            ):
                await asyncio.sleep(0.02)

    async def count(self, what: str) -> int:
        """Count the rows of a table, with an optional condition."""
        async with self.database.read() as session:
            return int(await session.scalar(text(f"SELECT count(*) FROM {what}")) or 0)  # noqa: S608

    async def row(self, query: str) -> dict[str, Any]:
        """Return the only row of a query."""
        async with self.database.read() as session:
            return dict((await session.execute(text(query))).mappings().one())
