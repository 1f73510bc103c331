"""Who is rung: this process where it acts itself, the others where they do, and a burst is one ring."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from bot.chime import Chime
from records.bell import INBOX, PostgresBell
from records.database import Database


class Counter:
    """A bell that counts."""

    def __init__(self) -> None:
        self.rung: list[str] = []

    async def ring(self, session: AsyncSession, name: str, word: str = "") -> None:
        raise AssertionError("nothing is committed here")

    async def call(self, name: str) -> None:
        self.rung.append(name)

    async def close(self) -> None:
        return

    async def listen(self, *names: str) -> AsyncIterator[tuple[str, str]]:
        yield "", ""


@pytest.fixture
def counter() -> Counter:
    return Counter()


async def test_where_this_process_acts_nobody_else_is_rung(counter: Counter) -> None:
    chime = Chime(counter, INBOX, lambda: False)
    chime.set()
    await asyncio.wait_for(chime.wait(), 1)
    await asyncio.sleep(0.05)
    assert counter.rung == []


async def test_a_burst_rings_others_a_few_times_and_the_last_message_is_never_missed(counter: Counter) -> None:
    chime = Chime(counter, INBOX, lambda: True)
    for _ in range(200):
        chime.set()
        await asyncio.sleep(0)
    assert 1 <= len(counter.rung) < 50
    await asyncio.sleep(0.1)
    before_the_last = len(counter.rung)
    chime.set()
    async with asyncio.timeout(60):
        while len(counter.rung) == before_the_last:  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def test_a_ring_from_elsewhere_is_not_passed_on(counter: Counter) -> None:
    chime = Chime(counter, INBOX, lambda: True)
    chime.heard()
    assert chime.is_set()
    await asyncio.sleep(0.05)
    assert counter.rung == []


async def test_a_call_outside_of_a_transaction_is_heard_and_survives_its_connection(database: Database) -> None:
    bell, heard = PostgresBell(database.url), asyncio.Event()

    async def listen() -> None:
        async for _ in bell.listen(INBOX):
            heard.set()

    async def until_heard() -> None:
        while not heard.is_set():
            await bell.call(INBOX)
            await asyncio.sleep(0.05)

    listener = asyncio.create_task(listen())
    try:
        await asyncio.wait_for(until_heard(), 60)
        assert bell._caller is not None
        await bell._caller.close()
        heard.clear()
        await asyncio.wait_for(until_heard(), 60)
    finally:
        listener.cancel()
        await bell.close()
