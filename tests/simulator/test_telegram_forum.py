"""Groups with topics: what a bot may do there, in Telegram's words, and what its members' acts look like to it."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from simulator.app import Simulator
from simulator.control.groups import STAFF, USUAL_ID
from simulator.telegram.limits import FloodGate, TelegramLimits

BOT = "/telegram/bot7000000001:gladi"
SARI, BAGAS = STAFF[0].model_dump(), {"id": 77, "first_name": "Bagas"}
GROUP = {"id": USUAL_ID}
type Say = Callable[..., Any]


async def call(http: httpx.AsyncClient, method: str, **given: Any) -> Any:
    answer = (await http.post(f"{BOT}/{method}", json={"chat_id": USUAL_ID, **given})).json()
    return answer["result"] if answer["ok"] else answer["description"].removeprefix("Bad Request: ")


@pytest.fixture(autouse=True)
async def group(http: httpx.AsyncClient) -> None:
    assert (await http.post("/control/groups", json={})).status_code == 200


@pytest.fixture
async def topic(http: httpx.AsyncClient) -> int:
    return int((await call(http, "createForumTopic", name="T-1 · Gagal bayar"))["message_thread_id"])


async def updates(http: httpx.AsyncClient) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await http.post(f"{BOT}/getUpdates", json={})).json()["result"]
    return found


async def test_a_topic_is_written_in_closed_opened_and_deleted(http: httpx.AsyncClient, topic: int) -> None:
    thread = {"message_thread_id": topic}
    sent = await call(http, "sendMessage", text="kartu", **thread)
    assert (sent["message_thread_id"], sent["is_topic_message"]) == (topic, True)
    assert await call(http, "closeForumTopic", **thread) is True
    assert await call(http, "closeForumTopic", **thread) == "TOPIC_NOT_MODIFIED"
    assert await call(http, "sendMessage", text="lagi", **thread) == "TOPIC_CLOSED"
    assert await call(http, "reopenForumTopic", **thread) is True
    assert await call(http, "deleteForumTopic", **thread) is True
    assert await call(http, "sendMessage", text="lagi", **thread) == "message thread not found"


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"name": ""}, "TOPIC_TITLE_EMPTY"),
        ({"name": "x" * 129}, "TOPIC_TITLE_TOO_LONG"),
        ({"name": "a", "icon_color": 1}, "TOPIC_ICON_COLOR_INVALID"),
    ],
)
async def test_a_topic_that_telegram_refuses_is_refused(
    http: httpx.AsyncClient, given: dict[str, Any], why: str
) -> None:
    assert await call(http, "createForumTopic", **given) == why


@pytest.mark.parametrize(
    ("standing", "why"),
    [
        ({"rights": {"can_manage_topics": False}}, "not enough rights to create a topic"),
        ({"status": "member"}, "not enough rights to create a topic"),
        ({"status": "kicked"}, "Forbidden: bot was kicked from the supergroup chat"),
        ({"status": "deleted"}, "chat not found"),
    ],
)
async def test_a_bot_without_its_rights_is_told_which(
    http: httpx.AsyncClient, standing: dict[str, Any], why: str
) -> None:
    await http.post(f"/control/groups/{USUAL_ID}/bot", json=standing)
    assert await call(http, "createForumTopic", name="T-1") == why


async def test_a_group_without_topics_has_none(http: httpx.AsyncClient) -> None:
    await http.post("/control/groups", json={"is_forum": False})
    assert await call(http, "createForumTopic", name="T-1") == "the chat is not a forum"


async def test_what_a_member_writes_in_a_topic_answers_what_made_it(
    http: httpx.AsyncClient, say: Say, topic: int
) -> None:
    await say(SARI, "saya cek", group=GROUP, thread=topic)
    message = (await updates(http))[-1]["message"]
    assert (message["message_thread_id"], message["chat"]["is_forum"]) == (topic, True)
    assert message["reply_to_message"]["forum_topic_created"]["name"] == "T-1 · Gagal bayar"


async def test_a_press_in_a_topic_names_its_message_and_shows_the_answer(
    http: httpx.AsyncClient, say: Say, topic: int, simulator: Simulator
) -> None:
    keys = {"inline_keyboard": [[{"text": "Ambil", "callback_data": "ambil"}]]}
    card = await call(http, "sendMessage", message_thread_id=topic, text="kartu", reply_markup=keys)
    await say(SARI, do="press", title="Ambil", group=GROUP, thread=topic)
    query = (await updates(http))[-1]["callback_query"]
    assert (query["message"]["message_id"], query["message"]["message_thread_id"]) == (card["message_id"], topic)
    await call(http, "answerCallbackQuery", callback_query_id=query["id"], text="Anda memegangnya.")
    pressed = simulator.chats.items("telegram", str(USUAL_ID))[-1]
    assert (pressed.type, pressed.extra["answer"]) == ("press", "Anda memegangnya.")


async def test_only_members_do_anything_in_the_group(http: httpx.AsyncClient) -> None:
    answer = await http.post("/control/send", json={"as": BAGAS, "text": "halo", "group": GROUP})
    assert answer.status_code == 409


async def test_a_person_may_make_and_delete_topics_and_deleting_is_told_to_nobody(
    http: httpx.AsyncClient, say: Say
) -> None:
    await say(SARI, "Ngobrol", do="topic_create", group=GROUP)
    made = (await updates(http))[-1]["message"]
    assert made["forum_topic_created"]["name"] == "Ngobrol"
    before = len(await updates(http))
    await say(SARI, do="topic_delete", group=GROUP, thread=made["message_thread_id"])
    assert len(await updates(http)) == before


async def test_a_pin_and_a_reaction_are_seen(http: httpx.AsyncClient, say: Say, topic: int) -> None:
    card = (await call(http, "sendMessage", message_thread_id=topic, text="kartu"))["message_id"]
    assert await call(http, "pinChatMessage", message_id=card) is True
    said = await say(SARI, "sudah", group=GROUP, thread=topic)
    react = {"message_id": int(said["message_id"])}
    assert await call(http, "setMessageReaction", reaction=[{"type": "emoji", "emoji": "✅"}], **react) == (
        "REACTION_INVALID"
    )
    assert await call(http, "setMessageReaction", reaction=[{"type": "emoji", "emoji": "👍"}], **react) is True
    shown = (await http.get(f"/control/groups/{USUAL_ID}")).json()
    assert shown["topics"][0]["pinned"] == [card]


async def test_edits_and_topics_count_among_the_twenty(http: httpx.AsyncClient, topic: int) -> None:
    card = (await call(http, "sendMessage", message_thread_id=topic, text="0"))["message_id"]
    for number in range(18):
        await call(http, "editMessageText", message_id=card, text=f"{number + 1}")
    assert "Too Many Requests" in await call(http, "editMessageText", message_id=card, text="lagi")
    shown = (await http.get(f"/control/groups/{USUAL_ID}")).json()
    assert (shown["posts"], shown["most_in_a_minute"], shown["refused"]) == (20, 20, 1)


def test_no_minute_wherever_it_begins_holds_more_than_twenty() -> None:
    now = [0.0]
    gate = FloodGate(TelegramLimits(per_second=None), lambda: now[0])
    for _ in range(4000):
        now[0] += 0.1
        if not gate._wait_of_group(-1):
            gate.pass_message(-1)
    assert gate.most_in_a_minute(-1) == 20
    assert 120 <= len(gate.passed[-1]) <= 140


async def test_the_page_of_the_group_is_served(http: httpx.AsyncClient) -> None:
    page = await http.get("/grup")
    assert (page.status_code, str(USUAL_ID) in page.text) == (200, True)
