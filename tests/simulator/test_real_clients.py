"""Real clients over loopback: python-telegram-bot speaks to the simulator, and a closed connection is really closed."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    LinkPreviewOptions,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
)
from telegram.error import BadRequest, ChatMigrated, Conflict, Forbidden, InvalidToken, NetworkError, RetryAfter
from telegram.request import HTTPXRequest

from simulator.app import Simulator, build
from simulator.settings import SimulatorSettings
from tests.simulator.serving import serving

SITI = 9_000_000_001


@pytest.fixture
def simulator(settings: SimulatorSettings, hands: Any) -> Simulator:
    return build(settings, clock=hands)


@pytest.fixture
async def address(simulator: Simulator) -> AsyncIterator[str]:
    async with serving(simulator.app) as address:
        yield address


@pytest.fixture
async def bot(address: str) -> AsyncIterator[Bot]:
    async with bot_at(address, "7000000001:gladi") as bot:
        yield bot


def bot_at(address: str, token: str) -> Bot:
    base = f"{address}/telegram"
    return Bot(
        token,
        base_url=f"{base}/bot",
        base_file_url=f"{base}/file/bot",
        request=HTTPXRequest(connect_timeout=30, read_timeout=30),
    )


async def say(address: str, **act: Any) -> None:
    async with httpx.AsyncClient() as http:
        (await http.post(f"{address}/control/send", json={"as": "siti", **act})).raise_for_status()


async def fault(address: str, **switch: Any) -> None:
    async with httpx.AsyncClient() as http:
        (await http.post(f"{address}/control/faults", json={"target": "telegram", **switch})).raise_for_status()


async def test_python_telegram_bot_holds_a_whole_conversation(bot: Bot, address: str) -> None:
    assert (await bot.get_me()).username == "prakerja_gladi_bot"
    await bot.set_my_commands([("start", "Mulai")])
    await say(address, text="/start")
    (update,) = await bot.get_updates(timeout=1)
    assert update.effective_chat is not None
    assert update.effective_chat.id == SITI
    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("Sisnaker", callback_data="token-1")]])
    sent = await bot.send_message(SITI, "Di platform apa?", reply_markup=keyboard)
    await bot.send_chat_action(SITI, "typing")
    await say(address, do="press", title="Sisnaker")
    (_, pressed) = await bot.get_updates(timeout=1)
    assert pressed.callback_query is not None
    assert pressed.callback_query.data == "token-1"
    assert await bot.answer_callback_query(pressed.callback_query.id)
    edited = await bot.edit_message_text("Baik, Sisnaker.", SITI, sent.message_id)
    assert edited.text == "Baik, Sisnaker."  # type: ignore[union-attr]
    assert (await bot.get_webhook_info()).pending_update_count == 2
    assert (await bot.get_chat(SITI)).first_name == "Siti"


async def test_python_telegram_bot_registers_and_removes_a_webhook(bot: Bot) -> None:
    kinds = ["message", "edited_message", "callback_query", "my_chat_member"]
    assert await bot.set_webhook("http://127.0.0.1:9/telegram", secret_token="rahasia", allowed_updates=kinds)
    info = await bot.get_webhook_info()
    assert (info.url, list(info.allowed_updates or [])) == ("http://127.0.0.1:9/telegram", kinds)
    with pytest.raises(Conflict):
        await bot.get_updates()
    with pytest.raises(BadRequest):
        await bot.set_webhook("ftp://127.0.0.1")
    assert await bot.delete_webhook()
    assert (await bot.get_webhook_info()).url == ""


async def test_a_second_poller_puts_the_first_out(bot: Bot, address: str, simulator: Simulator) -> None:
    async with bot_at(address, "7000000001:gladi") as other:
        first = asyncio.create_task(bot.get_updates(timeout=50, read_timeout=60))
        while not simulator.stage.telegram.polling._turn:  # noqa: ASYNC110 - the one who polls is not told
            await asyncio.sleep(0.01)
        await other.get_updates()
        with pytest.raises(Conflict):
            await first


async def test_python_telegram_bot_keeps_a_menu_of_commands(bot: Bot) -> None:
    await bot.set_my_commands([("start", "Mulai"), ("web", "Tautan")])
    assert [command.command for command in await bot.get_my_commands()] == ["start", "web"]
    with pytest.raises(BadRequest):
        await bot.set_my_commands([("tidak-boleh", "x")])
    assert await bot.delete_my_commands()
    assert await bot.get_my_commands() == ()


async def test_python_telegram_bot_shows_and_hides_keyboards_and_changes_buttons(bot: Bot, address: str) -> None:
    await say(address, text="halo")
    share = ReplyKeyboardMarkup([[KeyboardButton("Bagikan", request_contact=True)]], one_time_keyboard=True)
    quiet = LinkPreviewOptions(is_disabled=True)
    await bot.send_message(SITI, "Tekan, ya", reply_markup=share, link_preview_options=quiet)
    await bot.send_message(SITI, "Sudah", reply_markup=ReplyKeyboardRemove())
    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("Sisnaker", callback_data="t")]])
    sent = await bot.send_message(SITI, "Di mana?", reply_markup=keyboard)
    edited = await bot.edit_message_reply_markup(SITI, sent.message_id)
    assert edited.reply_markup is None  # type: ignore[union-attr]
    with pytest.raises(BadRequest, match="not modified"):
        await bot.edit_message_reply_markup(SITI, sent.message_id)


async def test_an_answer_to_an_old_press_is_refused(bot: Bot, address: str, hands: Any) -> None:
    await say(address, do="press", token="karangan")
    (pressed,) = await bot.get_updates(timeout=1)
    assert pressed.callback_query is not None
    hands.later(seconds=151)
    with pytest.raises(BadRequest, match="Query is too old"):
        await bot.answer_callback_query(pressed.callback_query.id)


async def test_a_forged_button_is_pressed_under_a_message_that_is_there(bot: Bot, address: str) -> None:
    await say(address, text="halo")
    sent = await bot.send_message(SITI, "Halo")
    await say(address, do="press", token="karangan")
    pressed = (await bot.get_updates(timeout=1))[-1].callback_query
    assert pressed is not None
    assert (pressed.data, pressed.message.message_id) == ("karangan", sent.message_id)  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("acts", "refusal"),
    [
        ([{"do": "block"}], Forbidden),
        ([{"do": "block"}, {"do": "unblock"}], None),
    ],
    ids=["blocked", "back"],
)
async def test_a_block_reaches_python_telegram_bot(
    bot: Bot, address: str, acts: list[dict[str, Any]], refusal: type[Exception] | None
) -> None:
    await say(address, text="halo")
    for act in acts:
        await say(address, **act)
    if refusal is None:
        assert await bot.send_message(SITI, "Halo lagi")
        return
    with pytest.raises(refusal):
        await bot.send_message(SITI, "Halo lagi")


async def test_a_moved_group_tells_python_telegram_bot_where_it_went(bot: Bot, address: str) -> None:
    group = {"id": -77, "type": "group", "title": "RT 03"}
    await say(address, text="min", group=group)
    await say(address, do="migrate", group=group)
    with pytest.raises(ChatMigrated) as moved:
        await bot.send_message(-77, "halo")
    assert await bot.send_message(moved.value.new_chat_id, "halo")


async def test_python_telegram_bot_fetches_a_photo(bot: Bot, address: str) -> None:
    await say(address, do="photo", text="bukti")
    (update,) = await bot.get_updates(timeout=1)
    assert update.message is not None
    file = await bot.get_file(update.message.photo[-1].file_id)
    assert (await file.download_as_bytearray()).startswith(b"\x89PNG")


@pytest.mark.filterwarnings("ignore:.*attribute `retry_after` will be:DeprecationWarning")
async def test_faults_reach_python_telegram_bot_as_its_own_errors(bot: Bot, address: str) -> None:
    await say(address, text="halo")
    await fault(address, kind="limit", retry_after=7, count=1)
    with pytest.raises(RetryAfter) as waited:
        await bot.send_message(SITI, "a")
    assert "Retry in 7 seconds" in str(waited.value)
    await fault(address, kind="error", status=403, count=1)
    with pytest.raises(Forbidden):
        await bot.send_message(SITI, "a")
    await fault(address, kind="error", status=502, description="<html>Bad Gateway</html>", count=1)
    with pytest.raises(NetworkError):
        await bot.send_message(SITI, "a")
    with pytest.raises(BadRequest):
        await bot.send_message(SITI + 1, "a")


async def test_refuse_loses_the_message_and_accept_then_reset_only_the_answer(bot: Bot, address: str) -> None:
    await say(address, text="halo")
    for kind, text in (("refuse", "hilang"), ("accept_then_reset", "sampai")):
        await fault(address, kind=kind, method="sendMessage", count=1)
        with pytest.raises(NetworkError):
            await bot.send_message(SITI, text)
    async with httpx.AsyncClient() as http:
        items = (await http.get(f"{address}/control/chats/telegram/siti")).json()["items"]
    assert [item["text"] for item in items] == ["halo", "sampai"]


async def test_a_wrong_token_is_refused(address: str) -> None:
    stranger = bot_at(address, "7000000001:other")
    with pytest.raises(InvalidToken):
        await stranger.initialize()
    await stranger.shutdown()


async def test_the_page_streams_changes_and_forbids_foreign_script(address: str) -> None:
    async with httpx.AsyncClient(base_url=address) as http:
        page = await http.get("/")
        assert "Siti Rahmawati" in page.text
        assert "script-src 'self'" in page.headers["content-security-policy"]
        assert "<script>" not in page.text
        async with http.stream("GET", "/page/events/telegram/siti") as stream:
            lines = stream.aiter_lines()
            assert await anext(lines) == "data: 0"
            await say(address, text="halo")
            assert [line async for line in _until(lines, "data: 1")][-1] == "data: 1"


async def _until(lines: Any, wanted: str) -> AsyncIterator[str]:
    async for line in lines:
        yield line
        if line == wanted:
            return
