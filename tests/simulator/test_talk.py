"""Saying something and waiting for the answer in one call."""

import asyncio
import time

import httpx
import pytest

from simulator.app import Simulator

BOT = "/telegram/bot{token}/sendMessage"


async def test_talk_answers_with_the_message_and_the_reply(simulator: Simulator, http: httpx.AsyncClient) -> None:
    talking = asyncio.create_task(http.post("/control/talk", json={"as": "siti", "text": "halo", "wait": 60}))
    while not (chats := [items for _, _, items in simulator.chats.all() if items]):  # noqa: ASYNC110
        await asyncio.sleep(0.005)
    simulator.stage.telegram.methods.send_message({"chat_id": simulator.stage.named("siti").telegram.id, "text": "Hai"})
    answer = (await talking).json()
    assert [(item["who"], item["text"]) for item in answer["items"]] == [("person", "halo"), ("bot", "Hai")]
    assert answer["items"][0]["n"] == len(chats[0]) - 1


async def test_talk_does_not_wait_for_ever(http: httpx.AsyncClient) -> None:
    began = time.monotonic()
    answer = await http.post("/control/talk", json={"as": "siti", "text": "halo", "wait": 0.1})
    assert [item["who"] for item in answer.json()["items"]] == ["person"]
    assert time.monotonic() - began < 20


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{", 422),
        (b"[]", 422),
        (b'{"as": "siti", "do": "fly"}', 422),
        (b'{"as": "nobody", "text": "halo"}', 409),
        (b'{"as": {"first_name": "X"}, "text": "halo"}', 422),
    ],
)
async def test_talk_refuses_what_nobody_can_do(http: httpx.AsyncClient, body: bytes, status: int) -> None:
    assert (await http.post("/control/talk", content=body)).status_code == status


async def test_talk_is_a_post(http: httpx.AsyncClient) -> None:
    assert (await http.get("/control/talk")).status_code == 405
