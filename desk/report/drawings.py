"""The two pictures of the page, drawn in fixed units with their own colours: paper has no style sheet and no width.

Nothing is told by colour alone: this week is full and the week before an outline; the darkest hour has its number.
"""

from collections.abc import Sequence

from markupsafe import Markup

from desk.pages.trends.words import SHORT_WEEKDAYS
from desk.pictures.drawing import tag
from desk.pictures.heat import level_of
from desk.pictures.item import top_of
from desk.pictures.numbers import short
from desk.report.hidden import Few
from trends.heat import Cell
from trends.weekly.figures import Day

INK, QUIET, LINE = "#2a2420", "#5d5248", "#d6c8b6"
NOW, THEN, PIN = "#9c3f1d", "#8a7f73", "#1f4e79"
SHADES = ("#f5f0e8", "#f3d9c3", "#e6b08a", "#cf7f55", "#a84e2a", "#7a2f14")
FONT = "Libertinus Serif, system-ui, sans-serif"
WIDE, HIGH, TOP, FOOT = 430.0, 132.0, 30.0, 30.0
HOURS_WIDE, ROW = 300.0, 18.0
HEAD, MARGIN = 16.0, 26.0


def days(title: str, told: str, days: Sequence[Day], said: dict[str, str], pins: Sequence[tuple[int, int]]) -> str:
    """Draw a pair of columns a day: this week's with its number, and the outline of the week before.

    `said` holds the number of every day as it may be shown; `pins` are (day, number).
    """
    high = top_of(max((max(day.now, day.before or 0) for day in days), default=0))
    slot, scale = WIDE / max(1, len(days)), HIGH / high
    drawn = [tag("line", x1=0.0, x2=WIDE, y1=TOP + HIGH + 0.5, y2=TOP + HIGH + 0.5, stroke=INK)]
    for index, day in enumerate(days):
        x, tall = index * slot, day.now * scale
        if day.before:
            then = day.before * scale
            place = {"x": x + slot * 0.14, "y": TOP + HIGH - then, "width": slot * 0.3, "height": then}
            drawn.append(tag("rect", **place, fill="none", stroke=THEN, stroke_dasharray="3 2"))
        drawn.append(
            tag(
                "rect",
                x=x + slot * 0.46,
                y=TOP + HIGH - tall,
                width=slot * 0.38,
                height=tall,
                fill=NOW if day.come else LINE,
            )
        )
        drawn.append(_word(said[str(day.day)], x + slot * 0.65, TOP + HIGH - tall - 4, INK, 11))
        drawn.append(
            _word(f"{SHORT_WEEKDAYS[day.day.weekday()]} {day.day.day}", x + slot / 2, TOP + HIGH + 15, QUIET, 11)
        )
    drawn += [_pin(index * slot + slot * 0.29 + 16 * line, number) for index, number, line in _apart(pins)]
    return _framed(WIDE, TOP + HIGH + FOOT - 10, title, told, drawn)


def hours(title: str, told: str, cells: Sequence[Cell], few: Few) -> str:
    """Draw the hours of the week as a field, weekdays down and hours across: the darker, the more."""
    most = max((cell.messages for cell in cells), default=0)
    wide = (HOURS_WIDE - MARGIN) / 24
    drawn = [
        *(_word(f"{hour:02}", MARGIN + (hour + 0.5) * wide, 11, QUIET, 10) for hour in range(0, 24, 3)),
        *(_word(day, 0, HEAD + index * ROW + 13, QUIET, 11, "start") for index, day in enumerate(SHORT_WEEKDAYS)),
    ]
    for cell in cells:
        shown = 0 if few.hides(cell.messages) else cell.messages
        x, y = MARGIN + cell.hour * wide, HEAD + cell.weekday * ROW
        level = level_of(shown, most)
        drawn.append(tag("rect", x=x + 0.5, y=y + 0.5, width=wide - 1, height=ROW - 1, fill=SHADES[level]))
        if shown and shown == most:
            drawn.append(_word(short(shown), x + wide / 2, y + 12.5, "#ffffff", 8 if shown > 99 else 9))
    return _framed(HOURS_WIDE, HEAD + 7 * ROW + 2, title, told, drawn)


def _apart(pins: Sequence[tuple[int, int]]) -> list[tuple[int, int, int]]:
    """Pins of one day stand beside each other."""
    return [(day, number, sum(other == day for other, _ in pins[:place])) for place, (day, number) in enumerate(pins)]


def _pin(x: float, number: int) -> Markup:
    ring = tag("circle", cx=x, cy=9.0, r=7.5, fill=PIN)
    return tag("g", ring, _word(str(number), x, 13, "#ffffff", 11))


def _word(said: str, x: float, y: float, colour: str, size: int, anchor: str = "middle") -> Markup:
    return tag("text", said, x=x, y=y, fill=colour, font_size=size, text_anchor=anchor, font_family=FONT)


def _framed(wide: float, high: float, title: str, told: str, drawn: Sequence[Markup]) -> str:
    # what the picture tells stands as its label: a title element would be one more thing to hover over on paper
    return str(
        tag(
            "svg",
            *drawn,
            viewBox=f"0 0 {wide:g} {high:g}",
            width=f"{wide:g}",
            height=f"{high:g}",
            role="img",
            aria_label=f"{title}. {told}",
            xmlns="http://www.w3.org/2000/svg",
        )
    )
