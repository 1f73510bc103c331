"""Words of the trends pages: days, ranges, and how surely something changed."""

from datetime import date

from desk.wording import MONTHS
from trends.compare import Change

WEEKDAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
SHORT_WEEKDAYS = ("Sen", "Sel", "Rab", "Kam", "Jum", "Sab", "Min")
UNKNOWN = "tidak diketahui"


def day_said(day: date) -> str:
    """Return a day in words: 24 Agu 2020."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def short_day(day: date) -> str:
    """Return a day as it stands under a column: 24 Agu."""
    return f"{day.day} {MONTHS[day.month - 1]}"


def span(first: date, last: date) -> str:
    """Return a range of days in words: 18–24 Agu 2020."""
    if first == last:
        return day_said(first)
    start = str(first.day)
    if (first.month, first.year) != (last.month, last.year):
        start += f" {MONTHS[first.month - 1]}"
    if first.year != last.year:
        start += f" {first.year}"
    dash = " – " if " " in start else "–"
    return f"{start}{dash}{day_said(last)}"


def length_said(days: int) -> str:
    """Return what the range before is called: 7 hari sebelumnya."""
    return "hari sebelumnya" if days == 1 else f"{days} hari sebelumnya"


def surely(change: Change) -> str:
    """Return how surely it changed: naik jelas, mungkin turun, tidak jelas."""
    way = "naik" if change.up else "turun"
    return {"clear": f"{way} jelas", "maybe": f"mungkin {way}", "no": "tidak jelas"}[change.sure]


def arrow(change: Change) -> str:
    """Return the sign before those words: filled where it is clear, open where it may be, none where it is not."""
    return {"clear": "▲" if change.up else "▼", "maybe": "△" if change.up else "▽", "no": ""}[change.sure]


def tone(change: Change) -> str:
    """Return the class that colours them."""
    return "" if change.sure == "no" else "up" if change.up else "down"


def chance_said(chance: float) -> str:
    """Return a chance as tables show it: < 0,001."""
    return "< 0,001" if chance < 0.001 else f"{chance:.3f}".replace(".", ",")
