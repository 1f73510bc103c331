"""Columns that stand in time: the days of a range, a line of how it was before, and pins for what happened."""

from collections.abc import Sequence

from markupsafe import Markup

from desk.pictures.drawing import frame, hatching, linked_to, points, stretched, tag
from desk.pictures.item import Item, Pin, top_of
from desk.pictures.numbers import short

TOP, HEIGHT, FOOT, PIN_ROW = 22, 160, 38, 20
WIDTH, GAP = 0.76, 0.12
PIN_WIDE = 6.5
"""Of a hundred: so wide is a pin on a phone."""
NUMBERS_UP_TO = 10
STOPS_UP_TO = 31


def columns(name: str, title: str, told: str, items: Sequence[Item], pins: Sequence[Pin] = ()) -> Markup:
    """Draw one column an item, in order."""
    rows = _pin_rows(pins, len(items))
    top = TOP + PIN_ROW * (max(rows, default=-1) + 1)
    high = top_of(max((max(item.value, item.expected or 0) for item in items), default=0))
    slot, scale = 100 / max(1, len(items)), HEIGHT / high
    drawn = [
        hatching(name),
        *(_band(pin, slot, top) for pin in pins),
        *_grid(high, top),
        *_columns(name, items, slot, scale, top),
        _before(items, slot, scale, top),
        *(_pin(pin, row, slot, top) for pin, row in zip(pins, rows, strict=True)),
    ]
    linked = any(item.href for item in items)
    return frame(name, "days", title, told, top + HEIGHT + FOOT, *drawn, linked=linked)


def _columns(name: str, items: Sequence[Item], slot: float, scale: float, top: float) -> list[Markup]:
    highest = max(range(len(items)), key=lambda index: items[index].value, default=0)
    drawn = []
    for index, item in enumerate(items):
        x, tall = index * slot, item.value * scale
        middle = f"{x + slot / 2:.3f}%"
        y = top + HEIGHT - tall
        look = {"fill": f"url(#{name}-arsir)", "class_": "arsiran"} if item.unfinished else {"class_": "batang"}
        wide = f"{slot * WIDTH:.3f}%"
        parts = [
            tag("rect", class_="sentuh", x=f"{x:.3f}%", y=top, width=f"{slot:.3f}%", height=HEIGHT + FOOT),
            tag("rect", x=f"{x + slot * GAP:.3f}%", y=y, width=wide, height=tall, rx=2, **look),
        ]
        for line, word in enumerate(item.tick.split()[:2]):
            place = top + HEIGHT + 16 + 14 * line
            parts.append(tag("text", f"{word} ", class_="nama", x=middle, y=place, text_anchor="middle"))
        if item.value and (len(items) <= NUMBERS_UP_TO or index == highest):
            anchor = "start" if x < 4 else "end" if x + slot > 96 else "middle"
            anchor = "middle" if len(items) <= NUMBERS_UP_TO else anchor
            parts.append(tag("text", short(item.value), class_="angka", x=middle, y=y - 5, text_anchor=anchor))
        drawn.append(linked_to(item.href, item.spoken, *parts, stop=len(items) <= STOPS_UP_TO))
    return drawn


def _before(items: Sequence[Item], slot: float, scale: float, top: float) -> Markup:
    places = [
        (index * slot + slot / 2, HEIGHT - item.expected * scale)
        for index, item in enumerate(items)
        if item.expected is not None
    ]
    if not places:
        return Markup("")
    if len(places) == 1:
        places = [(places[0][0] - slot / 2, places[0][1]), (places[0][0] + slot / 2, places[0][1])]
    return stretched(float(HEIGHT), top, tag("polyline", class_="garis-dulu", points=points(places)))


def _grid(high: float, top: float) -> list[Markup]:
    drawn = []
    for part in (0.0, 0.5, 1.0):
        y = top + HEIGHT * (1 - part) + 0.5
        drawn.append(tag("line", class_="alas" if part == 0 else "kisi", x1="0", x2="100%", y1=y, y2=y))
        if part and (high * part).is_integer():
            drawn.append(tag("text", short(high * part), class_="skala", x="0", y=y - 3))
    return drawn


def _pin_rows(pins: Sequence[Pin], columns: int) -> list[int]:
    """The line each pin stands on, so that neighbours do not cover each other on a narrow screen."""
    rows: list[int] = []
    for index, pin in enumerate(pins):
        near = {rows[other] for other in range(index) if abs(pins[other].first - pin.first) * 100 < PIN_WIDE * columns}
        rows.append(next(row for row in range(len(pins) + 1) if row not in near))
    return rows


def _band(pin: Pin, slot: float, top: float) -> Markup:
    x, wide = f"{pin.first * slot:.3f}%", f"{(pin.last - pin.first + 1) * slot:.3f}%"
    return tag("rect", class_=f"pita-hari {pin.kind}", x=x, y=top, width=wide, height=HEIGHT)


def _pin(pin: Pin, row: int, slot: float, top: float) -> Markup:
    x = f"{min(97.5, max(2.5, pin.first * slot + slot / 2)):.3f}%"
    y = 10 + row * PIN_ROW
    return tag(
        "g",
        tag("title", pin.spoken),
        tag("line", class_="tangkai", x1=x, x2=x, y1=y + 9, y2=top + HEIGHT),
        tag("circle", class_=f"tanda {pin.kind}", cx=x, cy=y, r=9),
        tag("text", str(pin.number), class_="nomor-tanda", x=x, y=y + 4, text_anchor="middle"),
    )
