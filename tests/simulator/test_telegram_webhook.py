"""Webhook delivery: the secret, one at a time per chat, retries, expiry, faults, a restart."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import httpx
import pytest

from simulator.app import Simulator, build
from simulator.settings import SimulatorSettings
from simulator.wire import Reply, WebhookFailed

BOT = "/telegram/bot7000000001:gladi"
type Say = Callable[..., Any]


@pytest.fixture
async def webhook(http: httpx.AsyncClient) -> None:
    url = {"url": "http://127.0.0.1:9/telegram", "secret_token": "rahasia"}
    assert (await http.post(f"{BOT}/setWebhook", json=url)).json()["description"] == "Webhook was set"


def texts(door: Any) -> list[str]:
    return [body["message"]["text"] for body in door.bodies]


@pytest.mark.usefixtures("webhook")
async def test_an_update_carries_the_secret_and_is_taken_once(
    say: Say, door: Any, eventually: Any, simulator: Simulator
) -> None:
    sent = await say("siti", "halo")
    await eventually(lambda: sent["update_id"] in simulator.stage.telegram.state.taken)
    ((url, headers, _),) = door.calls
    assert (url, headers["x-telegram-bot-api-secret-token"]) == ("http://127.0.0.1:9/telegram", "rahasia")
    assert simulator.chats.items("telegram", sent["chat"])[0].status == "delivered"


@pytest.mark.usefixtures("webhook")
async def test_a_refused_update_comes_again_and_holds_back_its_own_chat_only(
    say: Say, door: Any, eventually: Any, simulator: Simulator
) -> None:
    door.answers = [503, WebhookFailed("reset"), 200, 500]
    await say("siti", "satu")
    await eventually(lambda: not simulator.stage.telegram.state.pending)
    await say("siti", "dua")
    await say("siti", "tiga")
    await say("budi", "lain")
    await eventually(lambda: not simulator.stage.telegram.state.pending)
    assert texts(door)[:3] == ["satu"] * 3
    rest = texts(door)[3:]
    assert sorted(rest) in (["dua", "dua", "lain", "tiga"], ["dua", "lain", "lain", "tiga"])
    assert rest.index("tiga") > max(n for n, text in enumerate(rest) if text == "dua")


@pytest.mark.usefixtures("webhook")
async def test_a_press_is_in_another_queue_than_a_stuck_text(
    http: httpx.AsyncClient, say: Say, door: Any, eventually: Any, simulator: Simulator
) -> None:
    door.answers = [Reply(503, {"retry-after": "3600"})]
    await say("siti", "macet")
    await eventually(lambda: len(door.calls) == 1)
    await say("siti", do="press", token="t")
    await eventually(lambda: len(simulator.stage.telegram.state.pending) == 1)
    assert len(door.calls) == 2
    assert "callback_query" in door.bodies[1]


@pytest.mark.usefixtures("webhook")
@pytest.mark.parametrize(("act", "life"), [({"text": "halo"}, 24 * 3600), ({"do": "press", "token": "t"}, 150)])
async def test_what_is_too_old_is_dropped(
    say: Say, door: Any, eventually: Any, hands: Any, simulator: Simulator, act: dict[str, Any], life: int
) -> None:
    door.answers = [503] * 400
    sent = await say("siti", **act)
    hands.later(seconds=life - 1)
    await eventually(lambda: len(door.calls) >= 3)
    assert sent["update_id"] in simulator.stage.telegram.state.pending
    hands.later(seconds=2)
    await eventually(lambda: not simulator.stage.telegram.state.pending)
    assert simulator.stage.telegram.state.taken[sent["update_id"]]["outcome"] == "expired"
    assert simulator.chats.items("telegram", sent["chat"])[-1].status == "dropped"


@pytest.mark.usefixtures("webhook")
async def test_a_duplicate_switch_sends_copies_at_once(
    http: httpx.AsyncClient, say: Say, door: Any, eventually: Any, simulator: Simulator
) -> None:
    fault = {"target": "telegram", "side": "webhook", "kind": "duplicate", "copies": 50, "count": 1}
    await http.post("/control/faults", json=fault)
    await say("siti", "halo")
    await say("siti", "lagi")
    await eventually(lambda: not simulator.stage.telegram.state.pending)
    assert texts(door) == ["halo"] * 50 + ["lagi"]


@pytest.mark.usefixtures("webhook")
async def test_a_reorder_switch_turns_three_around(
    http: httpx.AsyncClient, say: Say, door: Any, eventually: Any, simulator: Simulator
) -> None:
    fault = {"target": "telegram", "side": "webhook", "kind": "reorder", "window": 3, "count": 3}
    await http.post("/control/faults", json=fault)
    for text in ("satu", "dua", "tiga", "empat"):
        await say("siti", text)
    await eventually(lambda: not simulator.stage.telegram.state.pending)
    assert [text for text in texts(door) if text != "empat"] == ["tiga", "dua", "satu"]


@pytest.mark.usefixtures("webhook")
async def test_update_ids_may_jump_down(http: httpx.AsyncClient, say: Say) -> None:
    await http.post("/control/telegram/update-id", params={"number": 77})
    assert (await say("siti", "halo"))["update_id"] == 77


@pytest.mark.usefixtures("webhook")
async def test_a_forged_webhook_shows_what_the_bot_answered(http: httpx.AsyncClient, door: Any) -> None:
    door.answers = [403]
    raw = {"channel": "telegram", "body": '{"update_id": 1', "proof": "wrong"}
    assert (await http.post("/control/raw", json=raw)).json() == {"statuses": [403]}
    _, headers, body = door.calls[0]
    assert (headers["x-telegram-bot-api-secret-token"], body) == ("wrong-secret", b'{"update_id": 1')


async def test_a_restart_keeps_chats_webhook_and_pending_updates(
    settings: SimulatorSettings, door: Any, hands: Any, eventually: Any
) -> None:
    settings = settings.model_copy(update={"telegram_retry_base": timedelta(seconds=60)})
    door.answers = [503, 503]
    first = build(settings, post=door, clock=hands)
    async with first.app.router.lifespan_context(first.app):
        transport = httpx.ASGITransport(app=first.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://simulator") as http:
            await http.post(f"{BOT}/setWebhook", json={"url": "http://127.0.0.1:9/t", "secret_token": "s"})
            await http.post("/control/send", json={"as": "siti", "text": "jangan hilang"})
            await http.post(f"{BOT}/sendMessage", json={"chat_id": 9_000_000_001, "text": "sudah terkirim"})
            await eventually(lambda: len(door.calls) == 2 and not door.answers)
    with (settings.data / "journal.jsonl").open("ab") as file:
        file.write(b'["item","telegram","9000000001",{"n":')  # cut short by a kill
    second = build(settings, post=door, clock=hands)
    async with second.app.router.lifespan_context(second.app):
        await eventually(lambda: not second.stage.telegram.state.pending)
    assert texts(door) == ["jangan hilang"] * 3
    items = second.chats.items("telegram", "9000000001")
    assert [(i.who, i.status) for i in items] == [("person", "delivered"), ("bot", "sent")]
    assert second.stage.telegram.state.message_id() == 3
