"""Lines that run in time: one a series, told apart by their stroke and by their name at the end, gaps left open."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from desk.pictures.drawing import frame, linked_to, points, stretched, tag
from desk.pictures.item import top_of
from desk.pictures.numbers import short

TOP, HEIGHT, FOOT, LEGEND = 26, 160, 38, 22


@dataclass(frozen=True)
class Series:
    """One line: its name and its values; None where a value cannot be known."""

    name: str
    values: Sequence[float | None]
    hrefs: Sequence[str | None] = ()


def lines(
    name: str,
    title: str,
    told: str,
    labels: Sequence[str],
    series: Sequence[Series],
    said: Callable[[float], str] = short,
    *,
    ticks: Sequence[str] = (),
) -> Markup:
    """Draw up to four series over the same moments; `said` writes a value."""
    known = [value for each in series for value in each.values if value is not None]
    high = top_of(max(known, default=0))
    slot, scale = 100 / max(1, len(labels)), HEIGHT / high
    drawn = [*_legend(series), *_grid(high, said)]
    for number, each in enumerate(series):
        drawn.append(stretched(float(HEIGHT), TOP + LEGEND, *_strokes(each, number, slot, scale)))
        drawn += _dots(each, number, labels, slot, scale, said)
    for index, tick in enumerate(ticks):
        for line, word in enumerate(tick.split()[:2]):
            x, y = f"{index * slot + slot / 2:.3f}%", TOP + LEGEND + HEIGHT + 16 + 14 * line
            drawn.append(tag("text", f"{word} ", class_="nama", x=x, y=y, text_anchor="middle"))
    linked = any(any(each.hrefs) for each in series)
    return frame(name, "days runs", title, told, TOP + LEGEND + HEIGHT + FOOT, *drawn, linked=linked)


def _strokes(each: Series, number: int, slot: float, scale: float) -> list[Markup]:
    runs: list[list[tuple[float, float]]] = [[]]
    for index, value in enumerate(each.values):
        if value is None:
            runs.append([])
        else:
            runs[-1].append((index * slot + slot / 2, HEIGHT - value * scale))
    return [tag("polyline", class_=f"garis garis-{number}", points=points(run)) for run in runs if len(run) > 1]


def _dots(
    each: Series, number: int, labels: Sequence[str], slot: float, scale: float, said: Callable[[float], str]
) -> list[Markup]:
    drawn = []
    for index, value in enumerate(each.values):
        if value is None:
            continue
        x, y = f"{index * slot + slot / 2:.3f}%", TOP + LEGEND + HEIGHT - value * scale
        dot = tag("circle", class_=f"titik-garis garis-{number}", cx=x, cy=y, r=3 if len(each.values) <= 31 else 1.5)
        href = each.hrefs[index] if each.hrefs else None
        drawn.append(linked_to(href, f"{each.name}, {labels[index]}: {said(value)}", dot, stop=len(labels) <= 31))
    return drawn


def _legend(series: Sequence[Series]) -> list[Markup]:
    drawn = []
    for number, each in enumerate(series):
        x = number * 100 / max(1, len(series))
        key = tag("line", class_=f"garis garis-{number}", x1="0", x2="24", y1="10", y2="10")
        drawn.append(tag("svg", key, tag("text", each.name, class_="nama", x=30, y=14), x=f"{x:.2f}%", y=0, height=20))
    return drawn


def _grid(high: float, said: Callable[[float], str]) -> list[Markup]:
    drawn = []
    for part in (0.0, 0.5, 1.0):
        y = TOP + LEGEND + HEIGHT * (1 - part) + 0.5
        drawn.append(tag("line", class_="alas" if part == 0 else "kisi", x1="0", x2="100%", y1=y, y2=y))
        if part:
            drawn.append(tag("text", said(high * part), class_="skala", x="0", y=y - 3))
    return drawn
