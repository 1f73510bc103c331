"""The doors of the bot, knocked at in-process: what is proven comes in, what is not stays out."""

import hashlib
import hmac
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from bot.settings import BotSettings, TelegramSettings, WhatsAppSettings
from bot.webhooks import Webhooks
from records.clock import Clock
from records.database import Database
from tests.bot.corridor import Corridor, update
from tests.bot.web import pulled_doors

TELEGRAM = TelegramSettings(telegram_secret="s3cret", _env_file=None)  # type: ignore[call-arg]
WHATSAPP = WhatsAppSettings(whatsapp_app_secret="kunci", whatsapp_verify_token="v3rify", _env_file=None)  # type: ignore[call-arg]
BOT = BotSettings(bot_console_token="konsol", rasa_turn_token="r", rasa_url="http://127.0.0.1:9", _env_file=None)  # type: ignore[call-arg]


@pytest.fixture
async def corridor(database: Database, clock: Clock, data_key: str) -> AsyncIterator[Corridor]:
    async with Corridor(database, clock, data_key) as corridor:
        yield corridor


@pytest.fixture
async def door(corridor: Corridor) -> AsyncIterator[httpx.AsyncClient]:
    routes: list[Any] = [
        *Webhooks(corridor.inbox, TELEGRAM, WHATSAPP).routes(),
        *pulled_doors(corridor).routes(),
    ]
    transport = httpx.ASGITransport(Starlette(routes=routes))
    async with httpx.AsyncClient(transport=transport, base_url="http://bot") as client:
        yield client


@pytest.mark.parametrize("headers", [{}, {"X-Telegram-Bot-Api-Secret-Token": "salah"}])
async def test_a_forged_update_is_refused_and_leaves_no_row(
    door: httpx.AsyncClient, corridor: Corridor, headers: dict[str, str]
) -> None:
    answer = await door.post("/telegram/webhook", content=update(1, "halo"), headers=headers)
    assert answer.status_code == 403
    assert await corridor.count("inbox") == 0


async def test_an_update_is_committed_before_it_is_acknowledged(door: httpx.AsyncClient, corridor: Corridor) -> None:
    answer = await door.post(
        "/telegram/webhook", content=update(1, "halo"), headers={"X-Telegram-Bot-Api-Secret-Token": "s3cret"}
    )
    assert answer.status_code == 200
    assert await corridor.count("inbox") == 1
    await corridor.rest()
    assert corridor.telegram.words == ["dengar: halo"]


async def test_a_body_with_altered_whitespace_is_forged(door: httpx.AsyncClient, corridor: Corridor) -> None:
    body = b'{"entry": []}'
    signature = "sha256=" + hmac.new(b"kunci", body, hashlib.sha256).hexdigest()
    proper = await door.post("/whatsapp/webhook", content=body, headers={"X-Hub-Signature-256": signature})
    altered = await door.post("/whatsapp/webhook", content=body + b" ", headers={"X-Hub-Signature-256": signature})
    assert (proper.status_code, altered.status_code) == (200, 401)
    assert await corridor.count("inbox") == 0


@pytest.mark.parametrize(("token", "status", "said"), [("v3rify", 200, "4711"), ("salah", 403, "forbidden")])
async def test_metas_challenge_needs_the_verify_token(
    door: httpx.AsyncClient, token: str, status: int, said: str
) -> None:
    asked = {"hub.mode": "subscribe", "hub.verify_token": token, "hub.challenge": "4711"}
    answer = await door.get("/whatsapp/webhook", params=asked)
    assert (answer.status_code, answer.text) == (status, said)


async def test_a_visitor_is_answered_once_for_a_repeated_post_and_sees_only_their_own_chat(
    door: httpx.AsyncClient, corridor: Corridor
) -> None:
    await door.get("/chat")
    for _ in range(3):
        assert (await door.post("/webchat/messages", json={"id": "a1", "text": "halo"})).status_code == 202
    await corridor.rest()
    mine = (await door.get("/webchat/messages")).json()["messages"]
    assert [(m["from"], m["text"]) for m in mine] == [("me", "halo"), ("bot", "dengar: halo")]
    door.cookies.clear()
    await door.get("/chat")
    assert (await door.get("/webchat/messages")).json()["messages"] == []


async def test_the_web_chat_refuses_bad_input_clearly(door: httpx.AsyncClient) -> None:
    assert (await door.post("/webchat/messages", json={"id": "x", "text": "halo"})).status_code == 401
    await door.get("/chat")
    broken = await door.post("/webchat/messages", content=b"{")
    long = await door.post("/webchat/messages", json={"id": "x", "text": "a" * 60_001})
    assert (broken.status_code, long.status_code) == (400, 413)
    assert "60.000" in long.json()["error"]


async def test_the_console_needs_its_token(door: httpx.AsyncClient, corridor: Corridor) -> None:
    body = {"id": "c1", "text": "halo"}
    assert (await door.post("/console/messages", json=body)).status_code == 401
    proper = {"Authorization": "Bearer konsol"}
    assert (await door.post("/console/messages", json=body, headers=proper)).status_code == 202
    await corridor.rest()
    heard = (await door.get("/console/messages", headers=proper)).json()["messages"]
    assert [m["text"] for m in heard] == ["halo", "dengar: halo"]
