"""A channel that restricts what we begin: broadcasts rest, replies go on, operators are told until it ends."""

import asyncio
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from bot.claiming import BROADCAST
from bot.sending import OutboundMessage, Restricted, TooFast, WindowClosed
from records.channel_news import SENDING, troubles
from records.clock import Clock
from records.database import Database
from records.models import Conversation, Message, Outbound
from tests.bot.corridor import Corridor, RememberingSender
from tests.conftest import OPENING


class Meta(RememberingSender):
    """Takes what is sent, but for what the script says about broadcasts."""

    def __init__(self) -> None:
        super().__init__()
        self.restricted = True
        self.asked = 0

    async def send(self, message: OutboundMessage) -> str:
        if message.text.startswith("siaran"):
            self.asked += 1
            if self.restricted:
                raise Restricted(3600, "131048: spam rate limit")
        return await super().send(message)


@pytest.fixture
def meta() -> Meta:
    return Meta()


async def write(database: Database, said: str, priority: int) -> UUID:
    async with database.write() as session:
        chat = Conversation(channel="whatsapp", external_id=f"ID.{uuid4()}", opened_at=OPENING)
        session.add(chat)
        await session.flush()
        message = Message(conversation_id=chat.id, direction="out", author="system", text=said, created_at=OPENING)
        session.add(message)
        await session.flush()
        row = Outbound(
            conversation_id=chat.id,
            message_id=message.id,
            channel="whatsapp",
            payload={"text": said, "buttons": []},
            author="system",
            owner_version=0,
            priority=priority,
        )
        session.add(row)
        await session.flush()
        return row.id


async def until(corridor: Corridor, rows: str) -> None:
    async with asyncio.timeout(60):
        while not await corridor.count(rows):  # noqa: ASYNC110
            await asyncio.sleep(0.02)


async def told(database: Database) -> list[tuple[str, str]]:
    async with database.read() as session:
        return [(one.topic, one.event) for one in await troubles(session)]


async def test_broadcasts_rest_while_replies_go_on_and_the_alarm_ends_with_the_restriction(
    database: Database, clock: Clock, data_key: str, meta: Meta
) -> None:
    async with Corridor(database, clock, data_key, on_whatsapp=meta) as corridor:
        for number in range(4):
            await write(database, f"siaran {number}", BROADCAST)
        await until(corridor, "outbox WHERE error LIKE '131048%'")
        await write(database, "balasan", 0)
        await until(corridor, "outbox WHERE status = 'sent'")
        assert meta.words == ["balasan"]
        assert await corridor.count("outbox WHERE status = 'refused'") == 0
        assert await told(database) == [(SENDING, "131048")]
        asked = meta.asked
    meta.restricted = False
    async with database.write() as session:
        await session.execute(text("UPDATE outbox SET due_at = clock_timestamp() WHERE status = 'due'"))
    async with Corridor(database, clock, data_key, on_whatsapp=meta) as corridor:
        await corridor.rest(60)
    assert sorted(meta.words) == ["balasan", *(f"siaran {number}" for number in range(4))]
    assert await told(database) == []
    # the hour was kept: nobody was asked again and again
    assert asked <= 4


@pytest.mark.parametrize(
    ("problem", "status"), [(TooFast(0.1, "131056: pair"), "sent"), (WindowClosed("131047: closed"), "waiting")]
)
async def test_a_limit_is_waited_for_and_a_closed_window_is_not_tried_again(
    database: Database, clock: Clock, data_key: str, problem: Exception, status: str
) -> None:
    sender = RememberingSender(script=[problem] * 15)
    async with Corridor(database, clock, data_key, on_whatsapp=sender) as corridor:
        await write(database, "halo", 0)
        await corridor.rest(60)
        kept = await corridor.row("SELECT status, attempts FROM outbox")
    assert kept == {"status": status, "attempts": 16 if status == "sent" else 1}
