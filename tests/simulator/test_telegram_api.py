"""The Bot API: limits, refusals in Telegram's words, buttons and edits."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from simulator.app import Simulator
from simulator.telegram.limits import TelegramLimits

BOT = "/telegram/bot7000000001:gladi"
SITI = 9_000_000_001
type Say = Callable[..., Any]
BUTTONS = {
    "inline_keyboard": [[{"text": "Sisnaker", "callback_data": "t1"}, {"text": "Tokopedia", "callback_data": "t2"}]]
}


async def call(http: httpx.AsyncClient, method: str, **given: Any) -> httpx.Response:
    return await http.post(f"{BOT}/{method}", json=given)


@pytest.fixture
async def siti_wrote(say: Say) -> None:
    await say("siti", "halo")


async def test_a_wrong_token_is_unauthorised(http: httpx.AsyncClient) -> None:
    answer = await http.post("/telegram/bot123:wrong/getMe")
    assert (answer.status_code, answer.json()["description"]) == (401, "Unauthorized")


async def test_a_bot_cannot_write_first(http: httpx.AsyncClient) -> None:
    answer = await call(http, "sendMessage", chat_id=SITI, text="halo")
    assert answer.json() == {"ok": False, "error_code": 400, "description": "Bad Request: chat not found"}


@pytest.mark.usefixtures("siti_wrote")
@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"text": ""}, "message text is empty"),
        ({"text": "x" * 4097}, "message is too long"),
        ({"text": "😭" * 2049}, "message is too long"),
        ({"text": "<b>tebal", "parse_mode": "HTML"}, "can't parse entities"),
        ({"text": "1 < 2", "parse_mode": "HTML"}, "can't parse entities"),
        ({"text": "<script>x</script>", "parse_mode": "HTML"}, "Unsupported start tag"),
        ({"text": "harga 1.000", "parse_mode": "MarkdownV2"}, "is reserved and must be escaped"),
        ({"text": "a", "parse_mode": "BBCode"}, "unsupported parse_mode"),
        (
            {"text": "a", "reply_markup": {"inline_keyboard": [[{"text": "b", "callback_data": "é" * 33}]]}},
            "BUTTON_DATA",
        ),
        ({"text": "a", "reply_markup": {"inline_keyboard": [{"text": "b"}]}}, "Array of Arrays"),
    ],
)
async def test_what_telegram_refuses_is_refused(http: httpx.AsyncClient, given: dict[str, Any], why: str) -> None:
    answer = await call(http, "sendMessage", chat_id=SITI, **given)
    assert answer.status_code == 400
    assert why in answer.json()["description"]


@pytest.mark.usefixtures("siti_wrote")
async def test_a_text_of_4096_units_arrives_whole_and_html_is_shown_plain(
    http: httpx.AsyncClient, simulator: Simulator
) -> None:
    assert (await call(http, "sendMessage", chat_id=SITI, text="x" * 4096)).status_code == 200
    await call(http, "sendMessage", chat_id=SITI, text="<b>1 &lt; 2</b>", parse_mode="HTML")
    texts = [item.text for item in simulator.chats.items("telegram", str(SITI)) if item.who == "bot"]
    assert texts == ["x" * 4096, "1 < 2"]


@pytest.mark.usefixtures("siti_wrote")
async def test_form_encoded_calls_work_like_json_ones(http: httpx.AsyncClient) -> None:
    form = {
        "chat_id": str(SITI),
        "text": "a",
        "reply_markup": '{"inline_keyboard":[[{"text":"b","callback_data":"c"}]]}',
    }
    answer = await http.post(f"{BOT}/sendMessage", data=form)
    assert answer.json()["result"]["reply_markup"]["inline_keyboard"][0][0]["callback_data"] == "c"


@pytest.mark.usefixtures("siti_wrote")
async def test_a_burst_to_one_chat_is_answered_with_429_and_a_wait(
    http: httpx.AsyncClient, simulator: Simulator
) -> None:
    simulator.stage.telegram.gate.set(TelegramLimits(per_chat_burst=2))
    statuses = [(await call(http, "sendMessage", chat_id=SITI, text="a")).status_code for _ in range(3)]
    assert statuses == [200, 200, 429]
    refused = (await call(http, "sendMessage", chat_id=SITI, text="a")).json()
    assert refused["parameters"] == {"retry_after": 1}
    assert len([i for i in simulator.chats.items("telegram", str(SITI)) if i.who == "bot"]) == 2


async def test_the_thirty_a_second_count_over_all_chats(
    http: httpx.AsyncClient, say: Say, simulator: Simulator
) -> None:
    simulator.stage.telegram.gate.set(TelegramLimits(per_second=3, per_chat_burst=None))
    for number in range(4):
        await say({"id": number + 1}, "halo")
    statuses = [(await call(http, "sendMessage", chat_id=n + 1, text="a")).status_code for n in range(4)]
    assert statuses == [200, 200, 200, 429]


async def test_a_group_gets_twenty_a_minute_and_no_contact_button(http: httpx.AsyncClient, say: Say) -> None:
    group = {"id": -1001, "type": "supergroup", "title": "Meja"}
    await say("siti", "halo", group=group)
    sent = [(await call(http, "sendMessage", chat_id=-1001, text="a")).status_code for _ in range(21)]
    assert sent == [200] * 20 + [429]
    keyboard = {"keyboard": [[{"text": "Bagikan", "request_contact": True}]]}
    refused = await call(http, "sendMessage", chat_id=-1001, text="a", reply_markup=keyboard)
    assert "private chats only" in refused.json()["description"]


@pytest.mark.usefixtures("siti_wrote")
@pytest.mark.parametrize(
    ("standing", "status", "words"),
    [
        ({"forbidden": "bot was blocked by the user"}, 403, "Forbidden: bot was blocked by the user"),
        ({"forbidden": "user is deactivated"}, 403, "Forbidden: user is deactivated"),
        ({"migrate_to": -100777}, 400, "Bad Request: group chat was upgraded to a supergroup chat"),
    ],
)
async def test_a_chat_that_is_closed_says_why(
    http: httpx.AsyncClient, standing: dict[str, Any], status: int, words: str
) -> None:
    await http.post("/control/standing", json={"channel": "telegram", "who": "siti", **standing})
    answer = await call(http, "sendMessage", chat_id=SITI, text="a")
    assert (answer.status_code, answer.json()["description"]) == (status, words)
    if "migrate_to" in standing:
        assert answer.json()["parameters"] == {"migrate_to_chat_id": -100777}
    await http.post("/control/standing", json={"channel": "telegram", "who": "siti"})
    assert (await call(http, "sendMessage", chat_id=SITI, text="a")).status_code == 200


@pytest.mark.usefixtures("siti_wrote")
async def test_a_pressed_button_can_be_answered_for_150_seconds(http: httpx.AsyncClient, say: Say, hands: Any) -> None:
    await call(http, "sendMessage", chat_id=SITI, text="di mana?", reply_markup=BUTTONS)
    await say("siti", do="press", title="Tokopedia")
    (*_, press) = (await call(http, "getUpdates")).json()["result"]
    query = press["callback_query"]
    assert (query["data"], query["message"]["text"], query["from"]["id"]) == ("t2", "di mana?", SITI)
    assert (await call(http, "answerCallbackQuery", callback_query_id=query["id"])).json()["result"] is True
    hands.later(seconds=151)
    late = await call(http, "answerCallbackQuery", callback_query_id=query["id"])
    assert "query is too old" in late.json()["description"]


@pytest.mark.usefixtures("siti_wrote")
async def test_a_button_that_is_not_there_cannot_be_pressed_but_its_data_can_be_forged(
    http: httpx.AsyncClient, say: Say
) -> None:
    answer = await http.post("/control/send", json={"as": "siti", "do": "press", "title": "Tidak ada"})
    assert answer.status_code == 409
    await say("siti", do="press", token="forged")
    (*_, press) = (await call(http, "getUpdates")).json()["result"]
    assert press["callback_query"]["data"] == "forged"


@pytest.mark.usefixtures("siti_wrote")
async def test_buttons_can_be_taken_away_once(http: httpx.AsyncClient, simulator: Simulator) -> None:
    sent = (await call(http, "sendMessage", chat_id=SITI, text="a", reply_markup=BUTTONS)).json()["result"]
    edit = {"chat_id": SITI, "message_id": sent["message_id"]}
    assert (await call(http, "editMessageReplyMarkup", **edit)).status_code == 200
    assert simulator.chats.items("telegram", str(SITI))[-1].buttons == []
    again = await call(http, "editMessageReplyMarkup", **edit)
    assert "message is not modified" in again.json()["description"]
    strange = await call(http, "editMessageText", chat_id=SITI, message_id=1, text="x")
    assert "can't be edited" in strange.json()["description"]


async def test_a_contact_can_be_own_forwarded_or_somebody_elses(http: httpx.AsyncClient, say: Say) -> None:
    for how in ("own", "forwarded", "other"):
        await say("siti", do="contact", how=how)
    own, forwarded, other = [u["message"] for u in (await call(http, "getUpdates")).json()["result"]]
    assert own["contact"] == {"phone_number": "+6284000000001", "first_name": "Siti", "user_id": SITI}
    assert "forward_origin" not in own
    assert forwarded["contact"]["user_id"] == SITI
    assert forwarded["forward_origin"]["type"] == "user"
    assert other["contact"]["user_id"] != SITI


async def test_a_photo_can_be_fetched_by_its_largest_size(http: httpx.AsyncClient, say: Say) -> None:
    await say("siti", "ini buktinya", do="photo")
    (update,) = (await call(http, "getUpdates")).json()["result"]
    largest = max(update["message"]["photo"], key=lambda size: size["file_size"])
    found = (await call(http, "getFile", file_id=largest["file_id"])).json()["result"]
    file = await http.get(f"/telegram/file/bot7000000001:gladi/{found['file_path']}")
    assert file.content.startswith(b"\x89PNG")
    assert len(file.content) == found["file_size"]


async def test_polling_confirms_by_offset_and_a_webhook_excludes_it(http: httpx.AsyncClient, say: Say) -> None:
    await say("siti", "satu")
    await say("siti", "dua")
    first, second = (await call(http, "getUpdates")).json()["result"]
    assert [u["message"]["text"] for u in (first, second)] == ["satu", "dua"]
    (left,) = (await call(http, "getUpdates", offset=second["update_id"])).json()["result"]
    assert left["update_id"] == second["update_id"]
    assert (await call(http, "getUpdates", offset=second["update_id"] + 1)).json()["result"] == []
    await call(http, "setWebhook", url="http://127.0.0.1:9/x")
    assert (await call(http, "getUpdates")).status_code == 409


@pytest.mark.parametrize(
    "given",
    [{"url": "http://example.org/x"}, {"url": "https://example.org/x", "secret_token": "mit leerzeichen"}],
)
async def test_a_webhook_needs_https_or_loopback_and_a_clean_secret(
    http: httpx.AsyncClient, given: dict[str, Any]
) -> None:
    assert (await call(http, "setWebhook", **given)).status_code == 400
