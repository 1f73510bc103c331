"""The staff group at the bot's door: kept before the 200, once, sealed, and never a participant's message."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import orjson
import pytest
from sqlalchemy import select
from starlette.applications import Starlette

from bot.settings import TelegramSettings
from bot.webhooks import Webhooks
from records.clock import Clock
from records.database import Database
from records.models import GroupUpdate
from tests.bot.corridor import Corridor, press, update
from tests.bot.test_doors import WHATSAPP

GROUP = -1_002_000
SECRET = {"X-Telegram-Bot-Api-Secret-Token": "s3cret"}
LINK = "/start staf-" + "a" * 43
IN_GROUP = {"id": GROUP, "type": "supergroup", "title": "Meja", "is_forum": True}


@pytest.fixture
async def corridor(database: Database, clock: Clock, data_key: str) -> AsyncIterator[Corridor]:
    async with Corridor(database, clock, data_key) as corridor:
        yield corridor


async def knock(corridor: Corridor, *bodies: bytes, group: int | None = GROUP) -> None:
    settings = TelegramSettings(telegram_secret="s3cret", telegram_staff_group=group, _env_file=None)
    app = Starlette(routes=Webhooks(corridor.inbox, settings, WHATSAPP).routes())
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://bot") as client:
        for body in bodies:
            assert (await client.post("/telegram/webhook", content=body, headers=SECRET)).status_code == 200


async def kept(corridor: Corridor) -> list[GroupUpdate]:
    async with corridor.database.read() as session:
        return list(await session.scalars(select(GroupUpdate).order_by(GroupUpdate.id)))


def in_group(number: int, said: str) -> bytes:
    body: dict[str, Any] = orjson.loads(update(number, said))
    body["message"]["chat"] = IN_GROUP
    return orjson.dumps(body)


def pressed_in_group() -> bytes:
    body: dict[str, Any] = orjson.loads(press(2, "ambil"))
    body["callback_query"]["message"]["chat"] = IN_GROUP
    return orjson.dumps(body)


async def test_what_happens_in_the_group_is_kept_for_the_desk_and_reaches_no_lane(corridor: Corridor) -> None:
    put_out = {"update_id": 900_003, "my_chat_member": {"chat": IN_GROUP}}
    await knock(corridor, in_group(1, "saya cek"), pressed_in_group(), orjson.dumps(put_out))
    assert [row.id for row in await kept(corridor)] == [900_001, 900_002, 900_003]
    assert [await corridor.count(table) for table in ("inbox", "lanes", "conversations", "identities")] == [0, 0, 0, 0]
    await corridor.rest()
    assert corridor.telegram.words == []


async def test_an_update_that_comes_again_is_kept_once_and_sealed(corridor: Corridor) -> None:
    body = in_group(1, "nomor 3174...")
    await knock(corridor, body, body)
    (row,) = await kept(corridor)
    assert row.sealed_event is not None
    assert b"3174" not in row.sealed_event


async def test_the_proof_of_who_somebody_is_goes_to_the_desk_and_other_links_do_not(corridor: Corridor) -> None:
    await knock(corridor, update(1, LINK), update(2, "/start grup"), update(3, "tolong " + LINK))
    assert [row.id for row in await kept(corridor)] == [900_001]
    assert await corridor.count("inbox") == 2
    await corridor.rest()


async def test_without_a_staff_group_nothing_is_the_desks(corridor: Corridor) -> None:
    await knock(corridor, update(1, LINK), in_group(2, "halo"), group=None)
    assert await kept(corridor) == []
    assert await corridor.count("inbox") == 2
    await corridor.rest()
