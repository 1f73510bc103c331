"""The rounds: what dead processes left, who waits unheard, and replies of which nobody knows whether they came."""

import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from bot import wording
from bot.claiming import claim
from bot.rounds.asked import ask_whether_it_came
from bot.rounds.kept import tell_who_waits
from bot.rounds.left import MOST_REPEATS, take_up_what_was_left
from bot.sending import Ambiguous
from bot.webhooks import telegram_arrival, whatsapp_arrivals
from records.clock import Clock
from records.database import Database
from records.processes import ended_here, running_here, this_process
from tests.bot.corridor import BUDI, Corridor, press, update

GONE = f"{os.uname().nodename}:4194303:1"
"""A process of this host that ended long ago."""
FAR = "komputer-lain:77:123"
WHATSAPP_TEXT = Path(__file__).parent / "payloads" / "whatsapp" / "text.json"

type MakeCorridor = Callable[..., Corridor]


@pytest.fixture
def make(database: Database, clock: Clock, data_key: str) -> MakeCorridor:
    return lambda **parts: Corridor(database, clock, data_key, **parts)


async def _set(corridor: Corridor, what: str, **given: object) -> None:
    async with corridor.database.write() as session:
        await session.execute(text(f"UPDATE {what}"), given)


async def _left_sending(corridor: Corridor, holder: str, channel: str = "telegram") -> None:
    """A reply of which its sender never said what became of it."""
    async with corridor:
        await corridor.hear(update(1, "halo"))
    corridor.telegram.sent.clear()
    await _set(
        corridor,
        "outbox SET status = 'sending', held_by = :holder, held_until = clock_timestamp() + interval '20 s', "
        "channel = :channel",
        holder=holder,
        channel=channel,
    )


def test_a_process_knows_itself_and_those_of_its_host_that_ended() -> None:
    names = [this_process(), GONE, FAR, f"{os.uname().nodename}:{os.getpid()}:1", "seadanya"]
    assert ended_here(names) == [GONE, f"{os.uname().nodename}:{os.getpid()}:1"]
    assert running_here(names) == [this_process()]


async def test_a_conversation_in_dead_hands_is_answered_at_once(make: MakeCorridor) -> None:
    corridor = make()
    await corridor.store_only(telegram_arrival(update(1, "halo")))
    await _set(
        corridor,
        "lanes SET held_by = :gone, held_until = now() + interval '60 s', due_at = now() + interval '60 s', fence = 1",
        gone=GONE,
    )
    assert await take_up_what_was_left(corridor.database) == 1
    async with corridor:
        await corridor.rest()
    assert corridor.telegram.words == ["dengar: halo"]


@pytest.mark.parametrize("holder", [this_process(), FAR], ids=["living", "far"])
async def test_a_conversation_in_living_or_far_hands_is_left_to_them(make: MakeCorridor, holder: str) -> None:
    corridor = make()
    await corridor.store_only(telegram_arrival(update(1, "halo")))
    await _set(corridor, "lanes SET held_by = :holder, held_until = now() + interval '60 s'", holder=holder)
    assert await take_up_what_was_left(corridor.database) == 0


async def test_a_telegram_reply_left_by_a_dead_process_is_sent_again_and_counted(make: MakeCorridor) -> None:
    corridor = make()
    await _left_sending(corridor, GONE)
    await take_up_what_was_left(corridor.database)
    async with corridor:
        await corridor.rest()
    assert corridor.telegram.words == ["dengar: halo"]
    assert await corridor.count("outbox WHERE status = 'sent' AND repeats = 1 AND attempts = 2") == 1


async def test_a_reply_that_ends_every_process_that_sends_it_is_given_up(make: MakeCorridor) -> None:
    corridor = make()
    await _left_sending(corridor, GONE)
    await _set(corridor, "outbox SET repeats = :most", most=MOST_REPEATS)
    await take_up_what_was_left(corridor.database)
    assert await corridor.count("outbox WHERE status = 'unknown'") == 1


async def test_a_whatsapp_reply_left_by_a_dead_process_waits_for_its_status(make: MakeCorridor) -> None:
    corridor = make()
    await _left_sending(corridor, GONE, "whatsapp")
    await take_up_what_was_left(corridor.database)
    assert await corridor.count("outbox WHERE status = 'unknown' AND repeats = 0 AND due_at > now()") == 1


async def test_what_a_living_process_sends_is_not_taken_from_it_when_its_lease_is_over(make: MakeCorridor) -> None:
    corridor = make()
    await _left_sending(corridor, this_process())
    await _set(corridor, "outbox SET held_until = clock_timestamp() - interval '60 s'")
    assert await take_up_what_was_left(corridor.database) == 0
    await _set(corridor, "outbox SET held_until = clock_timestamp() - interval '130 s'")
    assert await take_up_what_was_left(corridor.database) == 1


async def test_a_far_process_gets_a_moment_more_than_its_lease(make: MakeCorridor) -> None:
    corridor = make()
    await _left_sending(corridor, FAR)
    await _set(corridor, "outbox SET held_until = clock_timestamp()")
    assert await take_up_what_was_left(corridor.database) == 0
    await _set(corridor, "outbox SET held_until = clock_timestamp() - interval '11 s'")
    assert await take_up_what_was_left(corridor.database) == 1


async def test_an_event_that_ends_every_process_is_parked_with_a_ticket(make: MakeCorridor) -> None:
    corridor = make()
    await corridor.store_only(telegram_arrival(update(1, "racun")), telegram_arrival(update(2, "halo")))
    await _set(corridor, "lanes SET held_by = :gone, held_until = now(), due_at = now(), falls = 4", gone=GONE)
    async with corridor:
        await corridor.rest()
    assert await corridor.count("inbox WHERE status = 'parked'") == 1
    assert await corridor.count("tickets") == 1
    assert corridor.telegram.words[-1] == "dengar: halo"


async def test_who_waits_too_long_is_told_once_that_it_is_kept(make: MakeCorridor, clock: Clock) -> None:
    corridor = make()
    await corridor.store_only(*[telegram_arrival(update(n, f"pesan {n}")) for n in (1, 2, 3)])
    assert await tell_who_waits(corridor.database, clock) == 0
    await _set(corridor, "inbox SET stored_at = clock_timestamp() - interval '26 s'")
    assert await tell_who_waits(corridor.database, clock) == 1
    assert await tell_who_waits(corridor.database, clock) == 0
    assert await corridor.count("messages WHERE kind = 'waiting' AND author = 'system'") == 1
    async with corridor:
        await corridor.rest()
    assert corridor.telegram.words == [wording.WAITING, *(f"dengar: pesan {n}" for n in (1, 2, 3))]


async def test_who_waits_for_a_person_is_not_told_of_the_bot(make: MakeCorridor, clock: Clock) -> None:
    corridor = make()
    await corridor.store_only(telegram_arrival(update(1, "halo")))
    await _set(corridor, "inbox SET stored_at = clock_timestamp() - interval '26 s'")
    await _set(corridor, "conversations SET owner = 'human'")
    assert await tell_who_waits(corridor.database, clock) == 0


async def _unknown(corridor: Corridor) -> None:
    corridor.telegram.script.append(Ambiguous("reset"))
    async with corridor:
        await corridor.hear(update(1, "halo"))
    await _set(corridor, "outbox SET due_at = now()")


async def test_a_reply_that_may_not_have_come_is_asked_about_once(make: MakeCorridor, clock: Clock) -> None:
    corridor = make()
    await _unknown(corridor)
    assert await ask_whether_it_came(corridor.database, clock) == 1
    assert await ask_whether_it_came(corridor.database, clock) == 0
    async with corridor:
        await corridor.rest()
    assert corridor.telegram.words == [wording.DID_IT_COME]
    assert [button.title for button in corridor.telegram.sent[0].buttons] == [wording.SEND_AGAIN]


@pytest.mark.parametrize("by", ["a tap", "a word"])
async def test_it_comes_again_when_its_person_says_so(make: MakeCorridor, clock: Clock, by: str) -> None:
    corridor = make()
    await _unknown(corridor)
    await ask_whether_it_came(corridor.database, clock)
    async with corridor:
        await corridor.rest()
        token = corridor.telegram.sent[0].buttons[0].token
        await corridor.hear(press(2, token) if by == "a tap" else update(2, "kirim ulang"))
    assert corridor.telegram.words == [wording.DID_IT_COME, "dengar: halo"]
    assert await corridor.count("outbox WHERE status = 'sent' AND repeats = 1") == 1


async def test_a_second_tap_says_that_nothing_is_held_back(make: MakeCorridor, clock: Clock) -> None:
    corridor = make()
    await _unknown(corridor)
    await ask_whether_it_came(corridor.database, clock)
    async with corridor:
        await corridor.rest()
        token = corridor.telegram.sent[0].buttons[0].token
        await corridor.hear(press(2, token))
        await corridor.hear(press(3, token))
    assert corridor.telegram.words[-2:] == ["dengar: halo", wording.IT_CAME]


async def test_anothers_button_brings_nothing_of_anybody(make: MakeCorridor, clock: Clock) -> None:
    corridor = make()
    await _unknown(corridor)
    await ask_whether_it_came(corridor.database, clock)
    async with corridor:
        await corridor.rest()
        await corridor.hear(press(2, corridor.telegram.sent[0].buttons[0].token, chat=BUDI))
    assert [(message.chat, message.text) for message in corridor.telegram.sent[1:]] == [(str(BUDI), wording.IT_CAME)]
    assert await corridor.count("outbox WHERE status = 'unknown'") == 1


async def test_nobody_is_asked_when_the_conversation_went_on(make: MakeCorridor, clock: Clock) -> None:
    corridor = make()
    await _unknown(corridor)
    async with corridor:
        await corridor.hear(update(2, "halo lagi"))
    assert await ask_whether_it_came(corridor.database, clock) == 0
    assert await corridor.count("outbox WHERE status = 'unknown' AND due_at > now() + interval '1 year'") == 1


async def test_nobody_is_asked_while_a_person_holds_the_conversation(make: MakeCorridor, clock: Clock) -> None:
    corridor = make()
    await _unknown(corridor)
    await _set(corridor, "conversations SET owner = 'human', owner_version = 1")
    assert await ask_whether_it_came(corridor.database, clock) == 0


async def test_who_just_wrote_after_days_can_be_told_although_no_turn_has_opened_the_window(
    make: MakeCorridor, clock: Clock
) -> None:
    corridor = make()
    await corridor.store_only(*whatsapp_arrivals(WHATSAPP_TEXT.read_bytes()))
    await _set(corridor, "inbox SET stored_at = clock_timestamp() - interval '26 s'")
    await _set(corridor, "conversations SET window_until = :past", past=clock() - timedelta(days=3))
    assert await tell_who_waits(corridor.database, clock) == 1
    claimed = await claim(corridor.database.at_once, "whatsapp", 10)
    assert [due.message.window_until for due in claimed.due] == [clock() + timedelta(hours=24)]
