"""tg-auto-test as the judge: its own Telegram makes the updates and takes our calls, with our corridor in between."""

from collections.abc import AsyncIterator
from io import BytesIO
from typing import Any

import pytest
from PIL import Image
from telegram import Update
from telegram.ext import Application, ApplicationBuilder, ContextTypes, TypeHandler

from bot import wording
from bot.channels.telegram import CHANNEL, COMMANDS, TelegramChannel
from bot.settings import TelegramSettings
from records.clock import Clock
from records.database import Database
from tests.bot.corridor import Corridor, ScriptedRasa, says

judge = pytest.importorskip("tg_auto_test.test_utils.serverless_telegram_client", reason="tg-auto-test is not here")
CHOICE = {"intent": "inform", "slots": {"platform": "sisnaker"}}
BUTTONS = [{"title": "Sisnaker", "choice": CHOICE}, {"title": "Tokopedia", "choice": CHOICE}]


def picture() -> bytes:
    drawn = BytesIO()
    Image.new("RGB", (32, 32), "navy").save(drawn, "PNG")
    return drawn.getvalue()


class Judged:
    """The corridor with the judge's Telegram on both ends."""

    def __init__(self, database: Database, clock: Clock, data_key: str) -> None:
        self.channel = TelegramChannel(TelegramSettings(telegram_token="7:x", _env_file=None))  # type: ignore
        rasa = ScriptedRasa(lambda asked: self.answer(asked))
        self.corridor = Corridor(database, clock, data_key, rasa, channel=self.channel)
        self.client = judge.ServerlessTelegramClient(self._application)

    def _application(self, builder: "ApplicationBuilder[Any, Any, Any, Any, Any, Any]") -> Any:
        application: Application[Any, Any, Any, Any, Any, Any] = builder.build()
        application.add_handler(TypeHandler(Update, self._update))
        self.channel.bot = application.bot  # type: ignore[assignment]
        return application

    async def _update(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        await self.corridor.hear(update.to_json().encode())

    def answer(self, asked: dict[str, Any]) -> dict[str, Any]:
        if asked["choice"]:
            return says(f"Baik, {asked['text']}.")
        return says("Di mana?", buttons=BUTTONS) if "paket" in asked["text"] else says(f"dengar: {asked['text']}")


@pytest.fixture
async def judged(database: Database, clock: Clock, data_key: str) -> AsyncIterator[Judged]:
    judged = Judged(database, clock, data_key)
    async with judged.corridor:
        await judged.client.connect()
        yield judged
        await judged.client.disconnect()
    await judged.channel.stop()


async def test_a_text_and_a_command_are_answered(judged: Judged) -> None:
    async with judged.client.conversation("bot") as talk:
        await talk.send_message("saldo kepotong min")
        assert (await talk.get_response()).text == "dengar: saldo kepotong min"
        await talk.send_message("/start")
        assert (await talk.get_response()).text == "dengar: halo"
        await talk.send_message("/hubungkan")
        assert (await talk.get_response()).text == wording.HOW_TO_BIND[CHANNEL]


async def test_an_inline_button_is_pressed_and_a_used_one_explains(judged: Judged) -> None:
    async with judged.client.conversation("bot") as talk:
        await talk.send_message("paket tidak ditemukan")
        asked = await talk.get_response()
        assert [button.text for row in asked.buttons for button in row] == ["Sisnaker", "Tokopedia"]
        await asked.click(text="Sisnaker")
        assert (await talk.get_response()).text == "Baik, Sisnaker."
        await asked.click(text="Tokopedia")
        assert (await talk.get_response()).text == wording.STALE_BUTTON


@pytest.mark.parametrize(
    ("sent", "answer"),
    [
        ({}, wording.PHOTO),
        ({"caption": "ini errornya"}, "dengar: ini errornya"),
        ({"force_document": True}, wording.DOCUMENT),
    ],
    ids=["photo", "photo with words", "document"],
)
async def test_a_picture_is_taken(judged: Judged, sent: dict[str, Any], answer: str) -> None:
    await judged.client._process_file_message(picture(), **sent)
    assert judged.client._last_api_call.parameters["text"] == answer
    assert await judged.corridor.count("media") == 1


async def test_the_menu_and_the_typing_indicator_are_taken(judged: Judged) -> None:
    await judged.client.connect()
    await judged.channel.bot.set_my_commands(COMMANDS)
    await judged.channel.bot.send_chat_action(9001, "typing")
    methods = [call.api_method for call in judged.client._api_calls]
    assert methods[-2:] == ["setMyCommands", "sendChatAction"]
    assert {name for name, _ in COMMANDS} == {"start", "bantuan", "hubungkan", "web", "putuskan"}
