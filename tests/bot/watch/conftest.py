"""A watched process of the bot: its room, its doors, and a database that can be taken away."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from datetime import timedelta
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from bot.settings import AlarmSettings, BotSettings, TelegramSettings, WhatsAppSettings
from bot.watch.room import WatchRoom
from bot.watch.telegram_webhook import Ask
from bot.webhooks import Webhooks
from records.bell import PostgresBell
from records.clock import Clock
from records.database import Database
from tests.bot.corridor import Corridor

TOKEN = "sandi-angka"
TELEGRAM = TelegramSettings(telegram_secret="s3cret", _env_file=None)  # type: ignore[call-arg]
WHATSAPP = WhatsAppSettings(whatsapp_app_secret="kunci", whatsapp_token="x", _env_file=None)  # type: ignore[call-arg]
BOT = BotSettings(  # type: ignore[call-arg]
    bot_console_token="konsol",
    rasa_turn_token="r",
    rasa_url="http://127.0.0.1:9",
    bot_metrics_token=TOKEN,
    _env_file=None,
)
NOW = timedelta()


def alarms(**changed: Any) -> AlarmSettings:
    """Alarm settings under which an alarm closes as soon as it is over."""
    return AlarmSettings(_env_file=None, **{"alarm_quiet": NOW, "alarm_disk_free": 0, **changed})  # type: ignore[call-arg]


type MakeRoom = Callable[..., WatchRoom]


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient() as client:
        yield client


@pytest.fixture
def make_room(database: Database, clock: Clock, client: httpx.AsyncClient) -> MakeRoom:
    """Make a watched process, with alarm settings of the scene's own."""

    def make(
        limits: AlarmSettings | None = None,
        *,
        ask: Ask | None = None,
        at: Clock = clock,
        whatsapp: WhatsAppSettings = WHATSAPP,
        over: Database = database,
        line: httpx.AsyncClient = client,
    ) -> WatchRoom:
        bell = PostgresBell(database.url)
        return WatchRoom(over, line, bell, at, BOT, limits or alarms(), whatsapp, ask)

    return make


@pytest.fixture
async def corridor(database: Database, clock: Clock, data_key: str) -> AsyncIterator[Corridor]:
    async with Corridor(database, clock, data_key) as corridor:
        yield corridor


type Knock = Callable[[WatchRoom], httpx.AsyncClient]


@pytest.fixture
async def knock(corridor: Corridor) -> AsyncIterator[Knock]:
    """Stand before the doors of a watched process."""
    async with AsyncExitStack() as stack:
        opened: list[httpx.AsyncClient] = []

        def stand(room: WatchRoom) -> httpx.AsyncClient:
            doors = Webhooks(corridor.inbox, TELEGRAM, WHATSAPP, room.count_webhook)
            transport = httpx.ASGITransport(Starlette(routes=[*doors.routes(), *room.health.routes()]))
            opened.append(httpx.AsyncClient(transport=transport, base_url="http://bot"))
            return opened[-1]

        yield stand
        for one in opened:
            await one.aclose()
        await stack.aclose()
