"""Pictures of figures: where each bar stands, worked out here so that the page needs no script and no inline style.

Lengths across are per cent, so one picture fits a phone and a wide screen while its words keep their size.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from desk.wording import MONTHS
from records.clock import wib
from trends.bars import Bar

ROW_HEIGHT, ROW_BAR, WIDEST = 42, 14, 84.0
DAY_HEIGHT, DAY_TOP, DAY_FOOT, LABELS = 150, 20, 38, 10
NUMBERS_UP_TO = 14
HOURS_A_TICK = 6


@dataclass(frozen=True)
class Shape:
    """One bar: where it is, what it says, and the rows it opens."""

    label: str
    value: int
    href: str
    spoken: str
    x: float
    y: float
    width: float
    height: float
    tick: str
    """What stands beside or under it; empty where there is no room."""
    number: str


@dataclass(frozen=True)
class Picture:
    """A bar chart ready to be drawn."""

    kind: str
    """rows (bars lie, one under the other) or days (bars stand)."""
    title: str
    description: str
    height: int
    shapes: list[Shape]


def lying(title: str, bars: list[Bar], label: Callable[[str], str], href: Callable[[str], str]) -> Picture:
    """Draw bars one under the other, for things with names."""
    most = max((bar.messages for bar in bars), default=0) or 1
    shapes = [
        Shape(
            label=label(bar.key),
            value=bar.messages,
            href=href(bar.key),
            spoken=f"{label(bar.key)}: {bar.messages} pesan",
            x=0,
            y=index * ROW_HEIGHT + 20,
            width=round(WIDEST * bar.messages / most, 2),
            height=ROW_BAR,
            tick=label(bar.key),
            number=str(bar.messages),
        )
        for index, bar in enumerate(bars)
    ]
    return Picture("rows", title, _told(shapes), len(bars) * ROW_HEIGHT + 4, shapes)


def standing(title: str, bars: list[Bar], href: Callable[[str], str]) -> Picture:
    """Draw one bar a day."""
    most = max((bar.messages for bar in bars), default=0) or 1
    step, slot = -(-len(bars) // LABELS) or 1, 100 / max(1, len(bars))
    shapes = []
    for index, bar in enumerate(bars):
        tall = round(DAY_HEIGHT * bar.messages / most, 2)
        name = short_day(bar.key)
        shapes.append(
            Shape(
                label=name,
                value=bar.messages,
                href=href(bar.key),
                spoken=f"{name}: {bar.messages} pesan",
                x=round(index * slot + slot * 0.14, 3),
                y=round(DAY_TOP + DAY_HEIGHT - tall, 2),
                width=round(slot * 0.72, 3),
                height=tall,
                tick=name if (len(bars) - 1 - index) % step == 0 else "",
                number=str(bar.messages) if len(bars) <= NUMBERS_UP_TO else "",
            )
        )
    return Picture("days", title, _told(shapes), DAY_TOP + DAY_HEIGHT + DAY_FOOT, shapes)


def by_hour(title: str, hours: list[tuple[datetime, int]], href: Callable[[datetime], str]) -> Picture:
    """Draw one bar an hour, counting failures; only the highest has its number on it, for there is no room for more."""
    most, slot = max((count for _, count in hours), default=0) or 1, 100 / max(1, len(hours))
    highest = max(range(len(hours)), key=lambda index: hours[index][1], default=0)
    shapes = []
    for index, (at, count) in enumerate(hours):
        tall = round(DAY_HEIGHT * count / most, 2)
        local = wib(at)
        name = f"{local:%H.%M} {local.day} {MONTHS[local.month - 1]}"
        shapes.append(
            Shape(
                label=name,
                value=count,
                href=href(at),
                spoken=f"{name}: {count} kegagalan",
                x=round(index * slot + slot * 0.14, 3),
                y=round(DAY_TOP + DAY_HEIGHT - tall, 2),
                width=round(slot * 0.72, 3),
                height=tall,
                tick=f"{local:%H.%M} {local.day}/{local.month}" if (len(hours) - 1 - index) % HOURS_A_TICK == 0 else "",
                number=str(count) if index == highest else "",
            )
        )
    total = sum(count for _, count in hours)
    told = f"{total} kegagalan dalam {len(hours)} jam."
    return Picture("days", title, told, DAY_TOP + DAY_HEIGHT + DAY_FOOT, shapes)


def short_day(key: str) -> str:
    """Return a day as it stands under a bar: 24 Agu."""
    day = date.fromisoformat(key)
    return f"{day.day} {MONTHS[day.month - 1]}"


def _told(shapes: list[Shape]) -> str:
    """The picture in words, for who cannot see it."""
    if not any(shape.value for shape in shapes):
        return "Tidak ada keluhan pada rentang ini."
    total = sum(shape.value for shape in shapes)
    best = max(shapes, key=lambda shape: shape.value)
    return f"{total} pesan dalam {len(shapes)} batang; terbanyak {best.label} dengan {best.value} pesan."
