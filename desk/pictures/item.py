"""What pictures show: things with a count, days with a count, moments that explain them."""

from dataclasses import dataclass
from math import floor, log10


@dataclass(frozen=True)
class Item:
    """One bar, column or cell."""

    label: str
    value: int
    spoken: str
    """The whole of it in words: Gagal bayar: 812 pesan."""
    href: str | None = None
    expected: float | None = None
    """What there was before, in as much time."""
    note: str = ""
    """A few words beside the name: ▲ naik jelas."""
    delta: str = ""
    """How much it changed, beside the number: +238 %."""
    tone: str = ""
    """`up` or `down` where a change is sure, for its colour; the note says the same in words."""
    tick: str = ""
    """What stands under a column, at most two words; empty where there is no room."""
    unfinished: bool = False
    """Its time is not over: drawn hatched."""


@dataclass(frozen=True)
class Pin:
    """Something that happened, on a picture by day: a number that a list below explains."""

    number: int
    first: int
    """The column it begins at."""
    last: int
    spoken: str
    kind: str = ""


def top_of(most: float) -> float:
    """Return the round number a scale ends at: 1, 2, 2.5 or 5 times a power of ten."""
    if most <= 1:
        return 1.0
    power = 10.0 ** floor(log10(most))
    return next(step * power for step in (1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10) if step * power >= most)


def cut(label: str, most: int) -> str:
    """Return a label short enough for its place."""
    return label if len(label) <= most else label[: most - 1].rstrip() + "…"
