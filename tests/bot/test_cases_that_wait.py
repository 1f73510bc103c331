"""Since when somebody waits for words of a person: begun, kept and ended by who writes messages."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import text

from records.clock import Clock
from records.database import Database
from tests.bot.corridor import A_TICKET, BUDI, Corridor, ScriptedRasa, says, update

type MakeCorridor = Callable[..., Corridor]
CASE = "SELECT waiting_since, snoozed_until, opened_at, wave, channel FROM tickets"


@pytest.fixture
def make(database: Database, clock: Clock, data_key: str) -> MakeCorridor:
    return lambda **parts: Corridor(database, clock, data_key, **parts)


def opening(**more: Any) -> ScriptedRasa:
    case = {**A_TICKET, **more}
    return ScriptedRasa(
        lambda _: says("Laporan {ticket}.", proposals=[case, {"kind": "hand_over", "reason": "diminta"}])
    )


async def let(corridor: Corridor, change: str) -> None:
    async with corridor.database.write() as session:
        await session.execute(text(change))


async def test_a_new_case_waits_from_its_opening_and_knows_its_channel_and_wave(make: MakeCorridor) -> None:
    async with make(rasa=opening(wave=4)) as corridor:
        await corridor.hear(update(1, "mana adminnya"))
        case = await corridor.row(CASE)
    assert case["waiting_since"] == case["opened_at"]
    assert (case["channel"], case["wave"]) == ("telegram", 4)


async def test_words_after_an_answer_wait_from_the_first_of_them_and_end_a_snooze(make: MakeCorridor) -> None:
    async with make(rasa=opening()) as corridor:
        await corridor.hear(update(1, "mana adminnya"))
        await let(corridor, "UPDATE tickets SET waiting_since = NULL, snoozed_until = opened_at + interval '1 day'")
        await corridor.hear(update(2, "halo?"))
        first = await corridor.row(CASE)
        await corridor.hear(update(3, "masih di sana?"))
        again = await corridor.row(CASE)
        said = await corridor.row("SELECT created_at FROM messages WHERE direction = 'in' AND text = 'halo?'")
    assert first["snoozed_until"] is None
    assert first["waiting_since"] == again["waiting_since"] == max(said["created_at"], first["opened_at"])


async def test_a_mere_sign_makes_nobody_wait(make: MakeCorridor) -> None:
    async with make(rasa=opening()) as corridor:
        await corridor.hear(update(1, "mana adminnya"))
        await let(corridor, "UPDATE tickets SET waiting_since = NULL, snoozed_until = opened_at + interval '1 day'")
        await corridor.hear(update(2, None, pinned_message={"message_id": 1}))
        case = await corridor.row(CASE)
    assert (case["waiting_since"], case["snoozed_until"] is None) == (None, False)


async def test_who_is_done_waits_for_nothing(make: MakeCorridor) -> None:
    async with make(rasa=opening()) as corridor:
        await corridor.hear(update(1, "mana adminnya"))
        await let(corridor, "UPDATE tickets SET status = 'resolved', resolved_at = opened_at")
        case = await corridor.row(CASE)
    assert case["waiting_since"] is None


async def test_words_in_a_chat_joined_to_another_case_make_that_case_wait(make: MakeCorridor) -> None:
    async with make(rasa=opening()) as corridor:
        await corridor.hear(update(1, "mana adminnya"), update(2, "mana adminnya", chat=BUDI))
        await let(
            corridor,
            "UPDATE tickets SET status = 'resolved', resolved_at = opened_at, merged_into_id = "
            "(SELECT min(id::text)::uuid FROM tickets) WHERE id <> (SELECT min(id::text)::uuid FROM tickets)",
        )
        await let(corridor, "UPDATE tickets SET waiting_since = NULL")
        await corridor.hear(update(3, "halo?"), update(4, "halo?", chat=BUDI))
        waiting = await corridor.count("tickets WHERE waiting_since IS NOT NULL AND merged_into_id IS NULL")
        merged = await corridor.count("tickets WHERE waiting_since IS NOT NULL AND merged_into_id IS NOT NULL")
    assert (waiting, merged) == (1, 0)
