"""Exports: one row a conversation or a message, cell for cell what the records hold, harmless, in constant memory."""

import csv
import io
import re
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from zipfile import ZipFile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from records.clock import Clock
from records.database import Database, ReadSession
from tests.desk.hostile import HOSTILE as A_PAGE_OF_ITS_OWN
from tests.trends.conftest import Say
from trends.csv_text import FORMULA_STARTERS
from trends.exporting import pouring
from trends.exporting.cells import Cell, as_text, safe
from trends.exporting.chosen import complaining
from trends.exporting.columns import cells_of
from trends.exporting.pouring import Table, TooMany, as_it_was, conversations, messages, poured
from trends.exporting.workbook import ABOUT, TABLE, Plan, Pouring
from trends.total import all_complaints
from trends.within import Within

CODED = re.compile("_x005F_(?=x[0-9A-Fa-f]{4}_)")
"""How a workbook writes `_x0041_` so that it is not read as the letter A; openpyxl leaves it as it stands."""

cells = st.one_of(
    st.none(),
    st.integers(-(2**53), 2**53),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=40),
    st.sampled_from(["_x0041_", " a ", "=1+1", "a\r\nb", "\x01", "<b>&", "😀", "\ud800", "'", "]]>", "\u202e"]),
    st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)).map(lambda at: at.replace(second=0, microsecond=0)),  # noqa: DTZ001
)


async def taken(session: ReadSession, table: Table, form: str) -> bytes:
    rows = await table.count(session)
    return b"".join([part async for part in poured(session, table, form, title="Uji", rows=rows)])


async def rows_of(table: Table, session: ReadSession) -> list[list[Cell]]:
    return [row async for part in table.parts(session) for row in cells_of(table.columns, part)]


def opened(content: bytes) -> list[list[Cell]]:
    sheet = load_workbook(io.BytesIO(content))[TABLE]
    return [[_read(cell) for cell in row] for row in sheet.iter_rows(min_row=2, values_only=True)]


def _read(cell: object) -> Cell:
    assert cell is None or isinstance(cell, str | int | float | datetime)
    return CODED.sub("_", cell) if isinstance(cell, str) else cell


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(cells, min_size=3, max_size=3), min_size=1, max_size=6))
def test_a_workbook_holds_every_cell_as_it_went_in(table: list[list[Cell]]) -> None:
    table = [[number, *row] for number, row in enumerate(table)]
    book = Pouring(Plan("Uji", [("n", 9), ("a", 9), ("b", 9), ("c", 9)], len(table), [("Rentang", "=1")]))
    content = book.add(table) + book.end()
    expected = [[safe(cell) for cell in row] for row in table]
    found = opened(content)
    for told, row in zip(found, expected, strict=True):
        for cell, wanted in zip(told, row, strict=True):
            assert cell == (pytest.approx(wanted) if isinstance(wanted, float) else wanted)
    assert b"<f>" not in ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml")


HOSTILE = [
    *(f"{start}cmd|' /C calc'!A0" for start in FORMULA_STARTERS),
    *(f"  {start}1" for start in FORMULA_STARTERS),
    '=HYPERLINK("http://x";"klik")',
    "\r\n=1+1",
    "\x00\x01\x0b\x1f\x7f\x85",
    "\ufffe\uffff\ufdd0",
    "\ud83d",
    "_x0000__x003D_1",
    "</t></is></c></row></sheetData>",
    "]]><!--&amp;&#x3d;",
    "kata " * 20_000,
    A_PAGE_OF_ITS_OWN,
]


@pytest.mark.parametrize("said", HOSTILE, ids=range(len(HOSTILE)))
def test_no_hostile_value_becomes_a_formula_or_breaks_the_file(said: str) -> None:
    book = Pouring(Plan("Uji", [("a", 9)], 1))
    (row,) = opened(book.add([[said]]) + book.end())
    assert row == [safe(said)]
    assert not str(row[0]).lstrip(" ").startswith(FORMULA_STARTERS)


async def test_one_row_a_conversation_in_the_order_of_the_screen(database: Database, say: Say, clock: Clock) -> None:
    siti = await say(clock() - timedelta(hours=5), "payment_failed", "tokopedia", "web")
    budi = await say(clock() - timedelta(hours=4), "paid_no_code", None, "whatsapp")
    await say(clock() - timedelta(hours=3), "package_not_found", "sisnaker", "web", siti)
    await say(clock() - timedelta(hours=2), "thank", None, "web", siti)
    await say(clock() - timedelta(days=30), "payment_failed", "tokopedia", "web", budi)
    within = Within.last_days(clock)
    async with database.read() as session:
        table = conversations(complaining(within), clock())
        rows = await rows_of(table, session)
        total = await all_complaints(session, within)
    told = [dict(zip((column.heading for column in table.columns), row, strict=True)) for row in rows]
    assert [it["Percakapan"] for it in told] == [str(siti.id), str(budi.id)]
    assert told[0]["Keluhan"] == "Paket kursus tidak ditemukan; Gagal bayar"
    assert told[0]["Platform"] == "Sisnaker; Tokopedia"
    assert (told[0]["Pesan pertama (WIB)"], told[0]["Pesan masuk"]) == (datetime(2020, 8, 24, 5, 0), 3)  # noqa: DTZ001
    assert (told[1]["Platform"], told[1]["Pesan masuk"], told[1]["Provinsi"]) == ("Tidak disebut", 1, "tidak diketahui")
    assert sum(int(str(it["Jumlah keluhan"])) for it in told) == total.messages


@pytest.mark.parametrize("name", ["conversations", "messages"])
async def test_both_forms_hold_every_cell_of_every_row(
    database: Database, fortnight: int, clock: Clock, name: str
) -> None:
    within = Within.last_days(clock, 14)
    async with database.read() as session:
        table = conversations(complaining(within), clock()) if name == "conversations" else messages(within)
        rows = [[safe(cell) for cell in row] for row in await rows_of(table, session)]
        assert len(rows) == await table.count(session) > 30
        assert opened(await taken(session, table, "xlsx")) == rows
        text = (await taken(session, table, "csv")).decode()
    head, *lines = csv.reader(io.StringIO(text, newline=""))
    assert head == [column.heading for column in table.columns]
    assert lines == [["" if as_text(cell) is None else str(as_text(cell)) for cell in row] for row in rows]


async def test_words_go_out_only_of_what_one_may_open(database: Database, say: Say, clock: Clock) -> None:
    mine, other = await say(clock(), text="=SUM(A1)"), await say(clock(), text="rahasia")

    async def openable(asked: object) -> set[object]:
        return {mine.id}

    async with database.read() as session:
        text = (await taken(session, messages(Within.last_days(clock), openable), "csv")).decode()  # type: ignore[arg-type]
    assert "'=SUM(A1)" in text
    assert "rahasia" not in text
    assert str(other.id) in text


async def test_more_than_one_file_holds_is_refused_before_a_byte(
    database: Database, fortnight: int, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pouring, "ROW_CAP", 20)
    async with database.read() as session:
        with pytest.raises(TooMany) as refusal:
            await messages(Within.last_days(clock, 14)).count(session)
    assert refusal.value.rows > 20


async def test_all_rows_are_of_one_moment(database: Database, fortnight: int, say: Say, clock: Clock) -> None:
    within = Within.last_days(clock, 14)
    async with database.read() as session:
        await as_it_was(session)
        table = messages(within)
        before = await table.count(session)
        await say(clock(), text="datang belakangan")
        assert "datang belakangan" not in (await taken(session, table, "csv")).decode()
        assert await table.count(session) == before


async def test_nobody_waits_for_rows_that_nobody_takes_any_more(
    database: Database, fortnight: int, clock: Clock
) -> None:
    async with database.read() as session:
        table = messages(Within.last_days(clock, 14))
        parts: AsyncIterator[bytes] = poured(session, table, "csv", title="Uji", rows=1)
        assert await anext(parts)
        await parts.aclose()  # type: ignore[attr-defined]
        assert await table.count(session) > 30


async def test_the_second_sheet_says_what_the_columns_mean(database: Database, fortnight: int, clock: Clock) -> None:
    async with database.read() as session:
        table = conversations(complaining(Within.last_days(clock, 14)), clock())
        content = b"".join([part async for part in poured(session, table, "xlsx", title="Uji", rows=5)])
    told = [name for name, _ in load_workbook(io.BytesIO(content))[ABOUT].iter_rows(values_only=True)]
    assert told == [column.heading for column in table.columns]
