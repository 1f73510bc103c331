"""What Telegram thinks of our webhook, asked of the simulator over real loopback with the real client."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from bot.channels.telegram import TelegramChannel
from bot.settings import TelegramSettings
from bot.watch.room import asking
from records.clock import Clock
from records.database import Database
from simulator.app import build
from simulator.settings import SimulatorSettings
from tests.bot.watch.conftest import MakeRoom, alarms
from tests.bot.watch.test_alarms import closes, opens
from tests.conftest import OPENING
from tests.simulator.serving import serving

TOKEN = "7000000001:gladi"


@pytest.fixture
async def telegram(tmp_path: Path) -> AsyncIterator[str]:
    """Telegram at an address of this machine; its clock stands at the opening."""
    settings = SimulatorSettings(
        data=tmp_path,
        telegram_token=SecretStr(TOKEN),
        whatsapp_token=SecretStr("wa-token"),
        whatsapp_app_secret=SecretStr("app"),
        whatsapp_verify_token=SecretStr("verify"),
        sign_key=SecretStr("sign-key"),
        telegram_retry_base=timedelta(milliseconds=50),
    )
    async with serving(build(settings, clock=lambda: OPENING).app) as address:
        yield address


def settings_at(address: str, token: str = TOKEN) -> TelegramSettings:
    return TelegramSettings(
        telegram_token=SecretStr(token),
        telegram_secret=SecretStr("rahasia"),
        telegram_api_url=f"{address}/telegram",
        _env_file=None,  # type: ignore[call-arg]
    )


@pytest.fixture
async def channel(telegram: str) -> AsyncIterator[TelegramChannel]:
    channel = TelegramChannel(settings_at(telegram))
    yield channel
    await channel.stop()


async def says(address: str, text: str) -> None:
    account: dict[str, Any] = {"id": 7001, "first_name": "Siti"}
    async with httpx.AsyncClient() as http:
        (await http.post(f"{address}/control/send", json={"as": account, "text": text})).raise_for_status()


async def test_a_webhook_that_fails_is_an_alarm_until_updates_are_taken(
    telegram: str, channel: TelegramChannel, make_room: MakeRoom, database: Database, clock: Clock
) -> None:
    nobody = "http://127.0.0.1:9/telegram/webhook"
    await channel.start(nobody)
    ask = asking(channel, settings_at(telegram), "http://127.0.0.1:9", clock)
    room = make_room(alarms(alarm_ask_telegram_every=timedelta()), ask=ask)
    assert ask is not None
    assert await ask() == {"pending": 0, "problem": None}
    await says(telegram, "halo")
    row = await opens(room, database, "telegram_webhook", "telegram")
    assert row["value"] == 1
    assert row["detail"]
    await channel.bot.delete_webhook(drop_pending_updates=True)
    await channel.start(nobody)
    await closes(room, database, "telegram_webhook", "telegram")


async def test_a_webhook_that_leads_elsewhere_is_an_alarm(
    telegram: str, channel: TelegramChannel, clock: Clock
) -> None:
    await channel.start("http://127.0.0.1:9/telegram/webhook")
    ours = asking(channel, settings_at(telegram), "https://bot.example/", clock)
    polled = asking(channel, settings_at(telegram).model_copy(update={"telegram_mode": "polling"}), "", clock)
    assert ours is not None
    assert polled is not None
    assert (await ours())["problem"] == "elsewhere"
    assert (await polled())["problem"] == "elsewhere"
    await channel.start(None)
    assert (await polled())["problem"] is None


async def test_a_token_telegram_no_longer_knows_is_told_apart_from_telegram_away(telegram: str, clock: Clock) -> None:
    for settings, problem in (
        (settings_at(telegram, "7000000001:lama"), "token"),
        (settings_at("http://127.0.0.1:9"), "away"),
    ):
        channel = TelegramChannel(settings)
        ask = asking(channel, settings, "https://bot.example", clock)
        assert ask is not None
        assert (await ask())["problem"] == problem
        await channel.stop()


def test_where_telegram_is_off_nobody_is_asked(clock: Clock) -> None:
    assert asking(None, settings_at(""), "https://bot.example", clock) is None
