"""Templates, signs of reading and typing, and what Meta tells besides messages, as strictly as Meta does it."""

from typing import Any

import httpx
import pytest

from simulator.app import Simulator, build
from simulator.settings import SimulatorSettings
from simulator.whatsapp.templates import Templates

MESSAGES = "/whatsapp/v23.0/100000000000001/messages"
NUMBER, SITI = "6284000000001", "ID.100000000000000001"
AUTH = {"Authorization": "Bearer wa-token"}


async def send(http: httpx.AsyncClient, **body: Any) -> tuple[int, int | None]:
    body = {"messaging_product": "whatsapp", **({} if "recipient" in body else {"to": NUMBER}), **body}
    answer = await http.post(MESSAGES, json=body, headers=AUTH)
    return answer.status_code, answer.json().get("error", {}).get("code")


def template(*values: str, name: str = "kabar_laporan", language: Any = None) -> dict[str, Any]:
    given = [{"type": "text", "text": value} for value in values]
    said: dict[str, Any] = {"name": name, "language": language or {"policy": "deterministic", "code": "id"}}
    if given:
        said["components"] = [{"type": "body", "parameters": given}]
    return {"type": "template", "template": said}


@pytest.fixture
def simulator(settings: SimulatorSettings, door: Any, hands: Any) -> Simulator:
    settings.whatsapp_templates = "kabar_laporan:id:1,salam:id:0"
    return build(settings, post=door, clock=hands)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (template("T-1"), None),
        (template(name="salam"), None),
        (template("T-1", name="tidak_ada"), 132001),
        (template("T-1", language={"code": "en"}), 132001),
        (template("T-1", language="id"), 131008),
        (template("T-1", language={"code": "id", "policy": "fallback"}), 131009),
        (template(), 132000),
        (template("T-1", "lagi"), 132000),
        (template("T-1", name="salam"), 132000),
        (template("dua\nbaris"), 132018),
        (template("spasi     banyak"), 132018),
        ({"type": "template", "template": {**template("x")["template"], "components": [{"type": "footer"}]}}, 131009),
        ({"type": "template", "template": {"name": "salam"}}, 131008),
    ],
)
async def test_a_template_must_be_approved_in_its_language_and_filled_exactly(
    http: httpx.AsyncClient, say: Any, body: dict[str, Any], code: int | None
) -> None:
    await say("siti", "halo", channel="whatsapp")
    assert (await send(http, **body))[1] == code


async def test_a_paused_template_is_refused_until_it_is_approved_again_and_the_bot_is_told(
    http: httpx.AsyncClient, say: Any, door: Any, eventually: Any, simulator: Simulator
) -> None:
    await say("siti", "halo", channel="whatsapp")
    codes = []
    for event in ("PAUSED", "DISABLED", "REJECTED", "APPROVED"):
        await http.post("/control/whatsapp/template", json={"name": "kabar_laporan", "event": event})
        codes.append((await send(http, **template("T-1")))[1])
    assert codes == [132015, 132016, 132001, None]
    await eventually(lambda: not simulator.stage.whatsapp.state.events)
    told = [change for body in door.bodies for entry in body["entry"] for change in entry["changes"]]
    told = [change["value"]["event"] for change in told if change["field"] == "message_template_status_update"]
    assert told == ["PAUSED", "DISABLED", "REJECTED", "APPROVED"]


async def test_any_other_news_reaches_the_bot_as_a_field_of_its_own(
    http: httpx.AsyncClient, door: Any, eventually: Any
) -> None:
    value = {"event": "ACCOUNT_RESTRICTION"}
    await http.post("/control/whatsapp/news", json={"field": "account_update", "value": value})
    await eventually(lambda: bool(door.calls))
    (change,) = door.bodies[0]["entry"][0]["changes"]
    assert change == {"field": "account_update", "value": value}


async def test_reading_and_typing_show_in_the_chat_until_the_answer(http: httpx.AsyncClient, say: Any) -> None:
    sent = await say("siti", "halo", channel="whatsapp")
    read = {"status": "read", "message_id": sent["message_id"]}
    assert await send(http, **read, typing_indicator={"type": "voice"}) == (400, 131009)
    assert await send(http, **read, typing_indicator={"type": "text"}) == (200, None)
    chat = (await http.get("/control/chats/whatsapp/siti")).json()
    assert chat["doing"] == "typing"
    assert chat["items"][0]["status"] == "read"
    assert await send(http, type="text", text={"body": "halo juga"}) == (200, None)
    assert "doing" not in (await http.get("/control/chats/whatsapp/siti")).json()
    assert await send(http, status="read", message_id="wamid.none") == (400, 100)


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ({"to": NUMBER}, None),
        ({"to": f"+{NUMBER}"}, None),
        ({"recipient": SITI}, None),
        ({"to": SITI}, 131009),
        ({"to": None, "recipient": NUMBER}, 131009),
        ({"to": None}, 131008),
    ],
)
async def test_a_number_goes_into_to_and_a_user_id_into_recipient(
    http: httpx.AsyncClient, say: Any, address: dict[str, Any], code: int | None
) -> None:
    await say("siti", "halo", channel="whatsapp")
    assert (await send(http, type="text", text={"body": "ya"}, **address))[1] == code


async def test_people_edit_take_back_and_change_their_number(say: Any, door: Any, eventually: Any) -> None:
    first = await say("siti", "halo", channel="whatsapp")
    await say("siti", "halo kak", do="edit", channel="whatsapp")
    await say("siti", do="revoke", channel="whatsapp", message_id=first["message_id"])
    await say("siti", "6284000000099", do="change_number", channel="whatsapp")
    messages: list[dict[str, Any]] = []

    def all_there() -> bool:
        values = [change["value"] for body in door.bodies for entry in body["entry"] for change in entry["changes"]]
        messages[:] = [message for value in values for message in value.get("messages", [])]
        return len(messages) == 4

    await eventually(all_there)
    assert [message["type"] for message in messages] == ["text", "edit", "revoke", "system"]
    assert messages[1]["edit"]["original_message_id"] == first["message_id"]
    assert messages[2]["revoke"] == {"original_message_id": first["message_id"]}
    assert messages[3]["system"]["wa_id"] == "6284000000099"
    assert messages[3]["system"]["previous_user_id"] == SITI


def test_a_list_of_templates_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="not enough values"):
        Templates("tanpa_bahasa")
