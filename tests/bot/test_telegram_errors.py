"""Every refusal of Telegram's has one outcome; docs/channel-errors.md tells the same table in words."""

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import orjson
import pytest
from telegram import error

from bot.channels.telegram import TelegramChannel, within
from bot.channels.telegram_errors import FloodScope, Pauses
from bot.events import InboundEvent, Kind
from bot.lines import Patience
from bot.sending import (
    Ambiguous,
    Button,
    ChannelStopped,
    Moved,
    NotReached,
    OutboundMessage,
    Refused,
    RetryLater,
    SendError,
    Unreachable,
)
from bot.settings import TelegramSettings
from bot.wording import PRIVATE_CHAT
from tests.simulator.serving import serving

pytestmark = pytest.mark.filterwarnings("ignore:.*attribute `retry_after` will be:DeprecationWarning")
DOCS = Path(__file__).parents[2] / "docs/channel-errors.md"
HTML = b"<html><body>Bad Gateway</body></html>"
ME = {"id": 7, "is_bot": True, "first_name": "Bantuan", "username": "bantuan_bot"}


class Telegram:
    """A server that answers what it is told to; yes when told nothing."""

    def __init__(self) -> None:
        self.answers: list[tuple[int, bytes]] = []
        self.calls: list[tuple[str, bytes]] = []

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            for what in ("startup", "shutdown"):
                await receive()
                await send({"type": f"lifespan.{what}.complete"})
            return
        body = b""
        while True:
            part = await receive()
            body += part.get("body", b"")
            if not part.get("more_body"):
                break
        method = scope["path"].rpartition("/")[2]
        self.calls.append((method, body))
        status, answer = self.answers.pop(0) if self.answers else (200, _yes(method))
        if status == 0:
            await asyncio.sleep(0.6)
        await send({"type": "http.response.start", "status": status or 200, "headers": []})
        await send({"type": "http.response.body", "body": answer})


def _yes(method: str) -> bytes:
    message = {"message_id": 5, "date": 1, "chat": {"id": 1, "type": "private"}, "text": "a"}
    return orjson.dumps({"ok": True, "result": {"sendMessage": message, "getMe": ME}.get(method, True)})


def no(code: int, description: str, **parameters: int) -> tuple[int, bytes]:
    body: dict[str, Any] = {"ok": False, "error_code": code, "description": description}
    return code, orjson.dumps(body | ({"parameters": parameters} if parameters else {}))


@pytest.fixture
def server() -> Telegram:
    return Telegram()


@pytest.fixture
async def channel(server: Telegram) -> AsyncIterator[TelegramChannel]:
    async with serving(server) as address:  # type: ignore[arg-type]
        channel = TelegramChannel(TelegramSettings(telegram_token="7:x", telegram_api_url=address, _env_file=None))
        yield channel
        await channel.stop()


def message(text: str = "Halo", chat: str = "7001", **more: Any) -> OutboundMessage:
    return OutboundMessage("0-outbox", chat, "", text, **more)


TABLE: list[tuple[str, tuple[int, bytes], type[SendError]]] = [
    ("403 blocked", no(403, "Forbidden: bot was blocked by the user"), Unreachable),
    ("403 deactivated", no(403, "Forbidden: user is deactivated"), Unreachable),
    ("403 kicked", no(403, "Forbidden: bot was kicked from the group chat"), Unreachable),
    ("403 cannot begin", no(403, "Forbidden: bot can't initiate conversation with a user"), Unreachable),
    ("400 chat not found", no(400, "Bad Request: chat not found"), Unreachable),
    ("400 PEER_ID_INVALID", no(400, "Bad Request: PEER_ID_INVALID"), Unreachable),
    ("400 group deactivated", no(400, "Bad Request: group chat was deactivated"), Unreachable),
    ("400 no right", no(400, "Bad Request: not enough rights to send text messages to the chat"), Unreachable),
    ("400 migrate", no(400, "Bad Request: group chat was upgraded", migrate_to_chat_id=-1009), Moved),
    ("400 too long", no(400, "Bad Request: message is too long"), Refused),
    ("400 empty", no(400, "Bad Request: message text is empty"), Refused),
    ("400 BUTTON_DATA_INVALID", no(400, "Bad Request: BUTTON_DATA_INVALID"), Refused),
    ("413", (413, b"Request Entity Too Large"), Refused),
    ("429", no(429, "Too Many Requests: retry after 7", retry_after=7), RetryLater),
    ("401", no(401, "Unauthorized"), ChannelStopped),
    ("404", no(404, "Not Found"), ChannelStopped),
    ("500", no(500, "Internal Server Error"), RetryLater),
    ("502 by Telegram", no(502, "Bad Gateway"), RetryLater),
    ("502 by a proxy", (502, HTML), Ambiguous),
    ("503", no(503, "Service Unavailable"), RetryLater),
    ("504", no(504, "Gateway Timeout"), Ambiguous),
    ("200 unreadable", (200, HTML), Ambiguous),
]


@pytest.mark.parametrize(("answer", "meaning"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE])
async def test_each_refusal_has_one_outcome(
    channel: TelegramChannel, server: Telegram, answer: tuple[int, bytes], meaning: type[SendError]
) -> None:
    server.answers = [answer]
    with pytest.raises(SendError) as refused:
        await channel.send(message())
    assert type(refused.value) is meaning


def test_the_table_in_the_docs_is_this_table() -> None:
    told = DOCS.read_text(encoding="utf-8").partition("## Telegram")[2].partition("\n## ")[0]
    outcomes = dict(re.findall(r"^\| `([^`]+)` \|.*\| (\w+) \|$", told, re.MULTILINE))
    assert outcomes == {name: meaning.__name__ for name, _, meaning in TABLE}


async def test_a_429_names_how_long_to_wait_and_a_migration_where_to(
    channel: TelegramChannel, server: Telegram
) -> None:
    server.answers = [no(429, "Too Many Requests", retry_after=37), no(400, "upgraded", migrate_to_chat_id=-1009)]
    with pytest.raises(RetryLater) as wait:
        await channel.send(message())
    with pytest.raises(Moved) as moved:
        await channel.send(message())
    assert (wait.value.seconds, wait.value.whole_channel, moved.value.new_chat) == (37, False, "-1009")


async def test_a_429_is_the_whole_channels_when_three_chats_have_it_at_once(
    channel: TelegramChannel, server: Telegram
) -> None:
    channel._flood = FloodScope(lambda: 0.0)
    scopes = []
    for chat in ("1", "1", "2", "1", "3", "4"):
        server.answers = [no(429, "Too Many Requests", retry_after=1)]
        with pytest.raises(RetryLater) as wait:
            await channel.send(message(chat=chat))
        scopes.append(wait.value.whole_channel)
    assert scopes == [False, False, False, False, True, True]


def test_chats_that_are_refused_far_apart_are_each_their_own() -> None:
    moments = iter((0.0, 4.0, 8.0, 12.0))
    scope = FloodScope(lambda: next(moments))
    assert [scope.is_whole_channel(chat) for chat in "1234"] == [False] * 4


async def test_nobody_there_is_surely_not_sent() -> None:
    nobody = TelegramSettings(telegram_token="7:x", telegram_api_url="http://127.0.0.1:9", _env_file=None)
    with pytest.raises(NotReached):
        await TelegramChannel(nobody).send(message())


async def test_an_answer_that_does_not_come_is_not_sure(server: Telegram) -> None:
    server.answers = [(0, b"")]
    async with serving(server) as address:  # type: ignore[arg-type]
        settings = TelegramSettings(telegram_token="7:x", telegram_api_url=address, _env_file=None)
        channel = TelegramChannel(settings, patience=Patience(read=0.2))
        with pytest.raises(Ambiguous):
            await channel.send(message())
        await channel.stop()


async def test_too_late_for_a_press_and_no_typing_are_no_errors(channel: TelegramChannel, server: Telegram) -> None:
    old = no(400, "Bad Request: query is too old and response timeout expired or query ID is invalid")
    server.answers = [old, no(429, "Too Many Requests", retry_after=9), no(403, "Forbidden: blocked"), (502, HTML)]
    event = InboundEvent("telegram", "update:1", "7001", "7001", Kind.TEXT, 0, b"")
    await channel.answer_press("q1")
    for _ in range(3):
        await channel.typing(event)
    assert [method for method, _ in server.calls] == ["answerCallbackQuery", *["sendChatAction"] * 3]


async def test_a_group_gets_the_address_of_the_private_chat(channel: TelegramChannel, server: Telegram) -> None:
    await channel.send(message(f"di sini: {PRIVATE_CHAT}"))
    await channel.start(None)
    await channel.send(message(f"di sini: {PRIVATE_CHAT}"))
    first, *_, last = [body.decode() for method, body in server.calls if method == "sendMessage"]
    assert "OBROLAN" not in first
    assert "https%3A%2F%2Ft.me%2Fbantuan_bot%3Fstart%3Dgrup" in last


async def test_a_message_carries_its_buttons_and_no_preview(channel: TelegramChannel, server: Telegram) -> None:
    assert await channel.send(message(buttons=(Button("Sisnaker", "tok"),))) == "5"
    await channel.send(message(request_contact=True))
    bodies = [body.decode() for _, body in server.calls]
    assert "callback_data" in bodies[0]
    assert "request_contact" in bodies[1]
    assert all("is_disabled" in body for body in bodies)


@pytest.mark.parametrize(
    ("text", "kept"),
    [("x" * 5000, 4096), ("😭" * 2048, 2048), ("😭" * 2049, 2048), ("é" * 4096, 4096), ("a" + "😭" * 2048, 2048)],
)
def test_a_text_is_cut_as_telegram_counts_and_never_inside_a_sign(text: str, kept: int) -> None:
    assert within(text) == text[:kept]


@pytest.mark.parametrize(
    ("problem", "seconds"),
    [
        (error.Conflict("terminated by other getUpdates request"), 30.0),
        (error.Conflict("can't use getUpdates method while webhook is active"), 30.0),
        (error.InvalidToken(), 30.0),
        (error.TimedOut(), 2.0),
        (error.NetworkError("Bad Gateway"), 2.0),
        (OSError(), 2.0),
    ],
)
def test_polling_pauses_as_long_as_the_problem_asks(problem: Exception, seconds: float) -> None:
    assert Pauses().after(problem) == seconds


def test_polling_waits_as_long_as_telegram_names() -> None:
    assert Pauses().after(error.RetryAfter(11)) == 11.0


async def test_a_poll_brings_updates_as_they_were_sent_also_such_as_nobody_knows(
    channel: TelegramChannel, server: Telegram
) -> None:
    updates: list[dict[str, Any]] = [
        {"update_id": 9, "neutrino": {"a": 1}},
        {"update_id": 4, "message": {"broken": True}},
    ]
    server.answers = [(200, orjson.dumps({"ok": True, "result": updates})), (200, b'{"ok":true,"result":[]}')]
    bodies, offset = await channel.poll(None)
    assert [orjson.loads(body) for body in bodies] == updates
    assert offset == 10
    assert await channel.poll(offset) == ([], 10)


async def test_a_bot_whose_menu_is_refused_starts_all_the_same(channel: TelegramChannel, server: Telegram) -> None:
    server.answers = [(200, _yes("getMe")), (200, _yes("setWebhook")), no(500, "method not found")]
    await channel.start("https://bot.example/telegram/webhook")
    assert [method for method, _ in server.calls] == ["getMe", "setWebhook", "setMyCommands"]
