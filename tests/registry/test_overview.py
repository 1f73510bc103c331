"""Everything of one participant in one statement: the same answers as the questions one by one."""

from typing import Any

import pytest

from records.database import Database
from registry.interface import Absent, Answer, CouldNotAsk, Known
from registry.overview import Overview
from registry.own_tables import OwnTables
from tests.registry.handed_over import JOKO, RINA, SITI


async def one_by_one(filled: OwnTables, who: str) -> dict[str, Answer[Any]]:
    return {
        "participant": await filled.participant(who),
        "waves": await filled.wave_applications(who),
        "card": await filled.card(who),
        "purchases": await filled.purchases(who),
        "incentives": await filled.incentives(who),
        "payout_account": await filled.payout_account(who),
    }


def said(answer: Answer[Any]) -> tuple[str, object, object]:
    """What an answer says, but for how long it took."""
    kind = type(answer).__name__
    if isinstance(answer, CouldNotAsk):
        return kind, None, None
    return kind, answer.value if isinstance(answer, Known) else None, answer.as_of


@pytest.mark.parametrize("who", [SITI, RINA, JOKO])
async def test_all_at_once_says_what_the_questions_say(filled: OwnTables, programme: Database, who: str) -> None:
    told = await Overview(programme)(who)
    separately = await one_by_one(filled, who)
    assert {name: said(it) for name, it in told.items()} == {name: said(it) for name, it in separately.items()}
    assert any(isinstance(it, Known) for it in told.values())


async def test_nobody_is_absent_everywhere(programme: Database) -> None:
    told = await Overview(programme)("P999999")
    assert {type(it) for it in told.values()} == {Absent}


async def test_tables_that_were_never_filled_could_not_be_asked(database: Database) -> None:
    told = await Overview(database)(RINA)
    assert {type(it) for it in told.values()} == {CouldNotAsk}
