"""What a picture says, in one sentence made from its numbers: what changed most surely, else what is most."""

from collections.abc import Mapping, Sequence
from datetime import date
from statistics import median

from desk.pages.trends.seen import Seen
from desk.pages.trends.words import SHORT_WEEKDAYS, WEEKDAYS, length_said, short_day, surely
from desk.pictures.numbers import per_cent, whole
from trends.bars import Bar
from trends.compare import Change, movers
from trends.heat import Cell
from trends.within import NONE

NOTHING = "Tidak ada keluhan pada rentang ini."
WORTH_TELLING = 1.5
"""A day is told to stand out from so many usual days on."""
ALL_OF = {
    "intent": "jenis keluhan",
    "platform": "platform",
    "channel": "kanal",
    "institution": "lembaga",
    "partner": "mitra",
    "wave": "gelombang",
    "province": "provinsi",
}
KNOWN = {
    "institution": "lembaga pelatihannya",
    "partner": "mitra pembayarannya",
    "wave": "gelombang pesertanya",
    "province": "provinsi pesertanya",
    "platform": "platformnya",
}


def lead(seen: Seen) -> str:
    """Return what the whole page says."""
    days = len(seen.within.days)
    total = (
        f"{whole(seen.total.messages)} keluhan dalam {days} hari"
        if days > 1
        else (f"{whole(seen.total.messages)} keluhan")
    )
    if "complaints" not in seen.tiles:
        return f"{total}. {seen.unknown}" if seen.unknown else f"{total}."
    change = seen.tiles["complaints"]
    if change.sure == "no":
        return f"{total}, tidak jelas berbeda dari {_before(change, days)}."
    return f"{total}: {surely(change)} dari {_before(change, days)}."


def part_told(by: str, bars: Sequence[Bar], changes: Mapping[str, Change], seen: Seen) -> str:
    """Return what the bars of a dimension say."""
    named = [bar for bar in bars if bar.key != NONE and bar.messages]
    if not bars or not seen.total.messages:
        return NOTHING
    if not named:
        return f"Tidak diketahui: tidak ada keluhan yang {KNOWN.get(by, 'rinciannya')} diketahui."
    known = {key: change for key, change in changes.items() if key != NONE}
    moved = sorted(
        (*movers(known, up=True), *movers(known, up=False)),
        key=lambda key: (not seen.own(by, key), known[key].sure != "clear", -abs(known[key].difference), key),
    )
    most = f"{seen.names(by, named[0].key)}"
    told = f"{whole(named[0].messages)} keluhan ({per_cent(named[0].messages / seen.total.messages)})"
    if moved and (len(named) == 1 or seen.own(by, moved[0])):
        return changed(seen.names(by, moved[0]), known[moved[0]], len(seen.within.days))
    if moved:
        way = "Naik" if known[moved[0]].up else "Turun"
        return f"{way} merata di semua {ALL_OF[by]}; terbanyak {most}: {told}."
    return f"{most} terbanyak: {told}; tidak ada perubahan yang jelas." if changes else f"{most} terbanyak: {told}."


def changed(name: str, change: Change, days: int) -> str:
    """Return one change: Gagal bayar naik jelas: 812, 7 hari sebelumnya 240."""
    now, before = whole(change.now), whole(change.before)
    if round(change.expected) == change.before:
        return f"{name} {surely(change)}: {now}, {length_said(days)} {before}."
    return (
        f"{name} {surely(change)}: {now} sejauh ini, {length_said(days)} {before} (sepadan {whole(change.expected)})."
    )


def days_told(seen: Seen) -> str:
    """Return which day stands out, and what happened on it."""
    counts = {day: seen.found.days[day] for day in seen.within.days}
    if not any(counts.values()):
        return NOTHING
    top = max(counts, key=lambda day: (counts[day], day))
    if len(counts) == 1:
        return f"{whole(counts[top])} keluhan pada {_weekday(top)} {short_day(top)}."
    told = f"Paling ramai {_weekday(top)} {short_day(top)}: {whole(counts[top])} keluhan"
    over = [count for day, count in seen.days.items() if day < seen.today]
    usual = median(over) if over else 0
    if usual and counts[top] >= WORTH_TELLING * usual:
        times = f"{counts[top] / usual:.1f}".replace(".", ",").removesuffix(",0")
        told += f", {times} kali hari biasa"
    then = [mark.label for mark in seen.marks if mark.kind == "incident" and mark.day <= top <= mark.until]
    return f"{told}; saat itu berlangsung: {then[0]}." if then else f"{told}."


def hours_told(cells: Sequence[Cell]) -> str:
    """Return the fullest hour, and within which hours half of all complaints come."""
    total = sum(cell.messages for cell in cells)
    if not total:
        return NOTHING
    top = max(cells, key=lambda cell: (cell.messages, -cell.weekday, -cell.hour))
    hours = [sum(cell.messages for cell in cells if cell.hour == hour) for hour in range(24)]
    first, last = _half_of(hours)
    told = (
        f"Paling ramai {WEEKDAYS[top.weekday]} pukul {top.hour:02d}–{top.hour + 1:02d}: {whole(top.messages)} keluhan"
    )
    return f"{told}. Separuh keluhan datang antara pukul {first:02d} dan {last:02d}."


def _half_of(hours: Sequence[int]) -> tuple[int, int]:
    """The shortest stretch of the day that holds half of all, the fullest of those as short."""
    total = sum(hours)
    stretches = [
        (last - first, -sum(hours[first:last]), first, last)
        for first in range(24)
        for last in range(first + 1, 25)
        if 2 * sum(hours[first:last]) >= total
    ]
    _, _, first, last = min(stretches)
    return first, last


def _before(change: Change, days: int) -> str:
    told = f"{length_said(days)} ({whole(change.before)}"
    return f"{told})" if round(change.expected) == change.before else f"{told}, sepadan {whole(change.expected)})"


def _weekday(day: date) -> str:
    return SHORT_WEEKDAYS[day.weekday()]
