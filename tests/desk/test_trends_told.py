"""What the pictures say is told from their numbers: the words change when the numbers do."""

from collections import Counter
from datetime import date, timedelta

import pytest

from desk.pages.trends.days import by_day
from desk.pages.trends.seen import Seen
from desk.pages.trends.tiles import tiles
from desk.pages.trends.told import changed, days_told, hours_told, lead, part_told
from desk.pages.trends.words import chance_said, length_said, span
from trends.annotations import Mark
from trends.bars import Bar
from trends.compare import Change, compared
from trends.heat import Cell
from trends.names import Names
from trends.sums import Sums
from trends.total import LeftOut
from trends.within import Within

WEEK = Within(date(2020, 8, 18), date(2020, 8, 24))
NAMES = Names(
    {"intent": {"payment_failed": "Gagal bayar", "paid_no_code": "Kode belum ada"}, "platform": {"a": "Tokopedia"}}
)


def counts(by: str, **keys: int) -> Sums:
    found = Sums(kinds=Counter(complaint=sum(keys.values())), by={by: Counter(keys)})
    for number, day in enumerate(WEEK.days):
        found.days[day] = sum(keys.values()) // 7 + (sum(keys.values()) % 7 if number == 3 else 0)
    return found


def seen(by: str, now: Sums, before: Sums | None, **more: object) -> Seen:
    """A look at a week as the page has it."""
    changes = compared(now.keys(by), before.keys(by)) if before else {}
    whole = now.complaints / before.complaints if before and before.complaints else 1.0
    apart = compared(now.keys(by), before.keys(by), exposure=whole) if before else {}
    tile = compared({"all": now.complaints}, {"all": before.complaints})["all"] if before else None
    given: dict[str, object] = {
        "within": WEEK,
        "today": date(2020, 9, 1),
        "names": NAMES,
        "total": Bar("all", now.complaints, 3),
        "rest": LeftOut(1, 2, 3, 4),
        "found": now,
        "before": before,
        "unknown": None if before else "Perbandingan tidak diketahui: catatan baru mulai 18 Agu 2020.",
        "chats_before": None,
        "exposure": 1.0,
        "spread": 1.0,
        "bars": {by: [Bar(key, count, None) for key, count in Counter(now.keys(by)).most_common()]},
        "changes": {by: changes},
        "apart": {by: apart},
        "tiles": {"complaints": tile} if tile else {},
        "days": dict(now.days),
        "series": {},
        "cells": [],
        "marks": [],
        "as_of": None,
    }
    return Seen(**(given | more))  # type: ignore[arg-type]


def told(by: str, now: Sums, before: Sums | None) -> str:
    look = seen(by, now, before)
    return part_told(by, look.bars[by], look.changes[by], look)


RISES = "Gagal bayar naik jelas: 812, 7 hari sebelumnya 240."
FALLS = "Gagal bayar turun jelas: 20, 7 hari sebelumnya 240."
WAVERS = "Gagal bayar terbanyak: 60 keluhan (60 %); tidak ada perubahan yang jelas."
ALIKE = "Naik merata di semua jenis keluhan; terbanyak Gagal bayar: 600 keluhan (67 %)."


@pytest.mark.parametrize(
    ("now", "before", "said"),
    [
        ({"payment_failed": 812, "x": 90}, {"payment_failed": 240, "x": 95}, RISES),
        ({"payment_failed": 20, "x": 900}, {"payment_failed": 240, "x": 900}, FALLS),
        ({"payment_failed": 60, "x": 40}, {"payment_failed": 61, "x": 42}, WAVERS),
        ({"payment_failed": 600, "x": 300}, {"payment_failed": 200, "x": 100}, ALIKE),
        ({"payment_failed": 812}, None, "Gagal bayar terbanyak: 812 keluhan (100 %)."),
        ({"-": 9}, {"-": 9}, "Tidak diketahui: tidak ada keluhan yang rinciannya diketahui."),
        ({}, {"payment_failed": 3}, "Tidak ada keluhan pada rentang ini."),
    ],
)
def test_bars_say_what_changed_most_surely_else_what_is_most(
    now: dict[str, int], before: dict[str, int] | None, said: str
) -> None:
    assert told("intent", counts("intent", **now), None if before is None else counts("intent", **before)) == said


def test_the_whole_is_told_with_how_surely() -> None:
    def page(now: int, before: int | None) -> str:
        return lead(seen("intent", counts("intent", a=now), None if before is None else counts("intent", a=before)))

    assert page(3936, 1558) == "3.936 keluhan dalam 7 hari: naik jelas dari 7 hari sebelumnya (1.558)."
    assert page(100, 99) == "100 keluhan dalam 7 hari, tidak jelas berbeda dari 7 hari sebelumnya (99)."
    assert page(100, None) == "100 keluhan dalam 7 hari. Perbandingan tidak diketahui: catatan baru mulai 18 Agu 2020."


def test_a_range_that_is_not_over_is_held_against_as_much_time() -> None:
    change = Change(now=100, before=240, expected=98.6, chance=0.001)
    assert changed("OTP", change, 7) == "OTP naik jelas: 100 sejauh ini, 7 hari sebelumnya 240 (sepadan 99)."


def test_the_day_that_stands_out_is_named_with_what_happened_on_it() -> None:
    found = Sums(kinds=Counter(complaint=900), days=Counter(dict.fromkeys(WEEK.days, 100)))
    found.days[date(2020, 8, 22)] = 310
    usual = {WEEK.first - timedelta(days=back): 100 for back in range(1, 29)} | dict(found.days)
    outage = Mark(date(2020, 8, 21), date(2020, 8, 23), "incident", "Pembelian tertunda", "status", "I-1")
    look = seen("intent", found, None, days=usual, marks=[outage])
    assert (
        days_told(look)
        == "Paling ramai Sab 22 Agu: 310 keluhan, 3,1 kali hari biasa; saat itu berlangsung: Pembelian tertunda."
    )
    calm = Sums(kinds=Counter(complaint=700), days=Counter(dict.fromkeys(WEEK.days, 100)))
    assert days_told(seen("intent", calm, None, days=usual)) == "Paling ramai Sen 24 Agu: 100 keluhan."


def test_a_long_range_is_drawn_in_stretches_that_add_up() -> None:
    for length, columns in ((92, 92), (93, 14), (366, 53), (1000, 36)):
        year = Within(date(2020, 8, 24) - timedelta(days=length - 1), date(2020, 8, 24))
        found = Sums(kinds=Counter(complaint=length), days=Counter(dict.fromkeys(year.days, 1)))
        figure = by_day(seen("intent", found, None, within=year, days=dict(found.days)))
        assert len(figure.table.lines) == columns
        assert sum(int(line[1].value or 0) for line in figure.table.lines) == length


def test_the_fullest_hour_and_the_middle_of_the_day_are_told() -> None:
    cells = [Cell(day, hour, 10 if 9 <= hour < 13 else 1) for day in range(7) for hour in range(24)]
    cells[24 + 10] = Cell(1, 10, 64)
    assert (
        hours_told(cells)
        == "Paling ramai Selasa pukul 10–11: 64 keluhan. Separuh keluhan datang antara pukul 09 dan 12."
    )
    assert hours_told([Cell(0, 0, 0)]) == "Tidak ada keluhan pada rentang ini."


def test_a_number_that_cannot_be_known_says_so_and_opens_nothing() -> None:
    look = seen("intent", counts("intent", a=900), counts("intent", a=800), total=Bar("all", 900, None))
    chats = next(tile for tile in tiles(look) if tile.of == "conversations")
    assert (chats.number, chats.href, chats.count) == ("tidak diketahui", None, None)


def test_ranges_and_chances_read_as_people_write_them() -> None:
    assert span(date(2020, 8, 18), date(2020, 8, 24)) == "18–24 Agu 2020"
    assert span(date(2020, 7, 28), date(2020, 8, 3)) == "28 Jul – 3 Agu 2020"
    assert span(date(2019, 12, 30), date(2020, 1, 5)) == "30 Des 2019 – 5 Jan 2020"
    assert (length_said(1), length_said(30)) == ("hari sebelumnya", "30 hari sebelumnya")
    assert (chance_said(0.0004), chance_said(0.0416)) == ("< 0,001", "0,042")
