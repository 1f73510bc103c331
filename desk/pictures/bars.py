"""Bars that lie one under the other, for things with names: each with its number, what was before, and what changed."""

from collections.abc import Sequence

from markupsafe import Markup

from desk.pictures.drawing import frame, linked_to, tag
from desk.pictures.item import Item, cut
from desk.pictures.numbers import whole

ROW, BAR, ABOVE, WIDEST = 44, 14, 21, 66.0
LONGEST_LABEL = 29


def bars(name: str, title: str, told: str, items: Sequence[Item]) -> Markup:
    """Draw one bar an item; a thin mark on it shows what there was before."""
    most = max((max(item.value, item.expected or 0) for item in items), default=0) or 1
    rows = [_row(item, index * ROW, WIDEST / most) for index, item in enumerate(items)]
    linked = any(item.href for item in items)
    return frame(name, "rows", title, told, len(items) * ROW + 2, *rows, linked=linked)


def _row(item: Item, top: float, scale: float) -> Markup:
    wide = item.value * scale
    y = top + ABOVE
    parts = [
        tag("rect", class_="sentuh", x="0", y=top, width="100%", height=ROW - 2),
        tag("text", cut(item.label, LONGEST_LABEL), class_="nama", x="0", y=y - 6),
        tag("rect", class_="batang", x="0", y=y, width=f"{wide:.2f}%", height=BAR, rx=3),
    ]
    if item.expected is not None:
        x = f"{item.expected * scale:.2f}%"
        parts.append(tag("line", class_="dulu", x1=x, x2=x, y1=y - 3, y2=y + BAR + 3))
    ahead = max(wide, (item.expected or 0) * scale)
    delta = tag("tspan", f" {item.delta}", class_=f"ubah {item.tone}".strip()) if item.delta else Markup("")
    parts.append(tag("text", whole(item.value), delta, class_="angka", x=f"{ahead:.2f}%", dx=7, y=y + 12))
    if item.note:
        parts.append(tag("text", item.note, class_=f"ubah {item.tone}".strip(), x="100%", y=y - 6, text_anchor="end"))
    return linked_to(item.href, item.spoken, *parts)
