"""Pictures are as long as their numbers, tell themselves in words, link to their rows and never break on a name."""

from xml.etree import ElementTree as Tree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from desk.pictures.bars import bars
from desk.pictures.columns import columns
from desk.pictures.heat import heat, level_of
from desk.pictures.item import Item, Pin, cut, top_of
from desk.pictures.lines import Series, lines
from desk.pictures.numbers import per_cent, short, signed, signed_per_cent, whole
from desk.pictures.sparkline import sparkline

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = '"><script>alert(1)</script>&amp;'


def read(picture: Markup) -> Tree.Element:
    return Tree.fromstring(picture)  # noqa: S314 (our own)


def of(root: Tree.Element, name: str, class_: str) -> list[Tree.Element]:
    return [it for it in root.iter(SVG + name) if class_ in (it.get("class") or "").split()]


def item(value: int, expected: float | None = None, *, label: str = "Gagal bayar", href: str | None = "/rows") -> Item:
    return Item(label, value, f"{label}: {value} pesan", href, expected)


def per(said: str | None) -> float:
    assert said is not None
    assert said.endswith("%")
    return float(said[:-1])


@given(st.lists(st.integers(0, 10**7), min_size=1, max_size=12))
def test_a_bar_is_as_long_as_its_number(values: list[int]) -> None:
    drawn = [
        per(it.get("width")) for it in of(read(bars("a", "A", "b", [item(it) for it in values])), "rect", "batang")
    ]
    longest, most = max(drawn), max(values)
    assert len(drawn) == len(values)
    for value, wide in zip(values, drawn, strict=True):
        assert wide == pytest.approx(longest * value / (most or 1), abs=0.02)


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=100))
def test_columns_stand_on_one_line_and_stay_under_the_top(values: list[int]) -> None:
    drawn = of(read(columns("a", "A", "b", [item(it) for it in values])), "rect", "batang")
    feet = {round(float(it.get("y") or 0) + float(it.get("height") or 0), 1) for it in drawn}
    assert len(feet) == 1
    tallest = max(float(it.get("height") or 0) for it in drawn)
    for value, it in zip(values, drawn, strict=True):
        assert float(it.get("height") or 0) == pytest.approx(tallest * value / (max(values) or 1), abs=0.02)


def test_a_picture_tells_itself_and_each_part_its_rows() -> None:
    root = read(bars("jenis", "Menurut jenis", "Gagal bayar terbanyak.", [item(812, 240), item(3)]))
    assert root.get("role") == "group"
    assert root.get("aria-labelledby") == "gambar-jenis-judul gambar-jenis-cerita"
    assert [it.text for it in root if it.tag in (SVG + "title", SVG + "desc")] == [
        "Menurut jenis",
        "Gagal bayar terbanyak.",
    ]
    links = list(root.iter(SVG + "a"))
    assert [it.findtext(SVG + "title") for it in links] == [
        "Gagal bayar: 812 pesan, buka barisnya",
        "Gagal bayar: 3 pesan, buka barisnya",
    ]
    assert len(of(root, "line", "dulu")) == 1
    assert read(bars("a", "A", "b", [item(1, href=None)])).get("role") == "img"


def test_no_name_breaks_out_of_a_picture() -> None:
    hostile = [Item(HOSTILE, 3, HOSTILE, f"/tren?{HOSTILE}", 2, note=HOSTILE, tick=HOSTILE)]
    week = [[item(1, label=HOSTILE)] * 7] * 24
    drawn = [
        bars("a", HOSTILE, HOSTILE, hostile),
        columns("a", HOSTILE, HOSTILE, hostile, [Pin(1, 0, 0, HOSTILE)]),
        heat("a", HOSTILE, HOSTILE, week),
        lines("a", HOSTILE, HOSTILE, [HOSTILE], [Series(HOSTILE, [1.0])], ticks=[HOSTILE]),
        sparkline(HOSTILE, [1, 2]),
    ]
    for picture in drawn:
        assert not list(read(picture).iter("script"))
        assert "<script" not in picture


def test_what_is_not_over_yet_is_hatched_and_what_was_before_is_a_line() -> None:
    days = [Item(str(n), 5, "x", "/r", expected=4.0, unfinished=n == 2) for n in range(3)]
    root = read(columns("hari", "A", "b", days))
    assert [it.get("fill") for it in of(root, "rect", "arsiran")] == ["url(#hari-arsir)"]
    assert len(of(root, "rect", "batang")) == 2
    assert len((of(root, "polyline", "garis-dulu")[0].get("points") or "").split()) == 3


def test_pins_of_one_day_do_not_cover_each_other() -> None:
    root = read(columns("a", "A", "b", [item(3)] * 5, [Pin(1, 1, 3, "x"), Pin(2, 1, 1, "y"), Pin(3, 4, 4, "z")]))
    places = {(it.get("cx"), it.get("cy")) for it in of(root, "circle", "tanda")}
    assert len(places) == 3


def test_a_gap_in_a_line_stays_open() -> None:
    root = read(lines("a", "A", "b", list("abcde"), [Series("p90", [1, 2, None, 4, 5])]))
    assert [len((it.get("points") or "").split()) for it in of(root, "polyline", "garis")] == [2, 2]
    assert len(of(root, "circle", "titik-garis")) == 4


def test_every_hour_of_the_week_has_its_number_and_the_fullest_is_framed() -> None:
    week = [[item(hour * 7 + day) for day in range(7)] for hour in range(24)]
    root = read(heat("a", "A", "b", week))
    assert len(of(root, "rect", "sel")) == 168
    assert len(of(root, "rect", "puncak")) == 1
    assert sum(1 for it in root.iter(SVG + "text") if (it.text or "") == "167") == 1
    assert len(list(root.iter(SVG + "a"))) == 167


@given(st.integers(0, 10**6), st.integers(1, 10**6))
def test_more_is_never_lighter(value: int, most: int) -> None:
    value = min(value, most)
    assert level_of(0, most) == 0
    assert level_of(most, most) == 5
    assert 0 <= level_of(max(0, value - 1), most) <= level_of(value, most) <= 5


@given(st.floats(0, 1e9))
def test_a_scale_ends_above_all_it_shows(most: float) -> None:
    assert most <= top_of(most) <= max(1, most * 2)


def test_numbers_are_written_as_readers_write_them() -> None:
    assert [whole(it) for it in (0, 999, 12480)] == ["0", "999", "12.480"]
    assert [short(it) for it in (9999, 12_480, 120_400, 999_600, 1_250_000)] == [
        "9.999",
        "12,5 rb",
        "120 rb",
        "1 jt",
        "1,2 jt",
    ]
    assert [signed(it) for it in (572, -12.2, 0.2)] == ["+572", "−12", "0"]
    assert [signed_per_cent(it) for it in (2.383, -0.12, 0.001)] == ["+238 %", "−12 %", "0 %"]
    assert (per_cent(0.345), per_cent(0.345, 1)) == ("34 %", "34,5 %")


def test_a_line_of_one_value_is_none() -> None:
    assert sparkline("x", [3]) == ""
    assert sparkline("x", [None, 3, None]) == ""
    assert read(sparkline("Naik terus", [1, None, 3])).get("aria-label") == "Naik terus"


def test_a_long_name_is_cut_where_there_is_no_room() -> None:
    assert cut("Gagal bayar", 11) == "Gagal bayar"
    assert cut("Lembaga Pelatihan Sejahtera", 12) == "Lembaga Pel…"
