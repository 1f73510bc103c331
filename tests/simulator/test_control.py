"""The control API: acts, faults, truth, reset; a mistake in a request is named."""

import asyncio
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from simulator.app import Simulator
from simulator.clock import RehearsalClock

BOT = "/telegram/bot7000000001:gladi"
type Say = Callable[..., Any]


async def test_many_acts_go_in_one_call_in_order(http: httpx.AsyncClient) -> None:
    acts = [{"as": {"id": 5 + number % 2}, "text": str(number)} for number in range(100)]
    sent = (await http.post("/control/send", json=acts)).json()["sent"]
    assert [act["update_id"] for act in sent] == sorted(act["update_id"] for act in sent)
    assert (await http.get("/control/counts")).json()["telegram"] == {
        "person": 100,
        "bot": 0,
        "taken": 0,
        "pending": 100,
    }


@pytest.mark.parametrize(
    ("act", "status"),
    [
        ({"as": "nobody", "text": "x"}, 409),
        ({"as": "siti", "do": "fly"}, 422),
        ({"as": "siti", "do": "edit", "text": "x"}, 409),
        ({"as": "siti", "channel": "whatsapp", "do": "edit", "text": "x"}, 409),
    ],
)
async def test_an_act_that_cannot_be_is_refused(http: httpx.AsyncClient, act: dict[str, Any], status: int) -> None:
    answer = await http.post("/control/send", json=act)
    assert answer.status_code == status
    assert answer.json()["detail"]


async def test_a_fault_on_the_wrong_side_is_refused(http: httpx.AsyncClient) -> None:
    fault = {"target": "telegram", "side": "webhook", "kind": "refuse"}
    assert (await http.post("/control/faults", json=fault)).status_code == 422


async def test_a_fault_counts_down_and_can_be_cleared(http: httpx.AsyncClient, say: Say) -> None:
    await say("siti", "halo")
    fault = {"target": "telegram", "kind": "error", "method": "sendMessage", "count": 2}
    await http.post("/control/faults", json=fault)
    assert (await http.post(f"{BOT}/getMe")).status_code == 200
    assert (await http.post(f"{BOT}/sendMessage", json={"chat_id": 9_000_000_001, "text": "a"})).status_code == 500
    state = (await http.get("/control/faults")).json()
    assert (state["on"][0]["count"], state["spoiled"]) == (1, {"telegram.api.error": 1})
    assert (await http.delete("/control/faults")).json() == {"cleared": 1}
    assert (await http.post(f"{BOT}/sendMessage", json={"chat_id": 9_000_000_001, "text": "a"})).status_code == 200


async def test_a_fault_about_one_chat_spares_the_others(http: httpx.AsyncClient, say: Say) -> None:
    for who in ("siti", "budi"):
        await say(who, "halo")
    await http.post("/control/faults", json={"target": "telegram", "kind": "limit", "chat": "9000000001"})
    statuses = [
        (await http.post(f"{BOT}/sendMessage", json={"chat_id": chat, "text": "a"})).status_code
        for chat in (9_000_000_001, 9_000_000_002)
    ]
    assert statuses == [429, 200]


async def test_waiting_for_the_bot_ends_when_it_answers(http: httpx.AsyncClient, say: Say) -> None:
    await say("siti", "halo")
    waiting = asyncio.create_task(http.get("/control/chats/telegram/siti", params={"after": 1, "wait": 60}))
    await asyncio.sleep(0.01)
    await http.post(f"{BOT}/sendMessage", json={"chat_id": 9_000_000_001, "text": "ya?"})
    items = (await asyncio.wait_for(waiting, 30)).json()["items"]
    assert [(item["who"], item["text"]) for item in items] == [("bot", "ya?")]


async def test_the_truth_holds_both_sides_and_a_reset_forgets_them(
    http: httpx.AsyncClient, say: Say, simulator: Simulator
) -> None:
    await say("siti", "halo")
    await http.post(f"{BOT}/sendMessage", json={"chat_id": 9_000_000_001, "text": "ya?"})
    told = (await http.get("/control/truth")).json()
    assert [item["text"] for chat in told["chats"] for item in chat["items"]] == ["halo", "ya?"]
    assert len(told["telegram"]["pending"]) == 1
    await http.post("/control/reset")
    told = (await http.get("/control/truth")).json()
    assert [chat["items"] for chat in told["chats"]] == [[]]
    assert told["telegram"]["pending"] == []


async def test_an_edit_and_an_unknown_update_type_reach_the_bot(http: httpx.AsyncClient, say: Say) -> None:
    await say("siti", "salah ketik")
    await say("siti", "benar", do="edit")
    await say("siti", do="odd", kind="hologram", body={"x": 1})
    updates = (await http.post(f"{BOT}/getUpdates")).json()["result"]
    assert updates[1]["edited_message"]["text"] == "benar"
    assert updates[1]["edited_message"]["message_id"] == updates[0]["message"]["message_id"]
    assert updates[2]["hologram"] == {"x": 1}


def test_the_clock_follows_its_file(tmp_path: Any, hands: Any) -> None:
    path = tmp_path / "clock.json"
    clock = RehearsalClock(path, real=hands)
    assert clock() == hands.now
    path.write_text('{"rehearsal_at": "2020-09-05T00:00:00+07:00", "real_at": "2020-08-24T03:00:00+00:00"}')
    hands.later(seconds=10)
    assert clock().isoformat() == "2020-09-04T17:00:10+00:00"
    path.write_text('{"rehearsal_at": "2020-')
    hands.later(seconds=10)
    assert clock().isoformat() == "2020-09-04T17:00:20+00:00"
