"""The complaints day by day as standing columns, with the range before as a line and what happened as pins."""

from collections.abc import Sequence
from dataclasses import replace

from desk.pages.trends.asked import file_at, rows_at
from desk.pages.trends.pinned import explained, pins
from desk.pages.trends.seen import Seen
from desk.pages.trends.told import days_told
from desk.pages.trends.words import SHORT_WEEKDAYS, short_day, span
from desk.pictures.columns import columns
from desk.pictures.figure import Cell, Figure, Table, number
from desk.pictures.item import Item
from desk.pictures.numbers import whole
from trends.within import Within

DAY = "day"
TITLE = "Hari demi hari"
LABELS = 8
DAYS_UP_TO, WEEKS_UP_TO = 92, 550
WEEK, FOUR_WEEKS = 7, 28


def _stretches(within: Within) -> list[Within]:
    """The range as days, or where it is long as stretches of one or four weeks."""
    length = len(within.days)
    size = 1 if length <= DAYS_UP_TO else WEEK if length <= WEEKS_UP_TO else FOUR_WEEKS
    starts = within.days[::size]
    ends = [*(day for day in within.days[size - 1 :: size]), within.last][: len(starts)]
    return [replace(within, first=first, last=last) for first, last in zip(starts, ends, strict=True)]


def by_day(seen: Seen) -> Figure:
    """Return the figure of the days; of a long range, of stretches of weeks."""
    stretches = _stretches(seen.within)
    back = seen.within.first - seen.within.before().first
    counts = [sum(seen.found.days[day] for day in it.days) for it in stretches]
    before = [sum(seen.before.days[day - back] for day in it.days) if seen.before else None for it in stretches]
    step = -(-len(stretches) // LABELS)
    items = [
        Item(
            label=_stretch_said(it),
            value=count,
            spoken=f"{_stretch_said(it)}: {whole(count)} pesan"
            + ("" if then is None else f", sebelumnya {whole(then)}"),
            href=rows_at(it) if count else None,
            expected=then,
            tick=short_day(it.first) if (len(stretches) - 1 - index) % step == 0 else "",
            unfinished=it.first <= seen.today <= it.last,
        )
        for index, (it, count, then) in enumerate(zip(stretches, counts, before, strict=True))
    ]
    told, marks = days_told(seen), seen.marks
    picture = columns(DAY, TITLE, told, items, pins(marks, stretches))
    table = _day_table(seen, stretches, counts, before)
    notes = _day_notes(seen, stretches)
    return Figure(DAY, TITLE, told, picture, table, file_at(seen.within, DAY), notes, explained(marks, stretches))


def _stretch_said(it: Within) -> str:
    if it.first == it.last:
        return f"{SHORT_WEEKDAYS[it.first.weekday()]} {short_day(it.first)}"
    return span(it.first, it.last)


def _day_notes(seen: Seen, stretches: Sequence[Within]) -> list[str]:
    notes = []
    if seen.before:
        notes.append(f"Garis putus-putus: {span(seen.within.before().first, seen.within.before().last)}.")
    if seen.unfinished:
        notes.append("Batang berarsir belum selesai: angkanya baru sampai sekarang.")
    if len(stretches) > 1 and len(stretches[0].days) > 1:
        notes.append(f"Satu batang = {len(stretches[0].days)} hari, karena rentangnya panjang.")
    return notes


def _day_table(seen: Seen, stretches: Sequence[Within], counts: Sequence[int], before: Sequence[int | None]) -> Table:
    headings = ["Hari (WIB)", "Pesan", *(["Sebelumnya"] if seen.before else [])]
    lines = []
    for it, count, then in zip(stretches, counts, before, strict=True):
        rows = rows_at(it) if count else None
        line = [Cell(_stretch_said(it), rows), number(count, rows)]
        if then is not None:
            back = seen.within.first - seen.within.before().first
            earlier = replace(it, first=it.first - back, last=it.last - back)
            line.append(number(then, rows_at(earlier) if then else None))
        lines.append(line)
    foot = [Cell("Jumlah"), number(seen.total.messages, rows_at(seen.within))]
    foot += [number(seen.before.complaints)] if seen.before else []
    codes = [it.first.isoformat() if it.first == it.last else f"{it.first}/{it.last}" for it in stretches]
    return Table(headings, lines, foot, codes=codes)
