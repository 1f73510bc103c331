"""telegram-test-api as the judge: the real bot, over HTTP both ways, a shim between for what is unlike Telegram."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot import wording
from bot.app import Bot, Settings
from bot.settings import BotSettings, TelegramSettings, WhatsAppSettings
from records.settings import RecordsSettings
from registry.settings import RegistrySettings
from tests.bot.corridor import PhoneBook, says
from tests.bot.web import held_port
from tests.judges.shim import Shim
from tests.simulator.serving import serving

HERE = Path(__file__).parent
NODE = shutil.which("node")
pytestmark = pytest.mark.skipif(
    NODE is None or not (HERE / "node_modules/telegram-test-api").exists(),
    reason="no Node, or the judges are not installed (npm ci --prefix tests/judges)",
)
TOKEN = "7000000001:gladi"
CHOICE = {"intent": "inform", "slots": {"platform": "sisnaker"}}


async def turn(request: Request) -> Response:
    """A Rasa that asks where, and takes the answer."""
    asked = await request.json()
    if asked["choice"]:
        said = says("Baik.")
    elif "paket" in asked["text"]:
        said = says("Di mana?", buttons=[{"title": "Sisnaker", "choice": CHOICE}])
    else:
        said = says(f"dengar: {asked['text']}")
    return Response(orjson.dumps(said), media_type="application/json")


@pytest.fixture
async def judge() -> AsyncIterator[str]:
    with held_port() as held:
        port = held.getsockname()[1]
        process = await asyncio.create_subprocess_exec(
            *(str(NODE), str(HERE / "telegram_test_api.js"), str(port)),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        assert process.stdin
        assert process.stdout
        async with asyncio.timeout(60):
            assert await process.stdout.readline() == b"ready\n"
        yield f"http://127.0.0.1:{port}"
        assert process.returncode is None, "the judge died"
        process.stdin.close()
        await process.wait()


@pytest.fixture
async def shim(judge: str) -> AsyncIterator[Shim]:
    shim = Shim(judge)
    yield shim
    await shim.http.aclose()


@pytest.fixture
async def person(judge: str, shim: Shim, database_url: str, data_key: str) -> AsyncIterator["Person"]:
    rasa = Starlette(routes=[Route("/{path:path}", turn, methods=["POST"])])
    async with serving(shim.app) as telegram, serving(rasa) as rasa_at:  # type: ignore[arg-type]
        held = held_port()
        port = held.getsockname()[1]
        bot = Bot(settings(database_url, data_key, telegram, rasa_at, port), registry=PhoneBook())  # type: ignore[arg-type]
        async with serving(bot.app, port), httpx.AsyncClient(timeout=60) as http:  # type: ignore[arg-type]
            async with asyncio.timeout(60):
                while not shim.webhook:  # noqa: ASYNC110 - the bot tells nobody that it has registered
                    await asyncio.sleep(0.05)
            yield Person(judge, http)
        held.close()


def settings(database_url: str, data_key: str, telegram: str, rasa: str, port: int) -> Settings:
    given: dict[str, Any] = {"_env_file": None}
    return Settings(
        RecordsSettings(database_url=database_url, helpdesk_data_key=data_key, **given),
        BotSettings(
            bot_port=port,
            bot_public_url=f"http://127.0.0.1:{port}",
            bot_console_token="konsol",  # type: ignore[arg-type]
            rasa_turn_token="rahasia",  # type: ignore[arg-type]
            rasa_url=rasa,
            **given,
        ),
        TelegramSettings(telegram_token=TOKEN, telegram_secret="rahasia-kita", telegram_api_url=telegram, **given),  # type: ignore[arg-type]
        WhatsAppSettings(whatsapp_mode="off", **given),
        RegistrySettings(helpdesk_data_key=data_key, **given),
    )


class Person:
    """Somebody at the judge's Telegram."""

    def __init__(self, judge: str, http: httpx.AsyncClient) -> None:
        self._judge, self._http = judge, http

    async def _do(self, way: str, **more: Any) -> None:
        sender = {"id": 71, "first_name": "Siti", "is_bot": False}
        chat = {"id": 71, "type": "private", "first_name": "Siti"}
        act = {"botToken": TOKEN, "from": sender, "chat": chat, "date": 1_598_238_000, **more}
        (await self._http.post(f"{self._judge}/{way}", json=act)).raise_for_status()

    async def says(self, text: str) -> None:
        await self._do("sendMessage", text=text)

    async def commands(self, text: str) -> None:
        entities = [{"type": "bot_command", "offset": 0, "length": len(text)}]
        await self._do("sendCommand", text=text, entities=entities)

    async def presses(self, data: str) -> None:
        message = {"chat": {"id": 71, "type": "private"}, "from": {"id": 666, "is_bot": True, "first_name": "B"}}
        await self._do("sendCallback", data=data, message=message)

    async def hears(self) -> dict[str, Any]:
        """Wait for the next message of the bot."""
        async with asyncio.timeout(60):
            while True:
                asked = {"token": TOKEN, "chatId": 71}
                if found := (await self._http.post(f"{self._judge}/getUpdates", json=asked)).json()["result"]:
                    return dict(found[0]["message"])
                await asyncio.sleep(0.05)


async def test_the_judge_sees_texts_commands_and_buttons_answered_through_our_webhook(
    person: Person, shim: Shim
) -> None:
    await person.says("saldo kepotong min")
    assert (await person.hears())["text"] == "dengar: saldo kepotong min"
    await person.commands("/start")
    assert (await person.hears())["text"] == "dengar: halo"
    await person.commands("/hubungkan")
    asked = await person.hears()
    assert asked["text"] == wording.HOW_TO_BIND["telegram"]
    assert asked["reply_markup"]["keyboard"][0][0]["request_contact"] is True
    await person.says("paket tidak ditemukan")
    button = (await person.hears())["reply_markup"]["inline_keyboard"][0][0]
    assert button["text"] == "Sisnaker"
    await person.presses(button["callback_data"])
    assert (await person.hears())["text"] == "Baik."
    await person.presses(button["callback_data"])
    assert (await person.hears())["text"] == wording.STALE_BUTTON
    assert shim.refused == []
    assert "setmycommands" in shim.missing


async def test_without_the_secret_the_judges_updates_are_refused(person: Person, shim: Shim) -> None:
    shim.secret = ""
    await person.says("halo")
    async with asyncio.timeout(60):
        while not shim.refused:  # noqa: ASYNC110 - it watches from outside
            await asyncio.sleep(0.02)
    shim.secret = "rahasia-kita"
    await person.says("lagi")
    assert (await person.hears())["text"] == "dengar: lagi"
    assert shim.refused == [403]
