"""The WhatsApp server: bodies and limits as Meta documents them, signed batches, statuses, the window."""

import hashlib
import hmac
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from simulator.app import Simulator, build
from simulator.whatsapp.server import WhatsAppLimits

MESSAGES = "/whatsapp/v23.0/100000000000001/messages"
SITI, NUMBER = "ID.100000000000000001", "6284000000001"
AUTH = {"Authorization": "Bearer wa-token"}
type Say = Callable[..., Any]


async def send(http: httpx.AsyncClient, **body: Any) -> httpx.Response:
    return await http.post(MESSAGES, json={"messaging_product": "whatsapp", "to": NUMBER, **body}, headers=AUTH)


def text(body: str) -> dict[str, Any]:
    return {"type": "text", "text": {"body": body}}


def buttons(*titles: str, body: str = "di mana?") -> dict[str, Any]:
    replies = [{"type": "reply", "reply": {"id": f"t{n}", "title": title}} for n, title in enumerate(titles)]
    return {
        "type": "interactive",
        "interactive": {"type": "button", "body": {"text": body}, "action": {"buttons": replies}},
    }


def rows(count: int, title: str = "Baris {}") -> dict[str, Any]:
    sections = [{"rows": [{"id": f"r{n}", "title": title.format(n)} for n in range(count)]}]
    action = {"button": "Pilih", "sections": sections}
    return {"type": "interactive", "interactive": {"type": "list", "body": {"text": "pilih"}, "action": action}}


@pytest.fixture
async def siti_wrote(say: Say, simulator: Simulator, eventually: Any, door: Any) -> None:
    await say("siti", "halo", channel="whatsapp")
    await eventually(lambda: not simulator.stage.whatsapp.state.events)
    door.calls.clear()


def values(door: Any) -> list[dict[str, Any]]:
    return [change["value"] for body in door.bodies for entry in body["entry"] for change in entry["changes"]]


def statuses(door: Any) -> list[str]:
    return [status["status"] for value in values(door) for status in value.get("statuses", [])]


async def test_a_message_is_signed_over_its_raw_bytes_and_names_the_person_by_user_id(
    say: Say, door: Any, eventually: Any, simulator: Simulator
) -> None:
    await say("siti", "halo — 😭", channel="whatsapp")
    await eventually(lambda: not simulator.stage.whatsapp.state.events)
    ((_, headers, raw),) = door.calls
    assert raw.isascii()
    expected = hmac.new(b"app-secret", raw, hashlib.sha256).hexdigest()
    assert headers["x-hub-signature-256"] == f"sha256={expected}"
    (value,) = values(door)
    (contact,), (message,) = value["contacts"], value["messages"]
    assert contact == {"profile": {"name": "Siti Rahmawati"}, "wa_id": NUMBER, "user_id": SITI}
    assert (message["from"], message["from_user_id"], message["text"]["body"]) == (NUMBER, SITI, "halo — 😭")


async def test_a_person_without_a_number_is_known_by_user_id_alone(say: Say, door: Any, eventually: Any) -> None:
    await say({"user_id": "ID.77", "profile_name": "Nama Saja"}, "halo", channel="whatsapp")
    await eventually(lambda: bool(door.calls))
    (value,) = values(door)
    assert "wa_id" not in value["contacts"][0]
    assert "from" not in value["messages"][0]


async def test_messages_of_one_moment_come_in_one_batch(http: httpx.AsyncClient, door: Any, eventually: Any) -> None:
    acts = [{"as": "siti", "channel": "whatsapp", "text": f"{n}"} for n in range(12)]
    await http.post("/control/send", json=acts)
    await eventually(lambda: sum(len(value["messages"]) for value in values(door)) == 12)
    assert [len(value["messages"]) for value in values(door)] == [10, 2]


async def test_a_batch_refused_comes_again(say: Say, door: Any, eventually: Any, simulator: Simulator) -> None:
    door.answers = [503, 500]
    sent = await say("siti", "halo", channel="whatsapp")
    await eventually(lambda: not simulator.stage.whatsapp.state.events)
    assert len({raw for _, _, raw in door.calls}) == 1
    assert simulator.stage.whatsapp.state.taken[-1]["attempts"] == 3
    assert simulator.chats.items("whatsapp", sent["chat"])[0].status == "delivered"


@pytest.mark.usefixtures("siti_wrote")
async def test_statuses_carry_the_opaque_data_and_read_follows_a_look(
    http: httpx.AsyncClient, door: Any, eventually: Any
) -> None:
    sent = (await send(http, **text("baik"), biz_opaque_callback_data="outbox-7")).json()
    assert sent["contacts"] == [{"input": NUMBER, "wa_id": NUMBER, "user_id": SITI}]
    await eventually(lambda: statuses(door) == ["sent", "delivered"])
    await http.post("/control/whatsapp/read", params={"who": "siti"})
    await eventually(lambda: statuses(door) == ["sent", "delivered", "read"])
    told = [status for value in values(door) for status in value["statuses"]]
    assert {status["biz_opaque_callback_data"] for status in told} == {"outbox-7"}
    assert {status["id"] for status in told} == {sent["messages"][0]["id"]}


@pytest.mark.usefixtures("siti_wrote")
@pytest.mark.parametrize(
    ("body", "code"),
    [
        (text(""), 131008),
        (text("x" * 4097), 100),
        (buttons("a", "b", "c", "d"), 131009),
        (buttons("x" * 21), 131009),
        (buttons("a", "a"), 131009),
        (buttons("a", body="x" * 1025), 131009),
        (rows(11), 131009),
        (rows(1, "x" * 25), 131009),
        ({"type": "hologram", "hologram": {}}, 131051),
        ({"type": "text"}, 131008),
        ({"to": ""} | text("a"), 131008),
        ({"messaging_product": "sms"} | text("a"), 100),
    ],
)
async def test_what_meta_refuses_is_refused(http: httpx.AsyncClient, body: dict[str, Any], code: int) -> None:
    answer = await send(http, **body)
    assert answer.status_code == 400
    assert answer.json()["error"]["code"] == code
    assert answer.json()["error"]["error_data"]["messaging_product"] == "whatsapp"


@pytest.mark.usefixtures("siti_wrote")
async def test_a_reply_button_and_a_list_row_come_back_with_their_message(
    http: httpx.AsyncClient, say: Say, door: Any, eventually: Any
) -> None:
    asked = (await send(http, **buttons("Sisnaker", "Tokopedia"))).json()["messages"][0]["id"]
    await send(http, **rows(8))
    await say("siti", do="press", title="Tokopedia", channel="whatsapp")
    await say("siti", do="press", title="Baris 7", channel="whatsapp")
    await eventually(lambda: sum(len(value.get("messages", [])) for value in values(door)) == 2)
    pressed, chosen = [message for value in values(door) for message in value.get("messages", [])]
    assert pressed["interactive"] == {"type": "button_reply", "button_reply": {"id": "t1", "title": "Tokopedia"}}
    assert pressed["context"]["id"] == asked
    assert chosen["interactive"]["list_reply"]["id"] == "r7"


async def test_after_24_hours_only_a_template_goes_through(http: httpx.AsyncClient, say: Say, hands: Any) -> None:
    template = {"type": "template", "template": {"name": "kabar", "language": {"code": "id"}}}
    await say("siti", "halo", channel="whatsapp")
    hands.later(hours=23, minutes=59)
    assert (await send(http, **text("masih"))).status_code == 200
    hands.later(minutes=2)
    assert (await send(http, **text("lewat"))).json()["error"]["code"] == 131047
    assert (await send(http, **template)).status_code == 200
    await say("siti", "halo lagi", channel="whatsapp")
    assert (await send(http, **text("boleh"))).status_code == 200


@pytest.mark.usefixtures("siti_wrote")
async def test_one_person_and_the_whole_number_have_their_own_limits(
    http: httpx.AsyncClient, simulator: Simulator
) -> None:
    simulator.stage.whatsapp.set_limits(WhatsAppLimits(pair_burst=2))
    codes = [(await send(http, **text("a"))).json().get("error", {}).get("code") for _ in range(3)]
    assert codes == [None, None, 131056]
    simulator.stage.whatsapp.set_limits(WhatsAppLimits(per_second=1))
    codes = [(await send(http, **text("a"))).json().get("error", {}).get("code") for _ in range(2)]
    assert codes == [None, 130429]


@pytest.mark.usefixtures("siti_wrote")
async def test_an_unreachable_person_shows_by_a_failed_status(
    http: httpx.AsyncClient, door: Any, eventually: Any
) -> None:
    await http.post("/control/standing", json={"channel": "whatsapp", "who": "siti", "undeliverable": 131026})
    assert (await send(http, **text("a"))).status_code == 200
    await eventually(lambda: statuses(door) == ["failed"])
    assert values(door)[0]["statuses"][0]["errors"][0]["code"] == 131026


@pytest.mark.usefixtures("siti_wrote")
async def test_a_wrong_token_is_190_and_a_read_receipt_colours_the_ticks(
    http: httpx.AsyncClient, simulator: Simulator
) -> None:
    refused = await http.post(MESSAGES, json={}, headers={"Authorization": "Bearer other"})
    assert (refused.status_code, refused.json()["error"]["code"]) == (401, 190)
    item = simulator.chats.items("whatsapp", SITI)[0]
    answer = await send(http, status="read", message_id=item.message_id)
    assert answer.json() == {"success": True}
    assert item.status == "read"


async def test_the_challenge_comes_back_for_the_right_word_only(http: httpx.AsyncClient) -> None:
    assert (await http.post("/control/whatsapp/verify")).json() == {"verified": True, "status": 200}
    assert (await http.post("/control/whatsapp/verify", params={"token": "x"})).json() == {
        "verified": False,
        "status": 403,
    }


@pytest.mark.usefixtures("siti_wrote")
async def test_a_photo_can_be_fetched_with_the_token_for_five_minutes(
    http: httpx.AsyncClient, say: Say, door: Any, eventually: Any
) -> None:
    await say("siti", do="photo", channel="whatsapp")
    await eventually(lambda: bool(door.calls))
    image = values(door)[0]["messages"][0]["image"]
    link = (await http.get(f"/whatsapp/v23.0/{image['id']}", headers=AUTH)).json()
    file = await http.get(link["url"], headers=AUTH)
    assert hashlib.sha256(file.content).hexdigest() == image["sha256"] == link["sha256"]
    assert (await http.get(link["url"])).status_code == 401
    assert (await http.get(link["url"].split("?")[0] + "?expires=1", headers=AUTH)).status_code == 404


async def test_a_restart_sends_again_what_was_not_taken(
    settings: Any, door: Any, hands: Any, eventually: Any, simulator: Simulator, say: Say
) -> None:
    door.answers = [503] * 3
    simulator.stage.whatsapp.sender._base = 60  # the retry must not come before the restart
    await say("siti", "jangan hilang", channel="whatsapp")
    await eventually(lambda: len(door.answers) == 2)
    door.answers = []
    second = build(settings, post=door, clock=hands)
    async with second.app.router.lifespan_context(second.app):
        await eventually(lambda: not second.stage.whatsapp.state.events)
    assert [m["text"]["body"] for v in values(door) for m in v["messages"]] == ["jangan hilang"] * 2
