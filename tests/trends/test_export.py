"""The exported tables: what is on the page, well-formed, and harmless in a spreadsheet."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records.clock import Clock
from records.database import Database
from trends.bars import counted
from trends.csv_text import FORMULA_STARTERS, csv_text
from trends.export import BY, UnknownQuestion, export
from trends.within import Within

cells = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30)


@given(st.lists(st.lists(cells, min_size=3, max_size=3), min_size=1, max_size=5))
def test_any_table_comes_back_as_it_was_but_for_the_apostrophe(table: list[list[str]]) -> None:
    back = list(csv.reader(io.StringIO(csv_text(["a", "b", "c"], table), newline="")))[1:]
    assert [[cell.removeprefix("'") for cell in record] for record in back] == [
        [cell.removeprefix("'") for cell in record] for record in table
    ]
    assert not any(cell.lstrip(" ").startswith(FORMULA_STARTERS) for record in back for cell in record)


@pytest.mark.parametrize("cell", ["=1+1", "+62811", "-2", "@SUM(A1)", "\t=1", " =1", "\r\n=cmd|' /C calc'!A0"])
def test_a_formula_starter_is_neutralised(cell: str) -> None:
    assert csv_text(["x"], [[cell]]).split("\r\n", 1)[1].lstrip('"').startswith("'")


async def test_each_table_adds_up_to_its_picture(database: Database, fortnight: int, clock: Clock) -> None:
    within = Within.last_days(clock, 14)
    async with database.read() as session:
        for by in BY:
            table = list(csv.DictReader(io.StringIO(await export(session, by=by, within=within), newline="")))
            assert sum(int(record["Pesan"]) for record in table) == sum(
                bar.messages for bar in await counted(session, within, by)
            )


async def test_an_unknown_question_says_which_there_are(database: Database, clock: Clock) -> None:
    async with database.read() as session:
        with pytest.raises(UnknownQuestion, match=r"intent, platform, channel, .*day"):
            await export(session, by="umur", within=Within.last_days(clock))
