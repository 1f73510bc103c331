"""A broadcast goes out at the pace of its channel, each person once, and replies pass it."""

import asyncio
import time
from collections.abc import Callable

import pytest
from sqlalchemy import text

from bot.limits import LocalLimits, Rules
from bot.webhooks import telegram_arrival
from records.clock import Clock
from records.database import Database
from tests.bot.corridor import Corridor, update

NOTICES = """
WITH chats AS (
    INSERT INTO conversations (id, channel, external_id, opened_at)
    SELECT gen_random_uuid(), 'telegram', (9000 + n)::text, now() FROM generate_series(1, :count) n RETURNING id
), said AS (
    INSERT INTO messages (id, conversation_id, direction, author, text, created_at)
    SELECT gen_random_uuid(), id, 'out', 'system', 'Pengumuman.', now() FROM chats RETURNING id, conversation_id
)
INSERT INTO outbox (id, conversation_id, message_id, channel, payload, author, owner_version, priority)
SELECT gen_random_uuid(), conversation_id, id, 'telegram', '{"text": "Pengumuman."}', 'system', 0, 2 FROM said
"""
type MakeCorridor = Callable[..., Corridor]


@pytest.fixture
def make(database: Database, clock: Clock, data_key: str) -> MakeCorridor:
    return lambda **parts: Corridor(database, clock, data_key, **parts)


async def _announce(corridor: Corridor, count: int) -> None:
    async with corridor.database.write() as session:
        await session.execute(text(NOTICES), {"count": count})


async def test_a_broadcast_uses_the_rate_it_is_allowed_and_puts_hardly_anything_back(make: MakeCorridor) -> None:
    corridor = make(limits=LocalLimits(Rules("telegram", 40, 1, 3)))
    await _announce(corridor, 100)
    began = time.monotonic()
    async with corridor:
        await corridor.rest(60)
    assert len({message.chat for message in corridor.telegram.sent}) == len(corridor.telegram.sent) == 100
    assert time.monotonic() - began >= 100 / 40 - 1
    assert await corridor.count("outbox WHERE attempts > 1") <= 10


async def test_a_reply_does_not_wait_for_the_end_of_a_broadcast(make: MakeCorridor) -> None:
    corridor = make(limits=LocalLimits(Rules("telegram", 20, 1, 3)))
    await _announce(corridor, 600)
    async with corridor:
        while not corridor.telegram.sent:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        await corridor.inbox.store([telegram_arrival(update(1, "halo"))])
        while "dengar: halo" not in corridor.telegram.words:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    assert corridor.telegram.words.index("dengar: halo") < 300
