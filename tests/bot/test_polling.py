"""Long polling against the simulator: acknowledged only after the commit, never lost, never twice, alone or not."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy.exc import OperationalError

from bot.channels.telegram import TelegramChannel
from bot.channels.telegram_errors import Pauses
from bot.inbox import Arrival, Inbox
from bot.polling import poll_telegram
from bot.presence import Presence
from bot.settings import TelegramSettings
from records.clock import Clock
from records.database import Database
from records.sealed import Seal
from simulator.app import Simulator, build
from simulator.settings import SimulatorSettings
from tests.simulator.serving import serving

TOKEN = "7000000001:gladi"
SITI = {"id": 7001, "first_name": "Siti"}


class Moody:
    """An inbox whose database is away as often as it is told."""

    def __init__(self, inbox: Inbox, away: int = 0) -> None:
        self._inbox, self.away = inbox, away

    async def store(self, arrivals: Sequence[Arrival]) -> None:
        if self.away:
            self.away -= 1
            raise OperationalError("", {}, Exception("away"))
        await self._inbox.store(arrivals)


@pytest.fixture
async def simulator(tmp_path: Path) -> AsyncIterator[tuple[Simulator, str]]:
    secrets = {"whatsapp_token": "t", "whatsapp_app_secret": "s", "whatsapp_verify_token": "v", "sign_key": "k"}
    made = build(SimulatorSettings(data=tmp_path, telegram_token=TOKEN, **secrets))  # type: ignore[arg-type]
    async with serving(made.app) as address:
        yield made, address


@pytest.fixture
async def inbox(database: Database, data_key: str, clock: Clock) -> AsyncIterator[Inbox]:
    inbox = Inbox(database, Seal(data_key), clock, asyncio.Event())
    run = asyncio.create_task(inbox.run())
    yield inbox
    run.cancel()
    await asyncio.gather(run, return_exceptions=True)


@pytest.fixture
async def poll(
    simulator: tuple[Simulator, str], database: Database, clock: Clock
) -> AsyncIterator[Callable[[Any], None]]:
    tasks, channels = [], []

    def start(inbox: Any) -> None:
        settings = TelegramSettings(
            telegram_token=TOKEN,  # type: ignore[arg-type]
            telegram_api_url=f"{simulator[1]}/telegram",
            _env_file=None,  # type: ignore[call-arg]
        )
        channels.append(TelegramChannel(settings))
        presence = Presence(database, "telegram", clock, asyncio.Event())
        tasks.append(asyncio.create_task(poll_telegram(channels[-1], inbox, presence, Pauses(0.05, 0.2))))

    yield start
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    for channel in channels:
        await channel.stop()


async def say(address: str, *texts: str) -> None:
    async with httpx.AsyncClient() as http:
        acts = [{"as": SITI, "text": text} for text in texts]
        (await http.post(f"{address}/control/send", json=acts)).raise_for_status()


async def until(condition: Callable[[], Any], seconds: float = 60) -> None:
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110 - it watches from outside
            await asyncio.sleep(0.02)


async def kept(database: Database) -> int:
    rows = await database.at_once.rows("SELECT count(*) AS n FROM inbox", {})
    return int(rows[0]["n"])


async def test_updates_are_acknowledged_only_after_they_are_committed(
    simulator: tuple[Simulator, str], inbox: Inbox, poll: Any, database: Database
) -> None:
    moody = Moody(inbox, away=1000)
    poll(moody)
    state = simulator[0].stage.telegram.state
    await say(simulator[1], "satu", "dua")
    await until(lambda: moody.away < 990)
    assert len(state.pending) == 2
    assert await kept(database) == 0
    moody.away = 0
    await say(simulator[1], "tiga")
    await until(lambda: not state.pending)
    assert await kept(database) == 3


async def test_two_pollers_put_each_other_out_and_lose_or_repeat_nothing(
    simulator: tuple[Simulator, str], inbox: Inbox, poll: Any, database: Database
) -> None:
    poll(Moody(inbox))
    poll(Moody(inbox, away=2))
    state = simulator[0].stage.telegram.state
    for number in range(10):
        await say(simulator[1], f"pesan {number}")
        await asyncio.sleep(0.05)
    await until(lambda: not state.pending)
    assert await kept(database) == 10


async def test_a_poller_waits_while_a_webhook_is_set_and_goes_on_when_it_is_gone(
    simulator: tuple[Simulator, str], inbox: Inbox, poll: Any, database: Database
) -> None:
    made, address = simulator
    async with httpx.AsyncClient() as http:
        bot = f"{address}/telegram/bot{TOKEN}"
        await http.post(f"{bot}/setWebhook", json={"url": "http://127.0.0.1:9/elsewhere"})
        poll(Moody(inbox))
        await say(address, "satu")
        await asyncio.sleep(0.6)
        assert made.stage.telegram.state.webhook.url
        assert await kept(database) == 0
        await http.post(f"{bot}/deleteWebhook")
    await until(lambda: not made.stage.telegram.state.pending)
    assert await kept(database) == 1


async def test_updates_nobody_can_read_do_not_hold_up_the_others(
    simulator: tuple[Simulator, str], inbox: Inbox, poll: Any, database: Database
) -> None:
    made, address = simulator
    async with httpx.AsyncClient() as http:
        odd = [{"as": SITI, "do": "odd", "kind": "message", "body": {"chat": "rusak"}}, {"as": SITI, "text": "halo"}]
        odd.insert(1, {"as": SITI, "do": "odd", "kind": "neutrino", "body": {"a": 1}})
        (await http.post(f"{address}/control/send", json=odd)).raise_for_status()
    poll(Moody(inbox))
    await until(lambda: not made.stage.telegram.state.pending)
    assert await kept(database) == 3
