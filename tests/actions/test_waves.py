"""A case carries the wave of whoever it is about, where that is known, and never waits for it."""

from tests.actions.house import House


async def test_a_case_of_somebody_known_carries_their_wave() -> None:
    house = House()
    answer = await house.act("action_hand_over", "mana adminnya", "talk_to_human", who="siti")
    assert answer.ticket is not None
    assert answer.ticket["wave"] == house.programme.people["siti"].recipient_wave == 4


async def test_a_strangers_case_has_no_wave() -> None:
    answer = await House().act("action_hand_over", "mana adminnya", "talk_to_human", who=None)
    assert answer.ticket is not None
    assert answer.ticket["wave"] is None


async def test_a_register_that_does_not_answer_costs_the_wave_and_not_the_case() -> None:
    house = House()
    house.programme.away.add("participant")
    answer = await house.act("action_hand_over", "mana adminnya", "talk_to_human", who="siti")
    assert answer.ticket is not None
    assert answer.ticket["wave"] is None
