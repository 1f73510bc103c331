"""The hours of a week as a field of numbers: the darker, the more; the number stands in every cell."""

from collections.abc import Sequence

from markupsafe import Markup

from desk.pictures.drawing import frame, linked_to, tag
from desk.pictures.item import Item
from desk.pictures.numbers import short

DAYS = ("Sen", "Sel", "Rab", "Kam", "Jum", "Sab", "Min")
HEAD, ROW, MARGIN, LEVELS = 22, 23, 9.0, 5


def heat(name: str, title: str, told: str, cells: Sequence[Sequence[Item]]) -> Markup:
    """Draw 24 rows of seven cells: hours go down, weekdays across."""
    most = max((item.value for row in cells for item in row), default=0)
    wide = (100 - MARGIN) / len(DAYS)
    drawn = [
        tag("text", day, class_="nama", x=f"{MARGIN + (index + 0.5) * wide:.2f}%", y=14, text_anchor="middle")
        for index, day in enumerate(DAYS)
    ]
    for hour, row in enumerate(cells):
        y = HEAD + hour * ROW
        drawn.append(tag("text", f"{hour:02d}", class_="nama", x="0", y=y + 16))
        drawn += [_cell(item, MARGIN + day * wide, y, wide, most) for day, item in enumerate(row)]
    linked = any(item.href for row in cells for item in row)
    return frame(name, "panas", title, told, HEAD + len(cells) * ROW + 2, *drawn, linked=linked)


def level_of(value: int, most: int) -> int:
    """Return how dark a cell is: 0 for nothing, 5 for the most."""
    return min(LEVELS, 1 + value * LEVELS // most) if value and most else 0


def _cell(item: Item, x: float, y: float, wide: float, most: int) -> Markup:
    level = level_of(item.value, most)
    top = " puncak" if item.value and item.value == most else ""
    across, down = f"{x + 0.25:.2f}%", y + 1.0
    cell = tag(
        "rect", class_=f"sel sel-{level}{top}", rx=3, x=across, y=down, width=f"{wide - 0.5:.2f}%", height=ROW - 2
    )
    number = tag(
        "text", short(item.value), class_=f"isi-{level}", x=f"{x + wide / 2:.2f}%", y=y + 16, text_anchor="middle"
    )
    return linked_to(
        item.href if item.value else None,
        item.spoken,
        cell,
        number if item.value else Markup(""),
        stop=False,
    )
