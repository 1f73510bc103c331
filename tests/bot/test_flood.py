"""A flood from one phone: heard up to a point, told once, bounded in storage, and nobody else waits for it."""

from collections.abc import Callable

import pytest
from sqlalchemy import text

from bot import wording
from bot.events import InboundEvent, Kind
from bot.flood import KEPT_AN_HOUR, Floodgate
from bot.webhooks import telegram_arrival
from records.clock import Clock
from records.database import Database
from tests.bot.corridor import BUDI, SITI, Corridor, update

type MakeCorridor = Callable[..., Corridor]


@pytest.fixture
def make(database: Database, clock: Clock, data_key: str) -> MakeCorridor:
    return lambda **parts: Corridor(database, clock, data_key, **parts)


def _event(number: int, kind: Kind = Kind.TEXT) -> InboundEvent:
    return InboundEvent("telegram", f"update:{number}", "7001", "7001", kind, number, b"{}")


def test_forty_at_once_and_then_one_a_second_are_heard() -> None:
    now = [100.0]
    gate = Floodgate(lambda: now[0])
    assert sum(gate.lets_in(_event(number)) for number in range(100)) == 40
    now[0] += 3
    assert sum(gate.lets_in(_event(number)) for number in range(100, 110)) == 3


def test_a_delivery_that_comes_fifty_times_counts_once() -> None:
    gate = Floodgate(lambda: 100.0)
    assert all(gate.lets_in(_event(1)) for _ in range(50))
    assert sum(gate.lets_in(_event(number)) for number in range(2, 60)) == 39


def test_what_the_channel_itself_tells_is_never_a_flood() -> None:
    gate = Floodgate(lambda: 100.0)
    for number in range(60):
        gate.lets_in(_event(number))
    assert gate.lets_in(_event(61, Kind.LEFT))


async def test_a_flood_is_told_of_once_and_others_are_answered(make: MakeCorridor) -> None:
    async with make() as corridor:
        await corridor.hear(*[update(n, "x") for n in range(1, 151)], update(200, "halo", chat=BUDI))
    to_siti = [message.text for message in corridor.telegram.sent if message.chat == str(SITI)]
    assert to_siti.count(wording.FLOOD) == 1
    assert to_siti.count("dengar: x") >= 40
    assert [message.text for message in corridor.telegram.sent if message.chat == str(BUDI)] == ["dengar: halo"]
    counted = await corridor.row("SELECT sum(count) AS n FROM floods")
    assert counted["n"] + to_siti.count("dengar: x") == 150


async def test_what_a_flood_keeps_is_bounded_and_the_rest_counted(make: MakeCorridor) -> None:
    corridor = make()
    await corridor.store_only(*[telegram_arrival(update(n, "x")) for n in range(1, 901)])
    stored = await corridor.count("inbox")
    kept = await corridor.count("inbox WHERE status = 'ignored' AND error LIKE 'banjir%' AND sealed_event IS NOT NULL")
    assert kept <= KEPT_AN_HOUR
    assert stored < 700
    assert (await corridor.row("SELECT sum(count) AS n FROM floods"))["n"] == 900 - (stored - kept)


async def test_after_a_flood_the_person_is_heard_again(make: MakeCorridor) -> None:
    async with make() as corridor:
        await corridor.hear(*[update(n, "x") for n in range(1, 61)])
        for bucket, _ in corridor.inbox._gate._chats.values():
            bucket.filled_at -= 60
        await corridor.hear(update(300, "paket tidak ditemukan"))
    assert corridor.telegram.words[-1] == "dengar: paket tidak ditemukan"


async def test_a_flood_in_a_chat_that_was_erased_meanwhile_begins_anew(make: MakeCorridor) -> None:
    corridor = make()
    await corridor.store_only(*[telegram_arrival(update(n, "x")) for n in range(1, 45)])
    async with corridor.database.write() as session:
        await session.execute(text("UPDATE conversations SET external_id = 'terhapus:' || id"))
    await corridor.store_only(*[telegram_arrival(update(n, "x")) for n in range(45, 50)])
    assert await corridor.count("conversations WHERE external_id = '7001'") == 1
