"""Sending: each channel by itself, nothing twice, nothing by whom the row no longer belongs to."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from bot.claiming import HELD, claim
from bot.marking import Mark, Marks, after
from bot.rounds.windows import free_what_waited
from bot.sending import ChannelStopped, NotReached, RetryLater, WindowClosed
from bot.webhooks import telegram_arrival, whatsapp_arrivals
from records.clock import Clock
from records.database import Database
from tests.bot.corridor import BUDI, SITI, Corridor, update
from tests.bot.test_rounds import WHATSAPP_TEXT

type MakeCorridor = Callable[..., Corridor]


@pytest.fixture
def make(database: Database, clock: Clock, data_key: str) -> MakeCorridor:
    return lambda **parts: Corridor(database, clock, data_key, **parts)


async def _due(corridor: Corridor) -> None:
    """A reply to Siti that nobody has begun to send."""
    async with corridor:
        await corridor.hear(update(1, "halo"))
    corridor.telegram.sent.clear()
    async with corridor.database.write() as session:
        await session.execute(text("UPDATE outbox SET status = 'due', attempts = 0, provider_message_id = NULL"))


async def _marked(corridor: Corridor, *marks: Mark) -> None:
    written = Marks(corridor.database, corridor.clock, corridor.bell, asyncio.Event())
    running = asyncio.create_task(written.run())
    for mark in marks:
        written.add(mark)
    while written.pending:  # noqa: ASYNC110
        await asyncio.sleep(0.01)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_a_channel_that_refuses_us_keeps_its_queue_and_holds_up_no_other(make: MakeCorridor) -> None:
    corridor = make()
    corridor.telegram.script.append(ChannelStopped("401: token dicabut"))
    async with corridor:
        await corridor.inbox.store([telegram_arrival(update(1, "halo"))])
        while not corridor.outbox.stopped:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        await corridor.inbox.store([telegram_arrival(update(2, "halo", chat=BUDI))])
        await corridor.inbox.store(whatsapp_arrivals(WHATSAPP_TEXT.read_bytes()))
        due = "outbox WHERE channel = 'telegram' AND status = 'due'"
        while not corridor.whatsapp.sent or await corridor.count(due) < 2:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    assert corridor.outbox.stopped == ["telegram"]
    assert corridor.telegram.sent == []
    assert await corridor.count("outbox WHERE channel = 'telegram' AND status = 'due'") == 2


async def test_a_429_of_one_chat_is_waited_out_by_that_chat_alone(make: MakeCorridor) -> None:
    corridor = make()
    corridor.telegram.script.append(RetryLater(3600, "429"))
    async with corridor:
        await corridor.inbox.store([telegram_arrival(update(1, "halo"))])
        while not await corridor.count("outbox WHERE error = '429'"):  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        await corridor.inbox.store([telegram_arrival(update(n, "halo", chat=8000 + n)) for n in range(2, 8)])
        while len(corridor.telegram.sent) < 6:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    assert str(SITI) not in {message.chat for message in corridor.telegram.sent}
    assert await corridor.count("outbox WHERE status = 'due' AND due_at > now() + interval '30 min'") == 1


async def test_a_provider_that_is_not_there_is_tried_until_it_is(make: MakeCorridor) -> None:
    corridor = make()
    await _due(corridor)
    [due] = (await claim(corridor.database.at_once, "telegram", 10)).due
    assert after(replace(due, attempts=500), NotReached(2, "tidak tersambung")).status == "due"
    assert after(replace(due, attempts=500), RetryLater(2, "HTTP 500")).status == "refused"


async def test_a_claim_grown_old_is_not_begun(make: MakeCorridor) -> None:
    corridor = make()
    await _due(corridor)
    [due] = (await claim(corridor.database.at_once, "telegram", 10)).due
    async with corridor:
        corridor.outbox.send_now(replace(due, claimed=time.monotonic() - HELD.total_seconds()))
        await corridor.rest()
    assert corridor.telegram.words == ["dengar: halo"]
    assert await corridor.count("outbox WHERE status = 'sent' AND attempts = 2") == 1


async def test_who_lost_the_row_no_longer_decides_what_becomes_of_it(make: MakeCorridor) -> None:
    corridor = make()
    await _due(corridor)
    [due] = (await claim(corridor.database.at_once, "telegram", 10)).due
    async with corridor.database.write() as session:
        await session.execute(text("UPDATE outbox SET held_by = 'komputer-lain:7:1', attempts = attempts + 1"))
    await _marked(corridor, Mark(due, "refused", error="ditolak: x"), Mark(due, "due", pause=9))
    assert await corridor.count("outbox WHERE status = 'sending'") == 1


async def test_that_it_was_sent_is_true_whoever_says_so(make: MakeCorridor) -> None:
    corridor = make()
    await _due(corridor)
    [due] = (await claim(corridor.database.at_once, "telegram", 10)).due
    async with corridor.database.write() as session:
        await session.execute(text("UPDATE outbox SET held_by = 'komputer-lain:7:1', attempts = attempts + 1"))
    await _marked(corridor, Mark(due, "sent", provider_message_id="77"))
    assert await corridor.count("outbox WHERE status = 'sent' AND provider_message_id = '77'") == 1


async def test_a_reply_passes_a_broadcast_to_the_same_person_and_nothing_else_passes_anything(
    make: MakeCorridor,
) -> None:
    corridor = make()
    async with corridor:
        await corridor.hear(update(1, "satu"))
        await corridor.hear(update(2, "dua"))
        await corridor.hear(update(3, "tiga"))
    async with corridor.database.write() as session:
        await session.execute(text("UPDATE outbox SET status = 'due'"))
        await session.execute(text("UPDATE outbox SET priority = 2 WHERE payload->>'text' = 'dengar: satu'"))
    first = (await claim(corridor.database.at_once, "telegram", 10)).due
    assert [due.message.text for due in first] == ["dengar: dua"]


async def test_told_to_stop_it_ends_what_is_in_hand_and_begins_nothing(make: MakeCorridor) -> None:
    corridor = make()
    async with corridor:
        await corridor.inbox.store([telegram_arrival(update(1, "halo"))])
        while not corridor.rasa.asked:  # noqa: ASYNC110
            await asyncio.sleep(0)
        assert await corridor.worker.stop(60)
        assert await corridor.outbox.stop(60)
        await corridor.inbox.store([telegram_arrival(update(2, "halo lagi"))])
        await asyncio.sleep(0.7)
    assert corridor.telegram.words == ["dengar: halo"]
    assert await corridor.count("outbox WHERE status = 'sent'") == 1
    assert await corridor.count("inbox WHERE status = 'pending'") == 1
    assert await corridor.count("lanes WHERE held_until > now()") == 0


async def _waiting_for_a_window(corridor: Corridor, clock: Clock) -> None:
    """Siti's first reply was refused by a closed window just before she wrote again, and tried once more."""
    corridor.whatsapp.script.append(WindowClosed("131047"))
    async with corridor:
        await corridor.inbox.store(whatsapp_arrivals(WHATSAPP_TEXT.read_bytes()))
        await corridor.rest()  # to the end: whoever leaves in the middle of the second try leaves it being sent
    async with corridor.database.write() as session:
        await session.execute(
            text("UPDATE conversations SET window_until = :then"), {"then": clock() + timedelta(hours=24)}
        )


async def test_a_refusal_that_comes_after_the_window_opened_again_is_tried_at_once(
    make: MakeCorridor, clock: Clock
) -> None:
    corridor = make()
    await _waiting_for_a_window(corridor, clock)
    assert len(corridor.whatsapp.sent) == 1


@pytest.mark.parametrize("open_by", ["the conversation", "a message that is not answered yet"])
async def test_nothing_passes_what_waited_for_a_window_that_is_open_again(
    make: MakeCorridor, clock: Clock, open_by: str
) -> None:
    corridor = make()
    await _waiting_for_a_window(corridor, clock)
    async with corridor.database.write() as session:
        if open_by != "the conversation":
            then = {"now": clock(), "then": clock() - timedelta(hours=1)}
            await session.execute(text("UPDATE conversations SET window_until = :then"), then)
            await session.execute(text("UPDATE inbox SET status = 'pending', received_at = :now"), then)
        await session.execute(text("UPDATE outbox SET status = 'waiting', attempts = 1"))
        await session.execute(
            text(
                "WITH said AS (INSERT INTO messages (id, conversation_id, direction, author, text, created_at) "
                "SELECT gen_random_uuid(), id, 'out', 'bot', 'lanjutan', now() FROM conversations RETURNING *) "
                "INSERT INTO outbox (id, conversation_id, message_id, channel, payload, author, owner_version) "
                "SELECT gen_random_uuid(), conversation_id, id, 'whatsapp', '{\"text\": \"lanjutan\"}', 'bot', 0 "
                "FROM said"
            )
        )
    assert (await claim(corridor.database.at_once, "whatsapp", 10, now=clock())).due == []
    assert await free_what_waited(corridor.database, clock) == 1
    assert [due.message.text for due in (await claim(corridor.database.at_once, "whatsapp", 10, now=clock())).due] != [
        "lanjutan"
    ]


async def test_a_provider_that_calls_an_open_window_closed_is_not_asked_for_ever(
    make: MakeCorridor, clock: Clock
) -> None:
    corridor = make()
    corridor.whatsapp.script += [WindowClosed("131047")] * 50
    async with corridor:
        await corridor.inbox.store(whatsapp_arrivals(WHATSAPP_TEXT.read_bytes()))
        while not await corridor.count("outbox WHERE status = 'waiting'"):  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        await free_what_waited(corridor.database, clock)
        await asyncio.sleep(0.7)
    assert await corridor.count("outbox WHERE status = 'waiting' AND attempts = 3") == 1
