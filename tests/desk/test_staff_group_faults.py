"""The staff group when something fails: rights, topics, calls whose end nobody knows, accounts and their links."""

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any, cast

import pytest
from fastapi import FastAPI
from sqlalchemy import select

from desk.staff_group.api import BotApi
from desk.staff_group.linking import make_link, unlink
from desk.staff_group.posting import post_round
from records.database import Database
from records.models import Conversation, GroupPost, Reading
from simulator.control.groups import STAFF, USUAL_ID
from tests.desk.conftest import Browse
from tests.desk.staff_group_scene import Hall
from tests.desk.test_staff_group import hall

__all__ = ["hall"]


async def test_the_web_goes_on_where_the_group_is_gone_and_the_alarm_says_so(hall: Hall, database: Database) -> None:
    await hall.go()
    group = f"/control/groups/{USUAL_ID}/bot"
    seen = []
    for standing in (
        {"status": "administrator", "rights": {"can_manage_topics": False}},
        {"status": "kicked"},
        {"status": "administrator"},
        {"status": "deleted"},
    ):
        await hall.control.post(group, json=standing)
        await hall.participant_says("siti", "halo?")
        await hall.go()
        await hall.look()
        async with database.read() as session:
            reading = await session.get_one(Reading, "staff_group")
            seen.append(reading.value["problem"])
    assert seen == ["no_rights", "removed", None, "gone"]
    assert (await hall.ticket("siti")).status == "open"


async def test_what_was_to_be_told_is_told_when_the_bot_is_let_in_again(hall: Hall) -> None:
    await hall.control.post(f"/control/groups/{USUAL_ID}/bot", json={"status": "kicked"})
    await hall.go()
    assert hall.topics() == {}
    await hall.control.post(f"/control/groups/{USUAL_ID}/bot", json={"status": "administrator"})
    await hall.look()
    await hall.no_more_waiting()
    await hall.go()
    assert len(hall.topics()) == 2


async def test_a_topic_somebody_deleted_is_made_again_once(hall: Hall) -> None:
    await hall.go()
    for made_again in (1, 0):
        await hall.act("sari", do="topic_delete", thread=hall.thread("siti"))
        await hall.participant_says("siti", "masih belum bisa")
        await hall.no_more_waiting()
        await hall.go()
        assert len(hall.standing("siti")) == made_again


async def test_a_topic_somebody_closed_stays_closed_until_there_is_news(hall: Hall) -> None:
    await hall.go()
    await hall.act("sari", do="topic_close", thread=hall.thread("siti"))
    await hall.go()
    assert hall.standing("siti")[0].closed
    await hall.participant_says("siti", "kak?")
    await hall.go()
    assert not hall.standing("siti")[0].closed
    assert "kak?" in hall.posts("siti")[-1]


async def test_a_wait_telegram_asks_for_is_kept_and_nothing_is_lost(hall: Hall) -> None:
    await hall.fault(kind="limit", method="createForumTopic", retry_after=30, count=1)
    await hall.go()
    assert hall.topics() == {}
    await hall.go()
    assert hall.topics() == {}
    await hall.no_more_waiting()
    await hall.go()
    assert len(hall.topics()) == 2


async def test_a_topic_whose_making_was_cut_off_is_found_and_not_made_twice(hall: Hall) -> None:
    await hall.fault(kind="accept_then_reset", method="createForumTopic", count=1)
    await hall.go()
    await hall.no_more_waiting()
    await hall.go()
    assert [len(hall.standing(case)) for case in ("rina", "siti")] == [1, 1]
    assert hall.posts("rina")


class Dying:
    """The Bot API until the desk is killed: the call was made, and nobody is left to write down what came of it."""

    def __init__(self, api: BotApi, method: str) -> None:
        self._api, self._method = api, method

    async def call(self, method: str, **params: Any) -> Any:
        result = await self._api.call(method, **params)
        if method == self._method:
            raise Killed
        return result


class Killed(BaseException):
    """Ends everything, as a kill does."""


@pytest.mark.parametrize("method", ["createForumTopic", "sendMessage", "pinChatMessage"])
async def test_a_desk_killed_after_its_call_leaves_no_second_topic_and_no_second_card_pinned(
    hall: Hall, method: str
) -> None:
    dying = replace(hall.group, api=cast(BotApi, Dying(hall.group.api, method)))
    with pytest.raises(Killed):
        await post_round(hall.office, dying)
    await hall.go()
    await hall.no_more_waiting()
    await hall.go()
    assert [len(hall.standing(case)) for case in ("rina", "siti")] == [1, 1]
    assert [len(hall.standing(case)[0].pinned) for case in ("rina", "siti")] == [1, 1]
    async with hall.office.database.read() as session:
        unknown = select(GroupPost.kind).where(GroupPost.status == "unknown")
        assert len((await session.scalars(unknown)).all()) == 1


async def test_a_topic_that_cannot_be_told_apart_is_made_anew_and_its_twin_closed_when_it_shows(hall: Hall) -> None:
    await hall.fault(kind="accept_then_reset", method="createForumTopic", count=1)
    await hall.go(1)
    await hall.act("sari", do="topic_create", text="Ngobrol santai")
    await hall.no_more_waiting()
    await hall.go()
    lost, living = hall.standing("rina")
    assert not lost.closed
    await hall.say("sari", "lho, ada dua?", thread=lost.thread_id)
    await hall.no_more_waiting()
    await hall.go()
    assert (lost.thread_id, [one.closed for one in hall.standing("rina")]) == (lost.thread_id, [True, False])
    assert living.thread_id == hall.thread("rina")


async def test_words_whose_end_nobody_knows_are_said_once_more_and_say_so(hall: Hall) -> None:
    await hall.go()
    await hall.participant_says("siti", "sudah saya coba")
    await hall.fault(kind="accept_then_reset", method="sendMessage", count=1)
    await hall.go()
    await hall.no_more_waiting()
    await hall.go()
    told = [post for post in hall.posts("siti") if "sudah saya coba" in post]
    assert len(told) == 2
    assert told[1].startswith("(mungkin terulang)")


async def test_the_topic_of_somebody_who_is_erased_is_deleted_at_telegram(hall: Hall, database: Database) -> None:
    await hall.go()
    await hall.sql("UPDATE group_topics SET forget = true WHERE ticket_id = :id", id=hall.scene.tickets["siti"].id)
    await hall.sql(
        "UPDATE tickets SET status = 'resolved', resolved_at = now() WHERE id = :id", id=hall.scene.tickets["siti"].id
    )
    await hall.go()
    assert hall.standing("siti") == []


async def test_an_account_is_proven_by_a_link_that_works_once(hall: Hall) -> None:
    async def link(who: str) -> str:
        async with hall.office.database.write() as session:
            now = hall.office.real_clock()
            return await make_link(session, hall.scene.staff[who], at=hall.office.clock(), now=now)

    await hall.sql("UPDATE staff SET telegram_user_id = NULL")
    first, second = await link("sari"), await link("sari")
    await hall.act("bagas", private=True, text=f"/start {first}")
    await hall.go()
    assert (await hall.staff("sari")).telegram_user_id is None
    await hall.act("sari", private=True, text=f"/start {second}")
    await hall.act("bagas", private=True, text=f"/start {second}")
    await hall.go()
    assert (await hall.staff("sari")).telegram_user_id == str(STAFF[0].id)
    chats = hall.simulator.chats
    assert "terhubung dengan Sari" in chats.items("telegram", str(STAFF[0].id))[-1].text
    assert "tidak berlaku" in chats.items("telegram", str(STAFF[4].id))[-1].text
    third = await link("joko")
    await hall.act("sari", private=True, text=f"/start {third}")
    await hall.go()
    assert "petugas lain" in chats.items("telegram", str(STAFF[0].id))[-1].text
    async with hall.office.database.write() as session:
        assert await unlink(session, await session.merge(await hall.staff("sari")), by="sari", at=hall.office.clock())
    assert "belum terhubung" in await hall.press("sari", "Ambil", "siti")


async def test_the_desk_makes_the_link_and_telegram_opens_it(hall: Hall, app: FastAPI, browse: Browse) -> None:
    app.state.office = hall.office
    browser = await browse(hall.scene, "ani")
    page = (await browser.post("/akun/telegram/tautan")).text
    opened = re.search(r"https://t\.me/prakerja_gladi_bot\?start=(staf-[\w-]{43})", page)
    assert opened
    await hall.act("ani", private=True, text=f"/start {opened[1]}")
    await hall.go()
    assert "Terhubung" in (await browser.get("/akun/telegram")).text


async def test_a_link_ends_after_its_time(hall: Hall) -> None:
    async with hall.office.database.write() as session:
        now = hall.office.real_clock() - timedelta(minutes=11)
        token = await make_link(session, hall.scene.staff["ani"], at=hall.office.clock(), now=now)
    await hall.act("ani", private=True, text=f"/start {token}")
    await hall.go()
    assert (await hall.staff("ani")).telegram_user_id is None


async def test_a_conversation_still_belongs_to_the_bot_until_somebody_takes_it(hall: Hall) -> None:
    await hall.go()
    async with hall.office.database.read() as session:
        chat = await session.get_one(Conversation, hall.scene.conversations["siti"].id)
    assert chat.owner == "bot"
