"""What people do on Telegram beside writing, as python-telegram-bot reads it."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from telegram import ChatMemberBanned, ChatMemberMember, MessageOriginUser, Update

from simulator.app import Simulator

BOT = "/telegram/bot7000000001:gladi"
SITI = 9_000_000_001
RT = {"id": -77, "type": "group", "title": "RT 03"}
type Say = Callable[..., Any]


async def updates(http: httpx.AsyncClient) -> list[Update]:
    answer = (await http.post(f"{BOT}/getUpdates", json={})).json()["result"]
    await http.post(f"{BOT}/getUpdates", json={"offset": answer[-1]["update_id"] + 1 if answer else 0})
    return [Update.de_json(update, None) for update in answer]


async def test_an_album_is_many_photos_with_one_id_and_the_words_on_the_first(
    http: httpx.AsyncClient, say: Say
) -> None:
    await say("siti", "ini errornya", do="album", count=4)
    messages = [update.message for update in await updates(http)]
    assert len({message.media_group_id for message in messages}) == 1
    assert [message.caption for message in messages] == ["ini errornya", None, None, None]
    assert all(message.photo for message in messages)


async def test_a_reply_names_what_it_answers(http: httpx.AsyncClient, say: Say) -> None:
    await say("siti", "halo")
    sent = (await http.post(f"{BOT}/sendMessage", json={"chat_id": SITI, "text": "Di platform apa?"})).json()["result"]
    await say("siti", "yang ini", reply_to="last bot", quote="platform")
    message = (await updates(http))[-1].message
    assert message.reply_to_message.message_id == sent["message_id"]
    assert message.reply_to_message.from_user.is_bot
    assert message.quote.text == "platform"


async def test_a_reply_to_nothing_cannot_be_made(http: httpx.AsyncClient) -> None:
    answer = await http.post("/control/send", json={"as": "siti", "text": "halo", "reply_to": "9999"})
    assert answer.status_code == 409


async def test_a_forwarded_text_names_whose_words_it_is(http: httpx.AsyncClient, say: Say) -> None:
    await say("siti", "saldo saya hilang", forwarded=True)
    message = (await updates(http))[0].message
    assert isinstance(message.forward_origin, MessageOriginUser)
    assert message.forward_origin.sender_user.id != SITI


async def test_a_venue_is_a_location_with_a_name(http: httpx.AsyncClient, say: Say) -> None:
    await say("siti", do="venue")
    message = (await updates(http))[0].message
    assert message.venue.title
    assert message.location


async def test_blocking_is_told_and_felt_and_ends(http: httpx.AsyncClient, say: Say) -> None:
    await say("siti", "halo")
    await say("siti", do="block")
    change = (await updates(http))[-1].my_chat_member
    assert isinstance(change.new_chat_member, ChatMemberBanned)
    refused = (await http.post(f"{BOT}/sendMessage", json={"chat_id": SITI, "text": "a"})).json()
    assert refused["description"] == "Forbidden: bot was blocked by the user"
    await say("siti", do="unblock")
    change = (await updates(http))[-1].my_chat_member
    assert isinstance(change.new_chat_member, ChatMemberMember)
    assert (await http.post(f"{BOT}/sendMessage", json={"chat_id": SITI, "text": "a"})).json()["ok"]


async def test_a_group_that_moves_says_so_in_both_chats_and_refuses_the_old_id(
    http: httpx.AsyncClient, say: Say
) -> None:
    await say("siti", do="join", group=RT)
    await say("siti", "halo", group=RT)
    moved = await say("siti", do="migrate", group=RT)
    told = [update.message for update in await updates(http) if update.message]
    assert told[1].migrate_to_chat_id == int(moved["chat"]) == told[2].chat.id
    assert told[2].migrate_from_chat_id == RT["id"]
    assert told[2].chat.type == "supergroup"
    refused = (await http.post(f"{BOT}/sendMessage", json={"chat_id": RT["id"], "text": "a"})).json()
    assert refused["parameters"] == {"migrate_to_chat_id": told[2].chat.id}
    assert (await http.post(f"{BOT}/sendMessage", json={"chat_id": told[2].chat.id, "text": "a"})).json()["ok"]


async def test_a_bot_put_out_of_a_group_cannot_write_there(http: httpx.AsyncClient, say: Say) -> None:
    await say("siti", do="join", group=RT)
    await say("siti", do="kick", group=RT)
    refused = (await http.post(f"{BOT}/sendMessage", json={"chat_id": RT["id"], "text": "a"})).json()
    assert refused["error_code"] == 403
    assert [type(update.my_chat_member.new_chat_member) for update in await updates(http)] == [
        ChatMemberMember,
        ChatMemberBanned,
    ]


@pytest.mark.parametrize("do", ["join", "kick", "migrate"])
async def test_an_act_on_a_group_needs_one(http: httpx.AsyncClient, do: str) -> None:
    assert (await http.post("/control/send", json={"as": "siti", "do": do})).status_code == 409


async def test_typing_is_shown_until_the_answer_or_five_seconds(
    http: httpx.AsyncClient, say: Say, hands: Any, simulator: Simulator
) -> None:
    await say("siti", "halo")

    async def doing() -> str | None:
        return (await http.get("/control/chats/telegram/siti")).json().get("doing")

    action = {"chat_id": SITI, "action": "typing"}
    await http.post(f"{BOT}/sendChatAction", json=action)
    assert await doing() == "typing"
    hands.later(seconds=6)
    assert await doing() is None
    await http.post(f"{BOT}/sendChatAction", json=action)
    await http.post(f"{BOT}/sendMessage", json={"chat_id": SITI, "text": "Halo"})
    assert await doing() is None
    assert simulator.stage.telegram.state.actions[str(SITI)]["count"] == 2
