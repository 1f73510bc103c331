"""What a defect of ours or a value the database refuses costs: the one message at fault, and it is kept as it came."""

import asyncio
from collections.abc import Sequence

from bot.events import InboundEvent, Kind
from bot.inbox import Inbox
from records.clock import Clock
from records.database import Database
from records.sealed import Seal
from tests.conftest import OPENING


def event(number: int, person: str = "7001", order_key: int = 1) -> InboundEvent:
    raw = f'{{"pesan": {number}}}'.encode()
    return InboundEvent("telegram", f"update:{number}", person, person, Kind.TEXT, order_key, raw)


class ForgetfulInbox(Inbox):
    """Has a defect that one message brings out."""

    async def _store_events(self, events: list[InboundEvent]) -> None:
        if any(one.raw == b'{"pesan": 13}' for one in events):
            raise AttributeError("uji")
        await super()._store_events(events)


async def stored(inbox: Inbox, *posts: Sequence[InboundEvent]) -> list[BaseException | None]:
    running = asyncio.create_task(inbox.run())
    answers = await asyncio.gather(*(inbox.store(post) for post in posts), return_exceptions=True)
    assert not running.done(), "the inbox has ended"
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    return answers


async def kept(database: Database) -> dict[str, str]:
    rows = await database.at_once.rows("SELECT external_id, status FROM inbox WHERE sealed_event IS NOT NULL", {})
    return {row["external_id"]: row["status"] for row in rows}


async def test_a_defect_of_ours_costs_one_message_its_answer_and_nobody_else_anything(
    database: Database, clock: Clock, data_key: str
) -> None:
    inbox = ForgetfulInbox(database, Seal(data_key), clock, asyncio.Event())
    answers = await stored(inbox, [event(12)], [event(11, "7002"), event(13), event(14)], [event(15, "7003")])
    assert answers == [None, None, None]
    numbers = {f"update:{number}": "pending" for number in (11, 12, 14, 15)}
    assert await kept(database) == {**numbers, "update:13": "ignored"}


async def test_a_value_the_database_refuses_is_kept_as_it_came(database: Database, clock: Clock, data_key: str) -> None:
    inbox = Inbox(database, Seal(data_key), lambda: OPENING, asyncio.Event())
    answers = await stored(inbox, [event(1), event(2, order_key=2**70), event(3)])
    assert answers == [None]
    assert await kept(database) == {"update:1": "pending", "update:2": "ignored", "update:3": "pending"}
